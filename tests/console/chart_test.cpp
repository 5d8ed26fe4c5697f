#include "console/chart.h"

#include <gtest/gtest.h>

namespace vigie {
namespace {

const Time kStart = parse_rfc3339("2026-11-13T14:20:00Z").value();

std::vector<HourCount> counts(std::initializer_list<std::int64_t> negatives) {
  std::vector<HourCount> out;
  Time hour = parse_rfc3339("2026-11-13T12:00:00Z").value();
  for (const std::int64_t n : negatives) {
    out.push_back({hour, 2 * n, n});
    hour += hours(1);
  }
  return out;
}

}  // namespace

TEST(Chart, SpansADayBeforeAndHalfADayAfter) {
  const ChartSpan span = chart_span(kStart, kStart + hours(10), kStart + kDay * 30);

  EXPECT_EQ(format_rfc3339(span.from), "2026-11-12T14:00:00Z");
  EXPECT_EQ(format_rfc3339(span.to), "2026-11-14T13:00:00Z");
}

TEST(Chart, StopsAtNowAndKeepsTheNewestFortnight) {
  EXPECT_EQ(format_rfc3339(chart_span(kStart, std::nullopt, kStart + minutes(5)).to), "2026-11-13T15:00:00Z");
  const ChartSpan span = chart_span(kStart, std::nullopt, kStart + 40 * kDay);
  EXPECT_EQ(span.to - span.from, 14 * kDay);
}

TEST(Chart, ScalesBarsToTheHighestAndMarksTheIncident) {
  const ChartSpan span = chart_span(kStart, kStart + hours(1), kStart + kDay);

  const auto bars = chart_bars(counts({0, 1, 200, 100, 1}), span);

  ASSERT_EQ(bars.size(), 5u);
  EXPECT_EQ(bars[0].height, 0);
  EXPECT_EQ(bars[1].height, 1);
  EXPECT_EQ(bars[2].height, kChartHeight);
  EXPECT_EQ(bars[2].y, 0);
  EXPECT_EQ(bars[3].height, kChartHeight / 2);
  EXPECT_FALSE(bars[1].during);
  EXPECT_TRUE(bars[2].during);
  EXPECT_TRUE(bars[3].during);
  EXPECT_FALSE(bars[4].during);
}

TEST(Chart, FindsThePeakAndTheUsual) {
  const auto seen = counts({2, 4, 9, 9, 1});

  ASSERT_TRUE(peak_hour(seen));
  EXPECT_EQ(peak_hour(seen)->hour, seen[2].hour);
  EXPECT_DOUBLE_EQ(usual_negatives(seen, kStart), 3.0);
  EXPECT_FALSE(peak_hour(counts({0, 0})));
  EXPECT_DOUBLE_EQ(usual_negatives({}, kStart), 0.0);
}

}  // namespace vigie
