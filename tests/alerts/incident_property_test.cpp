// What must hold on every walk through the rule, whatever happens in whatever order.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "alerts/incident.h"
#include "tests/alerts/any_walk.h"
#include "tests/alerts/often.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using test::any_policy, test::any_walk, test::Step;
using State = IncidentState;

bool finished(const Incident& incident) {
  return incident.state == State::closed || incident.state == State::discarded;
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

// Nothing that it needs later is lost: one that is written and read after every step goes the same way.
TEST(IncidentOnAnyWalk, ComesBackFromItsJsonTheSame) {
  test::holds_often([] {
    Book book, restarted;
    restarted.policy = book.policy;
    for (const Step& step : any_walk()) {
      book.take(step);
      restarted.take(step);
      if (!restarted.current) continue;
      const auto document = json::parse(to_json(*restarted.current));
      RC_ASSERT(document.has_value());
      const auto read = incident_from_json(document->root());
      RC_ASSERT(read.has_value());
      RC_ASSERT(to_json(*read) == to_json(*restarted.current));
      restarted.current = *read;
    }
    RC_ASSERT(book.rows.size() == restarted.rows.size());
    for (const auto& [id, row] : book.rows) {
      RC_ASSERT(to_json(restarted.rows.at(id)) == to_json(row));
      const auto events = [id = id](const Book& of) {
        std::vector<std::string> out;
        for (const Transition& t : of.histories.at(id)) out.push_back(concat(t.event, " ", t.reason));
        return out;
      };
      RC_ASSERT(events(restarted) == events(book));
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

std::string text_of(const Policy& policy) {
  json::Writer out;
  write_json(out, policy);
  return out.take();
}

TEST(IncidentOnAnyWalk, KeepsThePolicyItOpenedWith) {
  test::holds_often([] {
    Book book;
    std::map<std::string, std::string> opened_with;
    for (const Step& step : any_walk()) {
      book.take(step);
      if (!book.current) continue;
      const auto [known, fresh] = opened_with.emplace(book.current->id, text_of(book.policy));
      RC_ASSERT(text_of(book.current->policy) == known->second);
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
