#include "app/pace.h"

#include <algorithm>
#include <cmath>

namespace vigie {
namespace {

constexpr Duration kWeek = 7 * kDay;
constexpr int kMostDoublings = 6;
constexpr double kJitter = 0.1;
constexpr Duration kLongestRestartDelay = minutes(15);
constexpr int kPeriodsOfHabit = 4;
constexpr Duration kShortestMonth = 28 * kDay;

Duration scaled(Duration duration, double by) {
  return Duration(static_cast<std::int64_t>(static_cast<double>(duration.count()) * by));
}

std::int64_t items_between(const std::vector<DayCount>& days, Time from, Time to) {
  std::int64_t items = 0;
  for (const DayCount& day : days) {
    if (day.day >= from && day.day < to) items += day.items;
  }
  return items;
}

}  // namespace

PaceBounds pace_bounds(const SourceSettings& settings, const SourceLimits& limits) {
  PaceBounds bounds{settings.every_min, settings.every_max};
  if (settings.own_pace) return bounds;
  if (limits.every_min > Duration::zero()) bounds.at_least = limits.every_min;
  if (limits.every_max > Duration::zero()) bounds.at_most = limits.every_max;
  bounds.at_most = std::max(bounds.at_least, bounds.at_most);
  return bounds;
}

double items_in_a_week(const std::vector<DayCount>& days, Time now) {
  double items = 0;
  for (const DayCount& day : days) {
    const Time end = day.day + kDay;
    if (day.day > now || end <= now - kWeek) continue;
    const Duration inside = std::min(end - (now - kWeek), Duration(kDay));
    items += static_cast<double>(day.items) * static_cast<double>(inside.count()) /
             static_cast<double>(Duration(kDay).count());
  }
  return items;
}

Duration poll_interval(double items_in_a_week, PaceBounds bounds) {
  if (items_in_a_week <= 0) return bounds.at_most;
  return std::clamp(scaled(kWeek, 1 / (2 * items_in_a_week)), bounds.at_least, bounds.at_most);
}

Duration with_hint(Duration pause, std::optional<Duration> hint, PaceBounds bounds) {
  return hint ? std::max(pause, std::min(*hint, bounds.at_most)) : pause;
}

Duration jittered(Duration pause, Rng& rng) { return scaled(pause, 1 + kJitter * (2 * rng.unit() - 1)); }

Duration back_off(Duration interval, int failures, Rng& rng) {
  const int doublings = std::clamp(failures, 0, kMostDoublings);
  return interval + scaled(interval, (std::exp2(doublings) - 1) * rng.unit());
}

Duration restart_delay(Duration interval, Rng& rng) {
  return scaled(std::min(interval, kLongestRestartDelay), rng.unit());
}

std::optional<Duration> unusual_silence(const std::vector<DayCount>& days, Time now) {
  if (days.size() < static_cast<std::size_t>(kPeriodsOfHabit)) return std::nullopt;
  const Time last = days.back().day + kDay;  // the end of the last day with an item
  const Time first = days.front().day;
  std::int64_t items = 0;
  for (const DayCount& day : days) items += day.items;
  const Duration gap = (last - first) / std::max<std::int64_t>(items, 1);
  // Counted by whole days: the last item may have come at the beginning of its day, which makes this test a late one.
  const auto period = std::chrono::ceil<std::chrono::days>(std::max(3 * gap, Duration(kDay)));
  if (now - last < period) return std::nullopt;
  for (int i = 1; i <= kPeriodsOfHabit; ++i) {
    if (items_between(days, last - i * period, last - (i - 1) * period) == 0) return std::nullopt;
  }
  return now - last;
}

SpendPeriod spend_period(Duration per, Time now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  if (per >= kShortestMonth) {
    const std::chrono::year_month_day date(today);
    const auto month = date.year() / date.month();
    return {std::chrono::sys_days(month / 1), std::chrono::sys_days((month + std::chrono::months(1)) / 1), "month"};
  }
  if (per == Duration(kDay)) return {today, today + kDay, "day"};
  const Duration length = std::max(per, Duration(minutes(1)));
  const Time start = Time(now.time_since_epoch() / length * length);
  return {start, start + length, "period"};
}

}  // namespace vigie
