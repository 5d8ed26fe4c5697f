// Hours ahead in which what is sent to people on call would reach nobody.

#pragma once

#include <string>
#include <vector>

#include "alerts/quiet.h"
#include "base/result.h"
#include "config/settings.h"

namespace vigie {

struct DutyGap {
  std::vector<std::string> schedules;  // ids, sorted: those that were to cover it together
  TimeSpan span;                       // the first one within the time looked at, cut to it
};

// What a route leads to, its chain included, and what each step of a chain and those after it lead to (a step that finds
// nobody passes to the next one): where only schedules are named, their turns and hours together have to leave nobody
// out. A schedule that nothing names is asked alone, and only when it has no hours. By schedules, each set once.
Result<std::vector<DutyGap>> duty_gaps(const Settings& settings, Time from, Time to);

}  // namespace vigie
