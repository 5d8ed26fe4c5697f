// What must hold on every walk through the rule, whatever happens in whatever order.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "alerts/incident.h"
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
      rc::gen::tuple(rc::gen::inRange(0, 9), any_signal(), rc::gen::inRange(0, 240), rc::gen::inRange(1, 3)),
      [](const std::tuple<int, Signal, int, int>& drawn) {
        const auto& [kind, signal, wait, person] = drawn;
        Step step;
        step.wait = minutes(wait);
        step.event = test::event_of(signal);
        if (kind < 4)
          step.event = test::by_person(static_cast<Event::Kind>(kind + 1), "person-" + std::to_string(person));
        if (kind == 3) step.event.actor = "";  // the timer
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

// Every incident of one key and its whole history, as a store would hold them.
struct Book {
  std::map<std::string, Incident> rows;
  std::map<std::string, std::vector<Transition>> histories;
  std::optional<Incident> current;
  Time now = test::at("2026-11-21T00:00:00Z");

  Outcome take(const Step& step) {
    now += step.wait;
    Outcome outcome = apply(current, step.event, Policy{}, now);
    if (!outcome.incident) return outcome;
    rows[outcome.incident->id] = *outcome.incident;
    auto& history = histories[outcome.incident->id];
    history.insert(history.end(), outcome.transitions.begin(), outcome.transitions.end());
    current = outcome.incident;
    return outcome;
  }
};

RC_GTEST_PROP(IncidentOnAnyWalk, FoldsFromItsHistoryToItsRow, ()) {
  Book book;
  for (const Step& step : any_walk()) {
    book.take(step);
    for (const auto& [id, row] : book.rows) {
      RC_ASSERT(fold(book.histories[id]) == row.state);
      RC_ASSERT(static_cast<std::int64_t>(book.histories[id].size()) == row.last_seq);
    }
  }
}

RC_GTEST_PROP(IncidentOnAnyWalk, IsTheOnlyUnclosedOneOfItsKey, ()) {
  Book book;
  for (const Step& step : any_walk()) {
    book.take(step);
    const auto unclosed =
        std::count_if(book.rows.begin(), book.rows.end(), [](const auto& row) { return !finished(row.second); });
    RC_ASSERT(unclosed <= 1);
  }
}

RC_GTEST_PROP(IncidentOnAnyWalk, NeverEndsByItselfWhileBlindOrWithoutAHold, ()) {
  Book book;
  for (const Step& step : any_walk()) {
    const std::optional<Incident> before = book.current;
    const Outcome outcome = book.take(step);
    for (const Transition& transition : outcome.transitions) {
      if (transition.to != State::resolved || transition.event != "timer") continue;
      RC_ASSERT(before.has_value());
      RC_ASSERT(!before->blind);
      const auto& history = book.histories[outcome.incident->id];
      // The newest signal in its history is the clear that began the hold, a whole hold time ago.
      const auto newest =
          std::find_if(history.rbegin(), history.rend(), [](const Transition& t) { return t.actor == "detector"; });
      RC_ASSERT(newest->event == "clear");
      RC_ASSERT(book.now - newest->at >= Policy{}.hold);
    }
  }
}

RC_GTEST_PROP(IncidentOnAnyWalk, IsNotMovedByTheSameSignalTwice, ()) {
  Book book;
  for (const Step& step : any_walk()) {
    book.take(step);
    if (step.event.kind != Event::Kind::signal || !book.current) continue;

    const Outcome again = apply(book.current, step.event, Policy{}, book.now);

    RC_ASSERT(again.transitions.empty());
    RC_ASSERT(again.owed.empty());
    const bool stands = !again.incident || again.incident->last_seq == book.current->last_seq;
    RC_ASSERT(stands);
  }
}

RC_GTEST_PROP(IncidentOnAnyWalk, TellsOfAnEndOnlyAfterABeginning, ()) {
  Book book;
  std::map<std::string, bool> announced;
  for (const Step& step : any_walk()) {
    const Outcome outcome = book.take(step);
    for (const Owed& owed : outcome.owed) {
      bool& open = announced[outcome.incident->id];
      if (owed.purpose == "first" || owed.purpose == "reopened") {
        RC_ASSERT(!open);
        open = true;
      } else {
        RC_ASSERT(open);
      }
      if (owed.purpose == "resolved") open = false;
      RC_ASSERT(owed.seq == outcome.incident->last_seq);
    }
  }
}

RC_GTEST_PROP(IncidentOnAnyWalk, HasNoTimerOnceItIsClosed, ()) {
  Book book;
  for (const Step& step : any_walk()) {
    book.take(step);
    if (book.current && finished(*book.current)) RC_ASSERT(!book.current->hold_until.has_value());
    if (book.current && book.current->state == State::open) RC_ASSERT(!book.current->hold_until.has_value());
  }
}

}  // namespace
}  // namespace vigie
