// A word to whoever runs vigie: an endpoint does not take messages, a source is silent, the store cannot be written. A
// document of its own, told like any other.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "alerts/story.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace vigie {

struct Trouble {
  std::string endpoint, kind;
  bool disabled = false;           // nothing is tried until a person acts
  std::string reason;              // what it said last
  Time since{}, now{};
  std::int64_t seq = 0;
  std::string about = "endpoint";  // endpoint source store outbox timers duty; `endpoint` is then the id of that
};

// JSON: version 1 · purpose "trouble" · seq · time · about · endpoint {id, kind, disabled, since, reason}.
std::string make_trouble(const Trouble& trouble);
bool is_trouble(const json::Value& document);
Result<Story> tell_trouble(const json::Value& document, const Audience& audience);

}  // namespace vigie
