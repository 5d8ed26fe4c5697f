// The life of an incident as a pure rule (ALERTS.md 3.2, DESIGN.md section 2): no clock, no I/O.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/settings.h"
#include "model/incident.h"
#include "model/notification.h"
#include "model/signal.h"

namespace vigie {

struct Event {
  enum class Kind { signal, ack, unack, resolve, timer };
  Kind kind = Kind::timer;
  Signal signal;  // with kind signal
  std::string actor, reason;
};

struct Policy {
  Duration hold = minutes(15);  // clear must last this long
  Duration reopen = hours(6);   // a raise within this after the end reopens
};

// Something a person must be told; app turns it into notifications by route.
struct Owed {
  std::string purpose;   // first worse resolved reopened acked
  std::int64_t seq = 0;  // transition that owes it
  std::string reason;    // worse: what changed, for DocumentInput: "theme:delivery", "severity:warning"
};

struct Outcome {
  std::optional<Incident> incident;     // nothing: the event opened nothing
  std::vector<Transition> transitions;  // new ones
  std::vector<Owed> owed;
};

// A person who resolves with this reason says that the signal was wrong: only a graver one reopens it.
inline constexpr std::string_view kFalsePositive = "false_positive";
inline constexpr std::string_view kHandled = "handled";  // a person resolved it and gave no reason

// `current`: the newest incident of the brand and kind while it is not closed; a resolved one counts, for a raise may
// reopen it. The same signal twice changes nothing. A timer event is due before any other event of the same instant.
Outcome apply(const std::optional<Incident>& current, const Event& event, const Policy& policy, Time now);

// The state that a history folds to; used to check that row and history agree. Stops at the first link that does not
// fit (a number left out, a state that the one before did not lead to), so that a broken history cannot agree by luck.
IncidentState fold(const std::vector<Transition>& history);

}  // namespace vigie
