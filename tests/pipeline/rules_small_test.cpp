// What is told of brands that are rarely spoken of, without a rule in the file: each complaint, and slow drifts.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipeline/rules_stream.h"

namespace vigie {
namespace {

using test::kMonday;
using test::of;
using test::Said;
using test::signals_of;
using test::Stream;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Settings nothing_in_the_file() { return test::settings_of({}); }

// Two mentions a day; every `nth` is a complaint.
Time days(Stream& stream, Time from, int n, int nth) {
  for (int i = 0; i < 2 * n; ++i) {
    Said said;
    said.negative = nth > 0 && i % nth == nth - 1;
    stream.many(from + i * hours(12), 1, hours(12), said);
  }
  return from + n * kDay;
}

TEST(SmallBrands, HaveEachComplaintTold) {
  Stream stream;
  Time now = days(stream, kMonday, 30, 0);
  now = stream.many(now, 1, hours(12));
  now = days(stream, now, 4, 0);

  const auto signals = signals_of(nothing_in_the_file(), stream.all, now);

  const auto raises = of(signals, SignalKind::raise, "each-complaint");
  ASSERT_THAT(raises, SizeIs(1));
  EXPECT_EQ(raises[0].observed, 1);
  EXPECT_EQ(raises[0].severity, 2);
  EXPECT_THAT(raises[0].mentions, SizeIs(1));
  EXPECT_THAT(of(signals, SignalKind::clear, "each-complaint"), SizeIs(1)) << "a day without another ends it";
}

TEST(SmallBrands, AreThoseKnownForTwoWeeks) {
  Stream stream;
  Time now = days(stream, kMonday, 10, 0);
  now = stream.many(now, 1, hours(12));

  EXPECT_THAT(of(signals_of(nothing_in_the_file(), stream.all, now), SignalKind::raise, "each-complaint"), IsEmpty());
}

TEST(SmallBrands, AreNotThoseSpokenOfTenTimesADay) {
  Stream stream;
  Said fine;
  fine.negative = false;
  Time now = stream.many(kMonday, 300, minutes(144), fine);
  now = stream.many(now, 1, hours(1));

  EXPECT_THAT(of(signals_of(nothing_in_the_file(), stream.all, now), SignalKind::raise, "each-complaint"), IsEmpty());
}

TEST(SmallBrands, AreToldWhenComplaintsSlowlyGrowMoreFrequent) {
  Stream stream;
  const Time changed = days(stream, kMonday, 120, 10);
  const Time now = days(stream, changed, 90, 3);

  const auto raises = of(signals_of(nothing_in_the_file(), stream.all, now), SignalKind::raise, "slow-drift");

  ASSERT_THAT(raises, Not(IsEmpty()));
  EXPECT_GT(raises[0].at, changed + 7 * kDay) << "sooner it would be a rise, not a drift";
  EXPECT_GT(raises[0].observed, 1.5 * raises[0].expected);
  EXPECT_GE(raises[0].total, 10);
  EXPECT_GE(raises[0].since, changed - 15 * kDay);
}

TEST(SmallBrands, AreLeftInPeaceWhileTheShareIsAsBefore) {
  SeededRng rng(7);
  int raises = 0;
  for (int life = 0; life < 10; ++life) {
    Stream stream;
    Time now = kMonday;
    for (int i = 0; i < 730; ++i) {
      Said said;
      said.negative = rng.unit() < 0.15;
      stream.many(now, 1, hours(12), said);
      now += hours(12);
    }
    raises += static_cast<int>(
        of(signals_of(nothing_in_the_file(), stream.all, now), SignalKind::raise, "slow-drift").size());
  }
  EXPECT_LE(raises, 12) << "ten years: a tenth of a budget of one a month";
}

TEST(SmallBrands, AreTreatedAsOthersWhereTheFileSaysSo) {
  Stream stream;
  Time now = days(stream, kMonday, 30, 0);
  now = stream.many(now, 1, hours(12));
  Settings off = nothing_in_the_file();
  off.detect.small = false;

  EXPECT_THAT(of(signals_of(off, stream.all, now), SignalKind::raise, "each-complaint"), IsEmpty());
}

TEST(SmallBrands, GoOnAfterARestartToTheByte) {
  Stream stream;
  const Time changed = days(stream, kMonday, 60, 8);
  days(stream, changed, 60, 3);
  const Settings settings = nothing_in_the_file();
  const auto whole = make_rules(settings, theme_ids());
  std::vector<Signal> expected;
  test::observe(*whole, stream.all, expected);
  for (const std::size_t cut : {std::size_t{3}, std::size_t{77}, std::size_t{150}, std::size_t{200}}) {
    const auto first = make_rules(settings, theme_ids()), second = make_rules(settings, theme_ids());
    std::vector<Signal> signals;
    const auto middle = stream.all.begin() + static_cast<std::ptrdiff_t>(cut);
    test::observe(*first, {stream.all.begin(), middle}, signals);
    ASSERT_TRUE(second->restore(first->save()));
    test::observe(*second, {middle, stream.all.end()}, signals);

    EXPECT_EQ(test::lines(signals), test::lines(expected));
    EXPECT_EQ(second->save(), whole->save());
  }
}

}  // namespace
}  // namespace vigie
