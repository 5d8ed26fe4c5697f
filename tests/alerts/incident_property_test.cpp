// What must hold on every walk through the rule, whatever happens in whatever order.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "alerts/incident.h"
#include "tests/alerts/often.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using State = IncidentState;

struct Step {
  Event event;
  Duration wait{};
};

rc::Gen<Signal> any_signal() {
  return rc::gen::map(
      rc::gen::tuple(rc::gen::inRange(0, 4), rc::gen::inRange(0, 4), rc::gen::inRange(1, 6), rc::gen::inRange(0, 500),
                     rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5))),
      [](const std::tuple<int, int, int, int, std::vector<int>>& drawn) {
        const auto& [kind, id, severity, observed, themes] = drawn;
        Signal signal = test::of_kind(static_cast<SignalKind>(kind), "s" + std::to_string(id));
        signal.severity = severity;
        signal.observed = observed;
        signal.themes.clear();
        for (const int theme : themes) signal.themes.push_back({"t" + std::to_string(theme), observed / 2.0, 1});
        return signal;
      });
}

rc::Gen<Step> any_step() {
  return rc::gen::map(
      rc::gen::tuple(rc::gen::inRange(0, 20), any_signal(), rc::gen::inRange(0, 240), rc::gen::inRange(1, 3)),
      [](const std::tuple<int, Signal, int, int>& drawn) {
        const auto& [kind, signal, wait, person] = drawn;
        Step step;
        step.wait = minutes(wait);
        step.event = test::event_of(signal);
        using Kind = Event::Kind;
        constexpr Kind kKinds[] = {Kind::ack,  Kind::unack,  Kind::resolve, Kind::timer, Kind::timer,
                                   Kind::note, Kind::assign, Kind::merge,   Kind::split, Kind::gap};
        if (kind >= 10) return step;
        step.event = test::by_person(kKinds[kind], "person-" + std::to_string(person), "because");
        if (kKinds[kind] == Kind::timer || kKinds[kind] == Kind::gap) step.event.actor = "";
        if (kKinds[kind] == Kind::assign) step.event.value = "person-" + std::to_string(person % 2 + 1);
        if (kKinds[kind] == Kind::merge) step.event.value = "another";
        return step;
      });
}

// The detector never names two signals alike; one step in four is a delivery of the signal before it again.
std::vector<Step> any_walk() {
  auto walk = *rc::gen::container<std::vector<Step>>(any_step());
  for (std::size_t i = 0; i < walk.size(); ++i) {
    const bool again = i > 0 && walk[i].event.signal.id.ends_with("0");
    if (again) walk[i].event.signal = walk[i - 1].event.signal;
    if (!again) walk[i].event.signal.id = "signal-" + std::to_string(i) + "-1";
  }
  return walk;
}

bool finished(const Incident& incident) {
  return incident.state == State::closed || incident.state == State::discarded;
}

rc::Gen<Policy> any_policy() {
  return rc::gen::map(rc::gen::container<std::vector<int>>(8, rc::gen::inRange(0, 4)), [](const std::vector<int>& d) {
    Policy policy;
    policy.group = seconds(60 * d[0]);
    policy.update = minutes(15 * d[1]);
    policy.repeat = hours(d[2]);
    policy.ack_timeout = hours(d[3]);
    for (int step = 0; step < d[4]; ++step)
      policy.chain.push_back({minutes(15 + d[5]), minutes(5), {"step-" + std::to_string(step + 1)}});
    policy.chain_repeat = d[6];
    return policy;
  });
}

// What one event, or time alone, did to an incident.
struct Turned {
  std::optional<Incident> before;
  Outcome outcome;
  Time at{};
};

// Every incident of one key and its whole history, as a store would hold them.
struct Book {
  std::map<std::string, Incident> rows;
  std::map<std::string, std::vector<Transition>> histories;
  std::optional<Incident> current;
  Time now = test::at("2026-11-21T00:00:00Z");
  Policy policy = *any_policy();

