#include "console/chart.h"

#include <algorithm>

namespace vigie {
namespace {

constexpr Duration kBefore = hours(24), kAfter = hours(12), kLongest = 14 * kDay;
constexpr int kBarPitch = 10, kBarWidth = 8;

Time hour_of(Time time) { return std::chrono::floor<hours>(time); }

}  // namespace

ChartSpan chart_span(Time since, std::optional<Time> ended, Time now) {
  ChartSpan span;
  span.since = since;
  span.until = ended.value_or(std::max(now, since));
  span.to = hour_of(std::min(ended ? *ended + kAfter : now, std::max(now, since))) + hours(1);
  span.from = std::max(hour_of(since - kBefore), hour_of(span.to - kLongest));
  return span;
}

std::vector<Bar> chart_bars(const std::vector<HourCount>& hours_counted, const ChartSpan& span) {
  std::int64_t most = 1;
  for (const HourCount& count : hours_counted) most = std::max(most, count.negatives);
  std::vector<Bar> bars;
  int x = 1;
  for (const HourCount& count : hours_counted) {
    const auto scaled = static_cast<int>(count.negatives * kChartHeight / most);
    const int height = count.negatives > 0 ? std::max(scaled, 1) : 0;
    const bool during = count.hour + hours(1) > span.since && count.hour <= span.until;
    bars.push_back({x, kBarWidth, kChartHeight - height, height, during});
    x += kBarPitch;
  }
  return bars;
}

std::optional<HourCount> peak_hour(const std::vector<HourCount>& hours_counted) {
  const auto most = std::max_element(hours_counted.begin(), hours_counted.end(),
                                     [](const HourCount& a, const HourCount& b) { return a.negatives < b.negatives; });
  if (most == hours_counted.end() || most->negatives == 0) return std::nullopt;
  return *most;
}

double usual_negatives(const std::vector<HourCount>& hours_counted, Time since) {
  std::int64_t sum = 0, count = 0;
  for (const HourCount& hour : hours_counted) {
    if (hour.hour + hours(1) > since) break;
    sum += hour.negatives;
    ++count;
  }
  return count > 0 ? static_cast<double>(sum) / static_cast<double>(count) : 0;
}

}  // namespace vigie
