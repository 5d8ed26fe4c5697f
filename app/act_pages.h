// The pages behind the links in messages: /a/{token} to act on an incident, /u/{token} to unsubscribe. Opening one
// shows what would happen; the button there does it.

#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "alerts/links.h"
#include "base/clock.h"
#include "base/http_server.h"
#include "base/wording.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

using OpenStore = std::function<Result<std::unique_ptr<Store>>()>;

class ActPages {
 public:
  // `acted`: called when something waits for the watch.
  ActPages(const Settings& settings, OpenStore open, Links links, const Clock& clock, std::function<void()> acted)
      : settings_(settings),
        open_(std::move(open)),
        links_(std::move(links)),
        clock_(clock),
        acted_(std::move(acted)) {}

  // Nothing when the path is none of ours. Called on several threads.
  std::optional<ServerReply> answer(const ServerRequest& request) const;

 private:
  struct Seen;  // what a page says
  Result<ActionLink> link_of(std::string_view token) const;
  ServerReply act_page(const ServerRequest& request, std::string_view token) const;
  ServerReply unsubscribe_page(const ServerRequest& request, std::string_view token) const;
  Result<ServerReply> show(const ServerRequest& request, const ActionLink& link, Store& store) const;
  Result<void> carry_out(const ActionLink& link, Store& store) const;
  Result<void> silence(const ActionLink& link, const Incident& incident, Store& store) const;
  Time mute_until(const ActionLink& link) const;
  Result<Wording> wording(const ServerRequest& request, const ActionLink& link) const;
  ServerReply page(const ServerRequest& request, int status, const ActionLink& link, std::string_view title,
                   const Seen& seen) const;

  const Settings& settings_;
  const OpenStore open_;
  const Links links_;
  const Clock& clock_;
  const std::function<void()> acted_;
};

}  // namespace vigie
