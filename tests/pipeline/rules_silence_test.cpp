// Rules of kind silence, and the habit they are measured by.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/rules/volume.h"
#include "tests/pipeline/rules_stream.h"

namespace vigie {
namespace {

using test::kMonday;
using test::of;
using test::Said;
using test::signals_of;
using test::Stream;
using testing::IsEmpty;
using testing::SizeIs;

Settings silence(int count = 12) {
  return test::settings_of({test::rule(RuleSettings::Kind::silence, "silence", count, hours(1))});
}

// By day a mention every ten minutes, from 8 to 20 h; nothing at night.
Time days(Stream& stream, Time from, int n) {
  Said fine;
  fine.negative = false;
  for (int day = 0; day < n; ++day) stream.many(from + day * kDay + hours(8), 72, minutes(10), fine);
  return from + n * kDay;
}

TEST(Silence, SpeaksWhenHabitExpectedSoMany) {
  Stream stream;
  const Time now = days(stream, kMonday, 21);

  const auto signals = of(signals_of(silence(), stream.all, now + hours(12)), SignalKind::raise, "silence");

  ASSERT_THAT(signals, SizeIs(1));
  EXPECT_EQ(signals[0].rule, "silence");
  EXPECT_EQ(signals[0].observed, 0);
  EXPECT_GE(signals[0].expected, 12);
  EXPECT_LT(signals[0].expected, 14);
  EXPECT_EQ(signals[0].since, stream.all.back().event);
  EXPECT_GT(signals[0].at, now + hours(9)) << "two of an hour are missing only after eight";
  EXPECT_LT(signals[0].at, now + hours(11));
}

TEST(Silence, KnowsTheNight) {
  Stream stream;
  const Time now = days(stream, kMonday, 28);

  EXPECT_THAT(of(signals_of(silence(), stream.all, now + hours(8)), SignalKind::raise, "silence"), IsEmpty());
}

TEST(Silence, SaysNothingOfABrandItDoesNotKnow) {
  Stream stream;
  const Time now = days(stream, kMonday, 10);

  EXPECT_THAT(of(signals_of(silence(), stream.all, now + hours(60)), SignalKind::raise, "silence"), IsEmpty());
}

TEST(Silence, EndsOnlyWhenMentionsAreBack) {
  Stream stream;
  const Time now = days(stream, kMonday, 21);
  EXPECT_THAT(of(signals_of(silence(), stream.all, now + 30 * kDay), SignalKind::clear, "silence"), IsEmpty());

  Said fine;
  fine.negative = false;
  stream.many(now + 2 * kDay, 2, minutes(1), fine);
  EXPECT_THAT(of(signals_of(silence(), stream.all, now + 3 * kDay), SignalKind::clear, "silence"), IsEmpty());
  stream.many(now + 3 * kDay, 1, minutes(1), fine);
  const auto cleared = of(signals_of(silence(), stream.all, now + 3 * kDay + minutes(5)), SignalKind::clear, "silence");
  ASSERT_THAT(cleared, SizeIs(1));
  EXPECT_EQ(cleared[0].at, now + 3 * kDay + minutes(1));
}

TEST(Silence, OfOneSourceIsHeardThroughTheOthers) {
  RuleSettings rule = test::rule(RuleSettings::Kind::silence, "shop", 12, hours(1));
  rule.match = "source:shop";
  Stream stream;
  Said forum, shop;
  shop.source = "shop";
  Time now = kMonday;
  for (int day = 0; day < 21; ++day) {
    stream.many(now, 24, hours(1), forum);
    now = stream.many(now, 48, minutes(30), shop);
  }
  stream.many(now, 24, hours(1), forum);
  std::sort(stream.all.begin(), stream.all.end(), [](const auto& a, const auto& b) { return a.ingested < b.ingested; });

  EXPECT_THAT(of(signals_of(test::settings_of({rule}), stream.all, now + kDay), SignalKind::raise, "shop"), SizeIs(1));
  EXPECT_THAT(of(signals_of(silence(), stream.all, now + kDay), SignalKind::raise, "silence"), IsEmpty());
}

TEST(Volume, KnowsTheHoursOfTheWeek) {
  Volume volume;
  const std::int64_t monday = kMonday.time_since_epoch() / minutes(1);
  for (std::int64_t hour = 0; hour < 6 * 168; ++hour) {
    const bool office = hour % 24 >= 9 && hour % 24 < 17 && hour % 168 < 5 * 24;
    for (int i = 0; i < (office ? 12 : 1); ++i) volume.count(monday + hour * 60 + i * 5);
  }
  const std::int64_t now = monday + 6 * 168 * 60;
  volume.advance(now);

  EXPECT_NEAR(volume.per_hour(now + 10 * 60), 12, 2) << "Monday, ten o'clock";
  EXPECT_LT(volume.per_hour(now + 3 * 60), 2) << "Monday, three in the morning";
  EXPECT_LT(volume.per_hour(now + 5 * 1440 + 10 * 60), 6) << "Saturday, ten o'clock";
  const std::int64_t when = volume.when_missed(12);
  EXPECT_GT(when, now + 8 * 60);
  EXPECT_LT(when, now + 10 * 60);
}

TEST(Volume, IsNotMisledByAPileOn) {
  Volume volume;
  const std::int64_t monday = kMonday.time_since_epoch() / minutes(1);
  for (std::int64_t hour = 0; hour < 3 * 168; ++hour) volume.count(monday + hour * 60);
  for (int i = 0; i < 5000; ++i) volume.count(monday + 3 * 168 * 60);
  volume.advance(monday + (3 * 168 + 1) * 60);

  EXPECT_LT(volume.per_hour(monday + (3 * 168 + 1) * 60), 1.2);
}

}  // namespace
}  // namespace vigie
