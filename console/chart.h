// Negatives hour by hour around an incident: what the chart's bars and its table show.

#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "store/store.h"

namespace vigie {

struct ChartSpan {
  Time from{}, to{};      // whole hours
  Time since{}, until{};  // of the incident, within the span
};

// From a day before `since` to half a day after the end (or to `now`), at most 14 days, the newest kept.
ChartSpan chart_span(Time since, std::optional<Time> ended, Time now);

struct Bar {
  int x = 0, width = 0, y = 0, height = 0;  // in a drawing of 10 by bar and kChartHeight
  bool during = false;                      // within the incident
};
inline constexpr int kChartHeight = 100;

// One bar an hour, the highest kChartHeight high; at least 1 for an hour that is not empty.
std::vector<Bar> chart_bars(const std::vector<HourCount>& hours, const ChartSpan& span);

// The hour with most negatives, the earliest of equals; nothing when all are silent.
std::optional<HourCount> peak_hour(const std::vector<HourCount>& hours);

// Mean negatives an hour before `since`.
double usual_negatives(const std::vector<HourCount>& hours, Time since);

}  // namespace vigie
