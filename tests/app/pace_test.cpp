#include "app/pace.h"

#include <gtest/gtest.h>

namespace vigie {
namespace {

const Time kNow = parse_rfc3339("2026-11-21T12:00:00Z").value();
const Time kToday = parse_rfc3339("2026-11-21T00:00:00Z").value();

// The same number of items on each of the `count` days before `until`.
std::vector<DayCount> daily(int count, std::int64_t items, Time until = kToday) {
  std::vector<DayCount> days;
  for (int i = count; i >= 1; --i) days.push_back({until - i * kDay, items});
  return days;
}

TEST(PollInterval, IsHalfTheMeanGapWithinTheBounds) {
  const PaceBounds bounds{minutes(2), hours(6)};

  EXPECT_EQ(poll_interval(0, bounds), hours(6));
  EXPECT_EQ(poll_interval(84, bounds), hours(1));
  EXPECT_EQ(poll_interval(100000, bounds), minutes(2));
}

TEST(PollInterval, FollowsTheLastSevenDaysAlone) {
  std::vector<DayCount> days = daily(30, 12);

  EXPECT_NEAR(items_in_a_week(days, kNow), 12 * 6.5, 0.01);
  EXPECT_EQ(items_in_a_week(daily(3, 10, kToday - 10 * kDay), kNow), 0);
}

TEST(PaceBounds, AreTheOperatorsThenTheDefinitions) {
  SourceSettings settings;
  SourceLimits limits;
  limits.every_min = minutes(30);
  limits.every_max = hours(12);

  EXPECT_EQ(pace_bounds(settings, limits).at_least, minutes(30));
  settings.own_pace = true;
  EXPECT_EQ(pace_bounds(settings, limits).at_least, minutes(2));
  EXPECT_EQ(pace_bounds(SourceSettings{}, SourceLimits{}).at_most, hours(6));
}

TEST(PollHint, OnlyLengthensThePause) {
  const PaceBounds bounds{minutes(2), hours(6)};

  EXPECT_EQ(with_hint(minutes(30), minutes(5), bounds), minutes(30));
  EXPECT_EQ(with_hint(minutes(30), hours(1), bounds), hours(1));
  EXPECT_EQ(with_hint(minutes(30), kDay, bounds), hours(6));
}

TEST(PollJitter, StaysWithinATenth) {
  SeededRng rng(7);

  for (int i = 0; i < 200; ++i) {
    const Duration pause = jittered(minutes(100), rng);
    EXPECT_GE(pause, minutes(90));
    EXPECT_LE(pause, minutes(110));
  }
}

TEST(BackOff, GrowsToSixtyFourTimesTheIntervalAndNoFurther) {
  SeededRng rng(7);
  Duration longest{};

  for (int i = 0; i < 500; ++i) longest = std::max(longest, back_off(minutes(1), 40, rng));

  EXPECT_LE(longest, minutes(64));
  EXPECT_GE(longest, minutes(50));
  EXPECT_EQ(back_off(minutes(1), 0, rng), minutes(1));
}

TEST(Silence, IsUnusualForASourceThatSpeaksEveryDay) {
  const std::vector<DayCount> days = daily(20, 5, kToday - 2 * kDay);

  EXPECT_TRUE(unusual_silence(days, kNow));
  EXPECT_FALSE(unusual_silence(daily(20, 5), kNow));
}

TEST(Silence, IsNormalForASourceThatSpeaksNowAndThen) {
  const std::vector<DayCount> weekly = {
      {kToday - 30 * kDay, 1}, {kToday - 23 * kDay, 1}, {kToday - 16 * kDay, 1}, {kToday - 9 * kDay, 1}};

  EXPECT_FALSE(unusual_silence(weekly, kNow));
}

TEST(Silence, IsNoNewsForASourceHardlyKnown) { EXPECT_FALSE(unusual_silence(daily(2, 50, kToday - 5 * kDay), kNow)); }

TEST(SpendPeriod, IsTheCalendarsMonthOrDay) {
  const SpendPeriod month = spend_period(30 * kDay, kNow);
  const SpendPeriod day = spend_period(kDay, kNow);

  EXPECT_EQ(format_rfc3339(month.start), "2026-11-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339(month.end), "2026-12-01T00:00:00Z");
  EXPECT_EQ(day.start, kToday);
  EXPECT_EQ(day.end, kToday + kDay);
}

}  // namespace
}  // namespace vigie
