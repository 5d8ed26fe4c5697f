// Who is on call, by the turns of a schedule, its hours and who stands in for whom. Pure.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "alerts/quiet.h"
#include "base/result.h"
#include "base/time.h"
#include "config/settings.h"

namespace vigie {

// A piece of time in which one person is on call, or nobody.
struct Shift {
  TimeSpan span;
  std::string person;      // id; "" = nobody: outside the hours, before the first turn, or no people
  bool stands_in = false;  // by an override
  bool operator==(const Shift&) const = default;
};

// Who is on call; "" = nobody. Turns are handed over at a local time of day, by calendar days of the schedule's zone: a
// turn over a night on which clocks change is an hour longer or shorter. Whoever stands in does so outside the hours as
// well. bad_config for an unknown zone.
Result<std::string> on_call(const ScheduleSettings& schedule, Time now);

// What covers [from, to), in order and cut to it, neighbours being different. At most 92 days; a longer time is cut.
Result<std::vector<Shift>> shifts(const ScheduleSettings& schedule, Time from, Time to);

// When somebody else comes on or nobody is, after `now`; nothing within 92 days when it never changes.
Result<std::optional<Shift>> next_shift(const ScheduleSettings& schedule, Time now);

// Where nobody is on call: outside the hours, before the first turn. What is sent to the schedule then goes to nobody.
Result<std::vector<TimeSpan>> gaps(const ScheduleSettings& schedule, Time from, Time to);

}  // namespace vigie
