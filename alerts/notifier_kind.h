// What one file of notifiers/ gives to the registry.

#pragma once

#include <memory>
#include <string_view>

#include "alerts/notifier.h"

namespace vigie {

struct NotifierKind {
  std::string_view name;  // of the configuration's `kind`
  std::unique_ptr<Notifier> (*make)(const NotifierContext& context);
  ChannelTraits traits{};
};

// `text` with every occurrence of a secret taken out: what a remote answers may repeat what it was sent.
std::string without_secrets(std::string text, const std::vector<std::string_view>& secrets);

}  // namespace vigie