  // Timers that are due meanwhile fire first, each at its own instant.
  std::vector<Turned> take(const Step& step) {
    std::vector<Turned> done;
    now += step.wait;
    for (int fired = 0; current && next_timer(*current) && *next_timer(*current) <= now; ++fired) {
      RC_ASSERT(fired < 10'000);
      const Time due = *next_timer(*current);
      done.push_back(turn(Event{}, due));
      const bool went_on = !current || !next_timer(*current) || *next_timer(*current) >= due;
      RC_ASSERT(went_on);
    }
    done.push_back(turn(step.event, now));
    return done;
  }

  Turned turn(const Event& event, Time at) {
    Turned turned{current, apply(current, event, policy, at), at};
    if (!turned.outcome.incident) return turned;
    const Incident& after = *turned.outcome.incident;
    rows[after.id] = after;
    auto& history = histories[after.id];
    history.insert(history.end(), turned.outcome.transitions.begin(), turned.outcome.transitions.end());
    current = after;
    return turned;
  }
};

TEST(IncidentOnAnyWalk, FoldsFromItsHistoryToItsRow) {
  test::holds_often([] {
    Book book;
    for (const Step& step : any_walk()) {
      book.take(step);
      for (const auto& [id, row] : book.rows) {
        RC_ASSERT(fold(book.histories[id]) == row.state);
        RC_ASSERT(static_cast<std::int64_t>(book.histories[id].size()) == row.last_seq);
      }
    }
  });
}

TEST(IncidentOnAnyWalk, ComesBackFromItsJsonTheSame) {
  test::holds_often([] {
    Book book;
    for (const Step& step : any_walk()) book.take(step);
    for (const auto& [id, row] : book.rows) {
      const auto document = json::parse(to_json(row));
      RC_ASSERT(document.has_value());
      const auto read = incident_from_json(document->root());
      RC_ASSERT(read.has_value());
      RC_ASSERT(to_json(*read) == to_json(row));
    }
  });
}

TEST(IncidentOnAnyWalk, IsTheOnlyUnclosedOneOfItsKey) {
  test::holds_often([] {
    Book book;
    for (const Step& step : any_walk()) {
      book.take(step);
      const auto unclosed =
          std::count_if(book.rows.begin(), book.rows.end(), [](const auto& row) { return !finished(row.second); });
      RC_ASSERT(unclosed <= 1);
    }
  });
}

TEST(IncidentOnAnyWalk, NeverEndsByItselfWhileBlindOrWithoutAHold) {
  test::holds_often([] {
    Book book;
    for (const Step& step : any_walk()) {
      for (const Turned& turned : book.take(step)) {
        for (const Transition& transition : turned.outcome.transitions) {
          if (transition.to != State::resolved || transition.event != "timer") continue;
          RC_ASSERT(turned.before.has_value());
          RC_ASSERT(!turned.before->blind);
          const auto& history = book.histories[turned.outcome.incident->id];
          // The newest signal before its end is the clear that began the hold, a whole hold time ago.
          const auto newest = std::find_if(history.rbegin(), history.rend(), [&](const Transition& t) {
            return t.actor == "detector" && t.seq < transition.seq;
          });
          RC_ASSERT(newest->event == "clear");
          RC_ASSERT(turned.at - newest->at >= (turned.before->pinned ? book.policy.flap_hold : book.policy.hold));
        }
      }
    }
  });
}

TEST(IncidentOnAnyWalk, IsNotMovedByTheSameSignalTwice) {
  test::holds_often([] {
    Book book;
    for (const Step& step : any_walk()) {
      book.take(step);
      if (step.event.kind != Event::Kind::signal || !book.current) continue;

      const Outcome again = apply(book.current, step.event, book.policy, book.now);

      RC_ASSERT(again.transitions.empty());
      RC_ASSERT(again.owed.empty());
      const bool stands = !again.incident || again.incident->last_seq == book.current->last_seq;
      RC_ASSERT(stands);
    }
  });
}

TEST(IncidentOnAnyWalk, TellsOfAnEndOnlyAfterABeginning) {
  test::holds_often([] {
    Book book;
    std::map<std::string, bool> announced;
    for (const Step& step : any_walk()) {
      for (const Turned& turned : book.take(step)) {
        for (const Owed& owed : turned.outcome.owed) {
          bool& open = announced[turned.outcome.incident->id];
          if (owed.purpose == "first" || owed.purpose == "reopened") {
            RC_ASSERT(!open);
            open = true;
          } else if (owed.purpose != "assigned") {
            RC_ASSERT(open);
          }
          if (owed.purpose == "resolved" || owed.purpose == "merged") open = false;
          RC_ASSERT(owed.seq <= turned.outcome.incident->last_seq);
        }
      }
    }
  });
}

TEST(IncidentOnAnyWalk, NeitherEscalatesNorRepeatsWhileSomebodyHasIt) {
  test::holds_often([] {
    Book book;
    for (const Step& step : any_walk()) {
      for (const Turned& turned : book.take(step)) {
        for (const Transition& transition : turned.outcome.transitions) {
          if (transition.event != "escalate" && transition.event != "repeat") continue;
          RC_ASSERT(turned.before->acked_by.empty());
          RC_ASSERT(turned.before->state == State::open || turned.before->state == State::recovering);
        }
      }
      if (!book.current || !book.current->acked_by.empty()) continue;
      // Exactly one chain runs while it is open, announced and anybody is left to be told.
      const Incident& now = *book.current;
      const bool left = static_cast<std::size_t>(now.level) < now.policy.chain.size();
      if (now.state == State::open && now.announced && left && now.merged_into.empty())
        RC_ASSERT(now.escalate_at.has_value());
    }
  });
}

TEST(IncidentOnAnyWalk, KeepsThePolicyItOpenedWith) {
  test::holds_often([] {
    Book book;
    std::map<std::string, std::size_t> steps;
    for (const Step& step : any_walk()) {
      book.take(step);
      if (!book.current) continue;
      const auto [known, fresh] = steps.emplace(book.current->id, book.policy.chain.size());
      RC_ASSERT(book.current->policy.chain.size() == known->second);
      book.policy = *any_policy();  // somebody edits the settings all the time
      if (finished(*book.current)) book.current.reset();
    }
  });
}

TEST(IncidentOnAnyWalk, HasNoTimerOnceItIsClosed) {
  test::holds_often([] {
    Book book;
    for (const Step& step : any_walk()) {
      book.take(step);
      if (book.current && finished(*book.current)) RC_ASSERT(!next_timer(*book.current).has_value());
      if (book.current && book.current->state == State::open) RC_ASSERT(!book.current->hold_until.has_value());
    }
  });
}

// What suppression may change: when the chain and the reminder go on. What it may not: the incident.
TEST(IncidentOnAnyWalk, IsTheSameIncidentWhetherPeopleMayBeToldOrNot) {
  test::holds_often([] {
    Book book, hushed;
    hushed.policy = book.policy;
    const auto walk = any_walk();
    const auto hush_at = *rc::gen::container<std::vector<int>>(walk.size(), rc::gen::inRange(0, 2));
    const auto matters = [](const Transition& t) {
      return t.event != "escalate" && t.event != "repeat" && t.event != "gap";
    };
    for (std::size_t i = 0; i < walk.size(); ++i) {
      book.take(walk[i]);
      for (const Turned& turned : hushed.take(walk[i])) {
        if (!turned.before || !turned.before->hushed) continue;
        for (const Transition& t : turned.outcome.transitions) RC_ASSERT(t.event != "escalate" && t.event != "repeat");
      }
      if (hushed.current) hush(*hushed.current, hush_at[i] == 1, hushed.now);
      RC_ASSERT(book.current.has_value() == hushed.current.has_value());
      if (!book.current) continue;
      RC_ASSERT(book.current->id == hushed.current->id);
      RC_ASSERT(book.current->state == hushed.current->state);
      RC_ASSERT(book.current->epoch == hushed.current->epoch);
      std::vector<std::string> one, other;
      for (const Transition& t : book.histories[book.current->id])
        if (matters(t)) one.push_back(t.event);
      for (const Transition& t : hushed.histories[book.current->id])
        if (matters(t)) other.push_back(t.event);
      RC_ASSERT(one == other);
    }
  });
}

// However it is hushed in between: between two steps of the chain people had the whole wait to answer.
TEST(IncidentOnAnyWalk, GoesUpOnlyAfterSomebodyCouldHaveAnsweredForTheWholeWait) {
  test::holds_often([] {
    Policy policy;
    policy.chain = {
        {minutes(15), minutes(15), {"a"}}, {minutes(30), minutes(30), {"b"}}, {minutes(45), minutes(45), {"c"}}};
    Time now = test::at("2026-11-21T00:00:00Z");
    std::optional<Incident> incident = apply(std::nullopt, test::event_of(test::rising()), policy, now).incident;
    Duration heard{};  // that nobody was hushed, since the last step
    for (const auto& [wait, hushed] : *rc::gen::container<std::vector<std::pair<int, bool>>>(
             rc::gen::pair(rc::gen::inRange(0, 40), rc::gen::arbitrary<bool>()))) {
      const Time until = now + minutes(wait);
      while (next_timer(*incident) && *next_timer(*incident) <= until) {
        const Time due = *next_timer(*incident);
        if (!incident->hushed) heard += due - now;
        now = due;
        const int level = incident->level;
        incident = apply(incident, Event{}, {}, due).incident;
        if (incident->level == level) continue;
        RC_ASSERT(heard == policy.chain[static_cast<std::size_t>(level)].after);
        heard = {};
      }
      if (!incident->hushed) heard += until - now;
      now = until;
      hush(*incident, hushed, now);
    }
  });
}

}  // namespace
}  // namespace vigie
