// All the incidents of several brands at once: in which order the signals of one instant come, and how often, changes
// nothing; a restart at any point neither loses nor repeats what is due.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

#include "alerts/open_incidents.h"
#include "alerts/suppress.h"
#include "tests/alerts/any_walk.h"
#include "tests/alerts/often.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using test::any_policy, test::any_signal;

const Time kMidnight = test::at("2026-11-21T00:00:00Z");

// What the watch keeps, by incident.
struct Kept {
  Incident row;
  std::vector<std::string> story;  // its history and what is owed, a line each
};

// Signals and time as the watch hands them on.
class Desk {
 public:
  explicit Desk(const Policy& policy) : policy_(policy) {}

  void take(const Signal& signal) {
    pass(signal.at);
    Event event = test::event_of(signal);
    event.actor = "detector";
    keep(open_.take(signal.brand, signal.incident_kind, event, policy_, signal.at), signal.at);
  }

  void pass(Time now) {
    for (const Incident& changed : open_.hush({}, now)) kept_[changed.id].row = changed;
    while (const auto fired = open_.fire(now)) keep(fired->outcome, fired->at);
  }

  const std::map<std::string, Kept>& kept() const { return kept_; }

 private:
  void keep(const Outcome& outcome, Time now) {
    if (!outcome.incident) return;
    Incident incident = *outcome.incident;
    hush(incident, is_hushed(incident, {}, open_.find(incident.brand, "negative"), now), now);
    open_.replace(incident);
    Kept& kept = kept_[incident.id];
    kept.row = incident;
    for (const Transition& t : outcome.transitions)
      kept.story.push_back(concat(std::to_string(t.seq), " ", t.event, " ", to_text(t.to), " ", t.reason));
    for (const Owed& owed : outcome.owed)
      kept.story.push_back(concat("owes ", std::to_string(owed.seq), " ", owed.purpose, " ", owed.reason));
  }

  const Policy policy_;
  OpenIncidents open_;
  std::map<std::string, Kept> kept_;
};

// What the rules say at one instant: of each brand and kind one thing at most.
std::vector<Signal> any_window(Time at) {
  std::map<std::string, Signal> said;
  for (Signal& signal : *rc::gen::container<std::vector<Signal>>(*rc::gen::inRange<std::size_t>(0, 6), any_signal())) {
    signal.brand = *rc::gen::element<std::string>("acme", "other");
    signal.incident_kind = *rc::gen::element<std::string>("negative", "boycott", "stars");
    signal.at = at;
    signal.id = concat(signal.brand, " ", signal.incident_kind, " ", format_rfc3339(at));
    said.insert_or_assign(signal.id, std::move(signal));
  }
  std::vector<Signal> window;
  for (auto& [id, signal] : said) window.push_back(std::move(signal));
  return window;
}

std::vector<Signal> in_any_order(std::vector<Signal> window) {
  const std::size_t once = window.size();
  for (std::size_t i = 0; i < once; ++i) {
    if (*rc::gen::inRange(0, 3) == 0) window.push_back(window[i]);  // told twice
  }
  for (std::size_t i = window.size(); i > 1; --i)
    std::swap(window[i - 1], window[*rc::gen::inRange<std::size_t>(0, i)]);
  return window;
}

TEST(OpenIncidentsOnAnyWalk, AreTheSameInWhateverOrderTheSignalsOfOneInstantCome) {
  test::holds_often([] {
    const Policy policy = *any_policy();
    Desk one(policy), other(policy);
    Time now = kMidnight;
    for (const int wait : *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 240))) {
      now += minutes(wait);
      const std::vector<Signal> window = any_window(now);
      for (const Signal& signal : window) one.take(signal);
      for (const Signal& signal : in_any_order(window)) other.take(signal);
      one.pass(now);
      other.pass(now);
    }
    RC_ASSERT(one.kept().size() == other.kept().size());
    for (const auto& [id, kept] : one.kept()) {
      const auto same = other.kept().find(id);
      RC_ASSERT(same != other.kept().end());
      RC_ASSERT(same->second.story == kept.story);
      RC_ASSERT(to_json(same->second.row) == to_json(kept.row));
    }
  });
}

// A watch that looks at the clock every two minutes at least and may be killed at any time: what it did since its last
// commit is gone, and it begins again with what was committed.
class KilledWatch {
 public:
  explicit KilledWatch(const Policy& policy) : policy_(policy) {}

  void take(const Event& event, Time now) {
    const Outcome outcome = open_.take("acme", "negative", event, policy_, now);
    if (outcome.incident) rows_[outcome.incident->id] = to_json(*outcome.incident);
  }

  // Looks at the clock a while after each time at which something is due; when it did so last.
  Time pass(Time until) {
    for (;;) {
      const Incident* const next = open_.due(until);
      if (next == nullptr) return ticked_;
      const Time planned = std::max(*next_timer(*next), ticked_);
      ticked_ = planned + seconds(*rc::gen::inRange(0, 121));
      tick(ticked_, *rc::gen::inRange(0, 4) == 0);
    }
  }

 private:
  void tick(Time now, bool killed) {
    if (restarted_) open_.wake(now);
    std::map<std::string, std::string> rows;
    std::set<std::string> fired;
    for (int turns = 0; const Incident* const due = open_.due(now); ++turns) {
      RC_ASSERT(turns < 1'000);
      const Time planned = *next_timer(*due);
      if (!restarted_) RC_ASSERT(now - planned <= minutes(2));
      const auto turn = open_.fire(now);
      RC_ASSERT(turn.has_value() && turn->at == planned && planned <= now);
      rows[turn->outcome.incident->id] = to_json(*turn->outcome.incident);
      for (const Transition& t : turn->outcome.transitions)
        RC_LOG(concat(format_rfc3339(now), killed ? " killed" : "", ": ", turn->outcome.incident->id, " ",
                      std::to_string(t.seq), " ", t.event, " ", t.reason, " of ", format_rfc3339(planned)));
      for (const Transition& t : turn->outcome.transitions)
        RC_ASSERT(fired.insert(concat(turn->outcome.incident->id, t.event, t.reason, format_rfc3339(planned))).second);
    }
    restarted_ = false;
    if (killed) return restart();
    for (const std::string& one : fired) RC_ASSERT(fired_.insert(one).second);
    for (const auto& [id, row] : rows) rows_[id] = row;
    if (*rc::gen::arbitrary<bool>()) restart();
  }

  void restart() {
    open_.clear();
    for (const auto& [id, row] : rows_) open_.put(*incident_from_json(json::parse(row)->root()));
    restarted_ = true;
  }

  const Policy policy_;
  OpenIncidents open_;
  std::map<std::string, std::string> rows_;  // committed, by id
  std::set<std::string> fired_;              // what timers did that was committed
  Time ticked_ = kMidnight;
  bool restarted_ = false;
};

TEST(OpenIncidentsOnAnyWalk, FireEachTimerOnceNeverEarlyAndWithinTwoMinutesThroughAnyRestart) {
  test::holds_often([] {
    KilledWatch watch(*any_policy());
    Time now = kMidnight;
    for (const test::Step& step : test::any_walk()) {
      now += step.wait;
      now = std::max(now, watch.pass(now));
      watch.take(step.event, now);
    }
  });
}

}  // namespace
}  // namespace vigie
