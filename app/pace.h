// When a source is asked next: rules without I/O. SOURCES.md 7.1.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "base/time.h"
#include "collectors/source.h"
#include "config/settings.h"
#include "store/collecting.h"

namespace vigie {

// The shortest and the longest pause between two polls.
struct PaceBounds {
  Duration at_least{}, at_most{};
};

// What the operator wrote counts; else the definition's own bounds; else the program's.
PaceBounds pace_bounds(const SourceSettings& settings, const SourceLimits& limits);

// Items of the last seven days, the oldest day counted in part.
double items_in_a_week(const std::vector<DayCount>& days, Time now);

// Half the mean gap between items of the last seven days, within the bounds; no items: the longest pause.
Duration poll_interval(double items_in_a_week, PaceBounds bounds);

// A source's hint only makes the pause longer, and never longer than the bounds allow.
Duration with_hint(Duration pause, std::optional<Duration> hint, PaceBounds bounds);

// ±10 %: sources that began together must not stay together.
Duration jittered(Duration pause, Rng& rng);

// After `failures` in a row: between the interval and 2^n times it, n at most 6, drawn evenly ("full jitter").
Duration back_off(Duration interval, int failures, Rng& rng);

// Overdue after a restart: spread over the interval, at most a quarter of an hour, instead of all at once.
Duration restart_delay(Duration interval, Rng& rng);

// How long a source that answers has brought nothing, when that is not its habit: it delivered in each of its last four
// comparable periods, and now nothing for three times its usual gap, a day at least.
std::optional<Duration> unusual_silence(const std::vector<DayCount>& days, Time now);

// The calendar month or day in which spending is counted, or a span of that length.
struct SpendPeriod {
  Time start{}, end{};
  std::string_view name;  // "month" "day" "period"
};
SpendPeriod spend_period(Duration per, Time now);

}  // namespace vigie
