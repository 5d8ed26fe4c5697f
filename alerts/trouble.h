// A word to whoever runs vigie: an endpoint does not take messages, a source is silent, the store cannot be written, and
// that it is over. A document of its own, told like any other.

#pragma once

#include <cstdint>
#include <optional>
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
  std::string reason;              // what it said last, in its own words; "" where the kind of trouble says it all
  Time since{}, now{};             // since: of a gap on call also in the future
  std::int64_t seq = 0;
  std::string about = "endpoint";  // endpoint lost source store outbox timers duty; `endpoint` is then the id of that
  std::optional<Time> until{};     // duty: when somebody is on call again, where that is known
  bool over = false;               // it was so from `since` to `now`
};

// JSON: version 1 · purpose "trouble" · seq · time · about · over · endpoint {id, kind, disabled, since, until, reason}.
std::string make_trouble(const Trouble& trouble);
bool is_trouble(const json::Value& document);
Result<Story> tell_trouble(const json::Value& document, const Audience& audience);

}  // namespace vigie
