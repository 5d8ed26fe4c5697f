// Anything that may happen to an incident, in any order, and any policy it may open with.

#pragma once

#include <rapidcheck.h>

#include <string>
#include <tuple>
#include <vector>

#include "alerts/incident.h"
#include "tests/alerts/sample.h"

namespace vigie::test {

struct Step {
  Event event;
  Duration wait{};
};

inline rc::Gen<Signal> any_signal() {
  return rc::gen::map(
      rc::gen::tuple(rc::gen::inRange(0, 4), rc::gen::inRange(0, 4), rc::gen::inRange(1, 6), rc::gen::inRange(0, 500),
                     rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5))),
      [](const std::tuple<int, int, int, int, std::vector<int>>& drawn) {
        const auto& [kind, id, severity, observed, themes] = drawn;
        Signal signal = of_kind(static_cast<SignalKind>(kind), "s" + std::to_string(id));
        signal.severity = severity;
        signal.observed = observed;
        signal.themes.clear();
        for (const int theme : themes) signal.themes.push_back({"t" + std::to_string(theme), observed / 2.0, 1});
        return signal;
      });
}

inline rc::Gen<Step> any_step() {
  return rc::gen::map(
      rc::gen::tuple(rc::gen::inRange(0, 20), any_signal(),
                     rc::gen::oneOf(rc::gen::inRange(0, 20), rc::gen::inRange(0, 240)), rc::gen::inRange(1, 3)),
      [](const std::tuple<int, Signal, int, int>& drawn) {
        const auto& [kind, signal, wait, person] = drawn;
        Step step;
        step.wait = minutes(wait);
        step.event = event_of(signal);
        using Kind = Event::Kind;
        constexpr Kind kKinds[] = {Kind::ack,  Kind::unack,  Kind::resolve, Kind::timer, Kind::timer,
                                   Kind::note, Kind::assign, Kind::merge,   Kind::split, Kind::gap};
        if (kind >= 10) return step;
        step.event = by_person(kKinds[kind], "person-" + std::to_string(person), "because");
        if (kKinds[kind] == Kind::timer || kKinds[kind] == Kind::gap) step.event.actor = "";
        if (kKinds[kind] == Kind::assign) step.event.value = "person-" + std::to_string(person % 2 + 1);
        if (kKinds[kind] == Kind::merge) step.event.value = "another";
        return step;
      });
}

// The detector never names two signals alike; one step in four is a delivery of the signal before it again.
inline std::vector<Step> any_walk() {
  auto walk = *rc::gen::container<std::vector<Step>>(any_step());
  for (std::size_t i = 0; i < walk.size(); ++i) {
    const bool again = i > 0 && walk[i].event.signal.id.ends_with("0") &&
                       walk[i - 1].event.kind == Event::Kind::signal;
    if (again) walk[i].event.signal = walk[i - 1].event.signal;
    if (!again) walk[i].event.signal.id = "signal-" + std::to_string(i) + "-1";
  }
  return walk;
}

inline rc::Gen<Policy> any_policy() {
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

}  // namespace vigie::test
