#include "wall/measures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.h"

namespace vigie {
namespace {

using Asked = SurveySettings::Measure;
using testing::HasSubstr;
using testing::SizeIs;

constexpr double kRounded = 0.005;  // vectors are written to two digits

void expect_bounds(Bounds found, double low, double high) {
  EXPECT_NEAR(found.low, low, kRounded);
  EXPECT_NEAR(found.high, high, kRounded);
}

AnswerCount answers(std::int64_t rating, std::int64_t count, const std::string& origin = "inv",
                    const std::string& channel = "email", const std::string& place = "") {
  AnswerCount one;
  one.day = 20'412;  // 2025-11-20
  one.origin = origin;
  one.channel = channel;
  one.place = place;
  one.rating = rating;
  one.count = count;
  return one;
}

SurveySettings survey(Asked measure) {
  SurveySettings one;
  one.id = "after-delivery";
  one.subject = "Acme";
  one.measure = measure;
  return one;
}

}  // namespace

TEST(Measures, GiveTheNetPromoterScoreWithItsAdjustedWaldInterval) {
  EXPECT_NEAR(net_promoters(60, 25, 15), 45.0, 1e-9);
  expect_bounds(net_promoter_bounds(60, 25, 15), 29.34, 58.04);
  EXPECT_NEAR(net_promoters(500, 300, 200), 30.0, 1e-9);
  expect_bounds(net_promoter_bounds(500, 300, 200), 25.08, 34.74);
}

TEST(Measures, GiveSharesWithWilsonsInterval) {
  expect_bounds(share_bounds(80, 100), 71.12, 86.66);
  expect_bounds(share_bounds(5, 5), 56.55, 100);
  expect_bounds(share_bounds(0, 10), 0, 27.75);
  expect_bounds(share_bounds(1, 3), 6.15, 79.23);
}

TEST(Measures, SayNothingBelowTenAnswers) {
  EXPECT_FALSE(measure(Asked::nps, {{10, 9}}));
  EXPECT_TRUE(measure(Asked::nps, {{10, 10}}));
}

TEST(Measures, CountPromotersFromNineAndDetractorsUpToSix) {
  const auto found = measure(Asked::nps, {{0, 1}, {6, 1}, {7, 3}, {8, 1}, {9, 2}, {10, 2}});

  ASSERT_TRUE(found);
  EXPECT_NEAR(found->value, 20.0, 1e-9);
  EXPECT_FALSE(found->mean);
}

TEST(Measures, CountSatisfiedFromFourOfFiveAndEasyFromFiveOfSeven) {
  const auto csat = measure(Asked::csat, {{1, 1}, {3, 1}, {4, 4}, {5, 4}});
  const auto ces = measure(Asked::ces, {{1, 1}, {4, 4}, {5, 4}, {7, 1}});

  ASSERT_TRUE(csat && ces);
  EXPECT_NEAR(csat->value, 80.0, 1e-9);
  EXPECT_NEAR(*csat->mean, 4.0, 1e-9);
  EXPECT_NEAR(ces->value, 50.0, 1e-9);
  EXPECT_NEAR(*ces->mean, 4.4, 1e-9);
}

TEST(Measures, LeaveOutWhatIsNotOnTheScale) {
  const auto found = measure(Asked::csat, {{0, 50}, {5, 10}, {6, 50}});

  ASSERT_TRUE(found);
  EXPECT_EQ(found->n, 10);
}

TEST(Measures, KeepPostersApartFromThoseInvited) {
  const SurveyReport report =
      survey_report(survey(Asked::csat), {answers(5, 12), answers(1, 30, "qr", "qr", "paris-nation")}, {});

  EXPECT_EQ(report.invited.n, 12);
  EXPECT_NEAR(report.invited.measured->value, 100.0, 1e-9);
  EXPECT_EQ(report.open.n, 30);
  EXPECT_NEAR(report.open.measured->value, 0.0, 1e-9);
}

TEST(Measures, KeepPostersApartByPlaceAndMonthToo) {
  const SurveyReport report = survey_report(survey(Asked::csat),
                                            {answers(5, 12, "inv", "email", "paris-nation"),
                                             answers(1, 30, "qr", "qr", "paris-nation"), answers(1, 3, "qr", "kiosk")},
                                            {});

  ASSERT_THAT(report.by_place, SizeIs(1));
  EXPECT_EQ(report.by_place.front().name, "paris-nation");
  EXPECT_EQ(report.by_place.front().n, 12);
  ASSERT_THAT(report.by_month, SizeIs(1));
  EXPECT_EQ(report.by_month.front().name, "2025-11");
  EXPECT_NEAR(report.by_month.front().measured->value, 100.0, 1e-9) << "whoever photographs a poster moves no month";
  ASSERT_THAT(report.open_by_place, SizeIs(1));
  EXPECT_EQ(report.open_by_place.front().n, 30);
  ASSERT_THAT(report.open_by_month, SizeIs(1));
  EXPECT_EQ(report.open_by_month.front().n, 33);
  EXPECT_THAT(to_text(report), HasSubstr("poster, kiosk in 2025-11 0.0 % ["));
  EXPECT_THAT(to_json(report), HasSubstr("\"open_by_month\":[{\"name\":\"2025-11\",\"n\":33,"));
}

TEST(Measures, ResponseIsAnsweredOverDelivered) {
  InvitationCount sent;
  sent.channel = "email";
  sent.invited = 100;
  sent.delivered = 80;
  sent.bounced = 20;
  sent.started = 30;
  sent.answered = 20;

  const SurveyReport report = survey_report(survey(Asked::csat), {answers(4, 20)}, {sent});

  EXPECT_NEAR(report.asked.response().value(), 0.25, 1e-9);
  EXPECT_THAT(to_text(report), HasSubstr("80 delivered, 20 bounced"));
  EXPECT_THAT(to_text(report), HasSubstr("response rate 25.0 %"));
  EXPECT_FALSE(AskedAndAnswered().response());
}

TEST(Measures, AreJsonThatReadsBack) {
  const SurveyReport report = survey_report(survey(Asked::nps), {answers(10, 60), answers(7, 25), answers(0, 15)}, {});

  const auto read = json::parse(to_json(report));

  ASSERT_TRUE(read);
  EXPECT_EQ(read->root().text_or("measure", ""), "nps");
  EXPECT_EQ(read->root().text_or("name", ""), "Acme");
  EXPECT_EQ(read->root().scalar_or("invited.value", ""), "45.00");
  EXPECT_EQ(read->root().scalar_or("invited.low", ""), "29.34");
  EXPECT_EQ(read->root().scalar_or("open.enough", ""), "false");
}

RC_GTEST_PROP(Measures, NetPromoterIntervalsLieOnTheScaleAndShrinkWithMoreAnswers, ()) {
  const auto promoters = *rc::gen::inRange<std::int64_t>(0, 5000), passives = *rc::gen::inRange<std::int64_t>(0, 5000);
  const auto detractors = *rc::gen::inRange<std::int64_t>(0, 5000);
  RC_PRE(promoters + passives + detractors > 0);

  const Bounds found = net_promoter_bounds(promoters, passives, detractors);
  const Bounds more = net_promoter_bounds(promoters * 4, passives * 4, detractors * 4);

  RC_ASSERT(-100 <= found.low && found.low < found.high && found.high <= 100);
  RC_ASSERT(more.high - more.low <= found.high - found.low);
}

RC_GTEST_PROP(Measures, SwappingFriendsAndFoesMirrorsTheInterval, ()) {
  const auto promoters = *rc::gen::inRange<std::int64_t>(0, 500), detractors = *rc::gen::inRange<std::int64_t>(0, 500);

  const Bounds one = net_promoter_bounds(promoters, 10, detractors),
               other = net_promoter_bounds(detractors, 10, promoters);

  RC_ASSERT(std::abs(one.low + other.high) < 1e-9 && std::abs(one.high + other.low) < 1e-9);
}

RC_GTEST_PROP(Measures, WilsonHoldsTheShareItself, ()) {
  const auto n = *rc::gen::inRange<std::int64_t>(1, 100'000);
  const auto hits = *rc::gen::inRange<std::int64_t>(0, n + 1);
  const double share = 100.0 * static_cast<double>(hits) / static_cast<double>(n);

  const Bounds found = share_bounds(hits, n);

  RC_ASSERT(0 <= found.low && found.low <= share + 1e-9 && share <= found.high + 1e-9 && found.high <= 100);
}

RC_GTEST_PROP(Measures, EveryAnswerStandsInOneMonthAndOneChannel, ()) {
  std::vector<AnswerCount> counts;
  std::int64_t all = 0;
  for (int i = *rc::gen::inRange(0, 30); i > 0; --i) {
    AnswerCount one = answers(*rc::gen::inRange<std::int64_t>(0, 11), *rc::gen::inRange<std::int64_t>(1, 9));
    one.origin = *rc::gen::element<std::string>("inv", "qr", "web");
    one.channel = *rc::gen::element<std::string>("email", "sms", "qr", "kiosk");
    one.day = *rc::gen::inRange<std::int64_t>(20'000, 20'400);
    all += one.count;
    counts.push_back(one);
  }

  const SurveyReport report = survey_report(survey(Asked::nps), counts, {});

  std::int64_t months = 0, channels = 0;
  for (const MeasuredGroup& group : report.by_month) months += group.n;
  for (const MeasuredGroup& group : report.open_by_month) months += group.n;
  for (const MeasuredGroup& group : report.by_channel) channels += group.n;
  RC_ASSERT(months == all && channels == all && report.invited.n + report.open.n == all);
}

}  // namespace vigie
