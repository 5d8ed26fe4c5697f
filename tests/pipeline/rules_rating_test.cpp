// Rules of kind rating.

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
using testing::SizeIs;

Settings half_a_star() {
  RuleSettings rule = test::rule(RuleSettings::Kind::rating, "stars", 10, 7 * kDay);
  rule.drop = 0.5;
  rule.before = 28 * kDay;
  return test::settings_of({rule});
}

Said stars(int n) {
  Said said;
  said.kind = "review";
  said.stars = n;
  said.negative = n <= 2;
  return said;
}

// Two reviews a day, first of five and four stars, then as told.
Time five_weeks(Stream& stream) {
  Time now = kMonday;
  for (int day = 0; day < 35; ++day) {
    now = stream.many(now, 1, hours(12), stars(5));
    now = stream.many(now, 1, hours(12), stars(4));
  }
  return now;
}

TEST(Rating, SpeaksWhenTheMeanOfTheWindowFellFarEnough) {
  Stream stream;
  Time now = five_weeks(stream);
  now = stream.many(now, 6, hours(12), stars(1));

  const auto raised = of(signals_of(half_a_star(), stream.all, now), SignalKind::raise, "stars");

  ASSERT_THAT(raised, SizeIs(1));
  EXPECT_EQ(raised[0].rule, "rating");
  EXPECT_EQ(raised[0].measure, "stars");
  EXPECT_NEAR(raised[0].expected, 4.5, 0.01);
  EXPECT_LE(raised[0].observed, 4.0);
  EXPECT_EQ(raised[0].limit, 0.5);
  EXPECT_GE(raised[0].total, 10);
  EXPECT_THAT(raised[0].mentions, SizeIs(testing::Ge(2u))) << "the ones that pull it down";
}

TEST(Rating, IsQuietWhileTooFewWereGiven) {
  Stream stream;
  const Time now = five_weeks(stream) + 7 * kDay;
  stream.many(now, 9, hours(1), stars(1));

  EXPECT_THAT(of(signals_of(half_a_star(), stream.all, now + kDay), SignalKind::raise, "stars"), IsEmpty());
}

TEST(Rating, IsNoFallWhenPraiseAndBlameComeAsEver) {
  Stream stream;
  const Time now = five_weeks(stream);

  EXPECT_THAT(of(signals_of(half_a_star(), stream.all, now), SignalKind::raise, "stars"), IsEmpty());
}

TEST(Rating, ClearsWhenTheMeanIsBackAndNotWhenNobodyRatesAnyMore) {
  Stream stream;
  Time now = five_weeks(stream);
  now = stream.many(now, 6, hours(12), stars(1));
  Stream recovered = stream;
  const Time later = recovered.many(now, 20, hours(12), stars(5));

  EXPECT_THAT(of(signals_of(half_a_star(), stream.all, now + 20 * kDay), SignalKind::clear, "stars"), IsEmpty());
  EXPECT_THAT(of(signals_of(half_a_star(), recovered.all, later), SignalKind::clear, "stars"), SizeIs(1));
}

TEST(Rating, TakesForTheNewNormalWhatAPersonAccepted) {
  Stream stream;
  Time now = five_weeks(stream);
  now = stream.many(now, 20, hours(12), stars(3));
  const Settings settings = half_a_star();
  const auto rules = make_rules(settings, theme_ids());
  std::vector<Signal> out;
  test::observe(*rules, stream.all, out);
  ASSERT_THAT(of(out, SignalKind::raise, "stars"), SizeIs(1));

  out.clear();
  rules->accept("acme", "stars", now, out);
  EXPECT_THAT(of(out, SignalKind::clear, "stars"), SizeIs(1));
  out.clear();
  Stream more;
  more.many(now, 40, hours(12), stars(3));
  test::observe(*rules, more.all, out);
  EXPECT_THAT(of(out, SignalKind::raise, "stars"), IsEmpty());
}

TEST(Rating, OfASurveyIsItsNps) {
  RuleSettings rule = test::rule(RuleSettings::Kind::rating, "nps", 10, 7 * kDay);
  rule.measure = Measure::nps;
  rule.drop = 20;
  Stream stream;
  const auto answer = [&](Time from, int n, double of_ten) {
    const std::size_t first = stream.all.size();
    const Time end = stream.many(from, n, hours(4), stars(3));
    for (std::size_t i = first; i < stream.all.size(); ++i) stream.all[i].mention.rating = Rating{of_ten, 0, 10};
    return end;
  };
  Time now = kMonday;
  for (int half_day = 0; half_day < 105; ++half_day) {
    now = answer(now, 1, 9);  // a promoter
    now = answer(now, 1, 8);  // neither
  }
  now = answer(now, 20, 6);  // detractors

  const auto raised = of(signals_of(test::settings_of({rule}), stream.all, now), SignalKind::raise, "nps");

  ASSERT_THAT(raised, SizeIs(1));
  EXPECT_NEAR(raised[0].expected, 50, 5);
  EXPECT_LE(raised[0].observed, 30);
}

}  // namespace
}  // namespace vigie
