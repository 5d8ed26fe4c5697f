// Whether a message that is due goes out now, later, in a digest, or not at all.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "alerts/budget.h"
#include "base/result.h"
#include "base/time.h"
#include "config/settings.h"
#include "model/incident.h"
#include "model/notification.h"
#include "model/silence.h"

namespace vigie {

struct Decision {
  enum class Kind { deliver, hold, digest, cancel };
  Kind kind = Kind::deliver;
  Time until{};              // hold: asked again then
  std::string reason;        // maintenance silence inhibited quiet budget brand_budget over; "" = deliver
  std::string detail;        // for people: which silence, whose hours
  std::int64_t silence = 0;  // hold: the one that holds it, if one does
};

// One question of a decision and its answer, for people who ask why.
struct Check {
  std::string name;  // maintenance silence inhibition quiet budget
  bool stops = false;
  std::string text;
};

struct Ruling {
  Decision decision;
  std::vector<Check> checks;  // in the order they were asked; the last one is what decided
};

// Everything that a decision hangs on.
struct Circumstances {
  Notification due;
  std::optional<Incident> incident;      // that it is about, as it is now
  std::vector<Silence> silences;         // those in force, and those over since the message was owed
  std::vector<Incident> others;          // of the same brand, not closed
  std::optional<PersonSettings> person;  // who receives it; nothing: an endpoint of nobody has neither hours nor budget
  Spent spent, spent_on_brand;           // of this person, in the lane of this message
  bool counted = false;                  // it passed before and is tried again
  int brand_per_hour = 12;
};

// In which lane of a budget a message counts.
BudgetLane lane_of(const Notification& due, const std::optional<Incident>& incident);

// Tests, digests and the word that a budget is spent do not: they always go out.
bool counts_against_budgets(const Notification& due);

// Whether no message that raises an alarm about it may go to anybody now: it is silenced (maintenance counts), or the
// greater incident of its whole brand speaks for it (nullptr: there is none). Quiet hours and budgets are of one
// reader: they hush nothing.
bool is_hushed(const Incident& incident, const std::vector<Silence>& silences, const Incident* of_brand, Time now);

// Maintenance, then silences, then a greater incident of the same brand, then the person's quiet hours, then the
// budget: the first that has something against it decides. It never changes an incident. The sender and `vigie explain`
// call this same function. bad_config for an unknown zone.
Result<Ruling> decide(const Circumstances& all, Time now);

// Asked by the sender about each message that is due, just before it goes out.
class Gate {
 public:
  virtual ~Gate() = default;
  virtual Result<Decision> look(const Notification& due, Time now) = 0;
  // The message is on its way: it counts against the budgets. Once a notification, however often it is tried.
  virtual Result<void> passed(const Notification& sent, Time now) = 0;
};

}  // namespace vigie
