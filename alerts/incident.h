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
  enum class Kind { signal, ack, unack, assign, note, resolve, merge, split, gap, timer };
  Kind kind = Kind::timer;
  Signal signal;  // with kind signal
  std::string actor, reason;
  std::string value{};  // assign: person; merge: id of the incident that tells its story from now on
};

// Something people must be told; dispatch() turns it into messages.
struct Owed {
  // first worse resolved reopened acked escalate repeat blind assigned merged
  std::string purpose;
  std::int64_t seq = 0;  // transition that owes it
  // worse: what changed: "theme:delivery", "theme:delivery,support", "severity:warning", "reach:12000", "unstable";
  // escalate: "step", "unack", "expired"
  std::string reason;
  std::vector<std::string> to{};          // escalate, repeat and assigned: whom beside those who were told already
  std::optional<double> told_observed{};  // the count that the message before this one told
};

struct Outcome {
  std::optional<Incident> incident;     // nothing: the event opened nothing
  std::vector<Transition> transitions;  // new ones
  std::vector<Owed> owed;
};

// A person who resolves with this reason says that the signal was wrong: only a graver one reopens it.
inline constexpr std::string_view kFalsePositive = "false_positive";
// Actor of signals that follow from the state of the sources, not from what they brought.
inline constexpr std::string_view kBySources = "sources";
inline constexpr std::string_view kHandled = "handled";  // a person resolved it and gave no reason
inline constexpr int kUnstable = 3;                      // times it comes back within kFlapWindow until it is pinned
inline constexpr Duration kFlapWindow = hours(6);

// `current`: the newest incident of the brand and kind while it is not closed; a resolved one counts, for a raise may
// reopen it. `policy` is that of an incident that opens now; one that is open keeps its own. The same signal twice
// changes nothing. A timer is due before any other event of its instant; one timer event fires the earliest timer alone
// (next_timer()), so that each happens at its own time.
Outcome apply(const std::optional<Incident>& current, const Event& event, const Policy& policy, Time now);

// Whether nobody may be told of it now. Meanwhile the clocks of its chain and of its reminder stand: nobody can answer
// what they were not told. State and history know nothing of it. True when that is new.
bool hush(Incident& incident, bool hushed, Time now);

// Those who were to be told before the next step could not be, until now: its wait begins anew.
void begin_step_again(Incident& incident, Time now);

// The state that a history folds to; used to check that row and history agree. Stops at the first link that does not
// fit (a number left out, a state that the one before did not lead to), so that a broken history cannot agree by luck.
IncidentState fold(const std::vector<Transition>& history);

}  // namespace vigie
