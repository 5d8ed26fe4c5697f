// Rules of kind threshold and keyword.

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
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Kind = RuleSettings::Kind;

Settings ten_an_hour() { return test::settings_of({test::rule(Kind::threshold, "ten", 10, hours(1))}); }

Settings word(const std::string& match) {
  RuleSettings keyword = test::rule(Kind::keyword, "boycott", 1, kDay);
  keyword.match = match;
  keyword.name = "calls for a boycott";
  return test::settings_of({keyword});
}

TEST(Threshold, SpeaksWhenSoManyAuthorsComplainWithinItsWindow) {
  Stream stream;
  stream.many(kMonday, 10, minutes(5));

  const auto raised = of(signals_of(ten_an_hour(), stream.all, kMonday + hours(1)), SignalKind::raise);

  ASSERT_THAT(raised, SizeIs(1));
  const Signal& signal = raised[0];
  EXPECT_EQ(signal.brand, "acme");
  EXPECT_EQ(signal.incident_kind, "ten");
  EXPECT_EQ(signal.rule, "threshold");
  EXPECT_EQ(signal.measure, "negatives");
  EXPECT_EQ(signal.observed, 10);
  EXPECT_EQ(signal.limit, 10);
  EXPECT_EQ(signal.window, hours(1));
  EXPECT_EQ(signal.since, kMonday);
  EXPECT_EQ(signal.at, kMonday + minutes(46)) << "the end of the minute that brought the tenth";
  EXPECT_EQ(signal.severity, 3);
  EXPECT_THAT(signal.mentions, SizeIs(10));
  ASSERT_THAT(signal.sources, SizeIs(1));
  EXPECT_EQ(signal.sources[0].negatives, 10);
}

TEST(Threshold, IsQuietWhenTheyComeMoreSlowly) {
  Stream stream;
  stream.many(kMonday, 40, minutes(8));

  EXPECT_THAT(signals_of(ten_an_hour(), stream.all, kMonday + hours(9)), IsEmpty());
}

TEST(Threshold, CountsAnAuthorOnceAndACopyNever) {
  Stream stream;
  for (int i = 0; i < 30; ++i) stream.say(kMonday + minutes(i), {"client-1"});
  stream.many(kMonday, 8, minutes(1));
  Said copy;
  copy.copy = true;
  stream.many(kMonday + minutes(31), 20, seconds(20), copy);

  EXPECT_THAT(signals_of(ten_an_hour(), stream.all, kMonday + hours(2)), IsEmpty());
}

TEST(Threshold, CountsWhatWasWrittenWithinTheWindowWheneverItCame) {
  Stream stream;
  Said late;
  late.late = hours(5);
  stream.many(kMonday, 30, seconds(5), late);
  EXPECT_THAT(signals_of(ten_an_hour(), stream.all, kMonday + hours(1)), IsEmpty()) << "a back-fill is no news";

  late.late = minutes(40);
  stream.many(kMonday + hours(1), 10, seconds(5), late);
  EXPECT_THAT(of(signals_of(ten_an_hour(), stream.all, kMonday + hours(2)), SignalKind::raise), SizeIs(1));
}

TEST(Threshold, LeavesTheFirstBackFillOut) {
  Stream stream;
  Said old;
  old.history = true;
  stream.many(kMonday, 30, seconds(5), old);

  EXPECT_THAT(signals_of(ten_an_hour(), stream.all, kMonday + hours(1)), IsEmpty());
}

TEST(Threshold, ClearsOnlyUnderALowerBarAndForAWhile) {
  Stream stream;
  Time now = stream.many(kMonday, 10, minutes(3));  // over the bar
  now = stream.many(now, 20, seconds(450));         // 8 an hour: under the bar, over three quarters of it
  const auto meanwhile = signals_of(ten_an_hour(), stream.all, now);
  EXPECT_THAT(of(meanwhile, SignalKind::raise), SizeIs(1));
  EXPECT_THAT(of(meanwhile, SignalKind::clear), IsEmpty());

  const Time last = stream.all.back().ingested;
  const auto later = signals_of(ten_an_hour(), stream.all, now + hours(2));
  const auto cleared = of(later, SignalKind::clear);
  ASSERT_THAT(cleared, SizeIs(1));
  EXPECT_GT(cleared[0].at, last + minutes(15));
  EXPECT_LT(cleared[0].at, last + minutes(60));
}

TEST(Threshold, SaysThatDataIsMissingRatherThanThatItIsOver) {
  Stream stream;
  Said fine;
  fine.negative = false;
  Time now = stream.many(kMonday, 3 * 24 * 60, minutes(1), fine);  // usually one a minute
  now = stream.many(now, 12, seconds(30));

  const auto signals = signals_of(ten_an_hour(), stream.all, now + 2 * kDay);

  EXPECT_THAT(of(signals, SignalKind::no_data, "ten"), SizeIs(1));
  EXPECT_THAT(of(signals, SignalKind::clear, "ten"), IsEmpty());

  now = stream.many(now + kDay, 120, minutes(1), fine);
  EXPECT_THAT(of(signals_of(ten_an_hour(), stream.all, now), SignalKind::clear, "ten"), SizeIs(1))
      << "sources are back";
}

TEST(Threshold, BecomesGraverWithTheCount) {
  Stream stream;
  const Time now = stream.many(kMonday, 120, seconds(20));

  const auto signals = signals_of(ten_an_hour(), stream.all, now);

  EXPECT_EQ(of(signals, SignalKind::raise).at(0).severity, 3);
  EXPECT_EQ(signals.back().severity, 5);
}

TEST(Threshold, OfAShareAsksForEnoughNegativesAndForTheShare) {
  RuleSettings share = test::rule(Kind::threshold, "half", 20, kDay);
  share.measure = Measure::share;
  share.share = 0.5;
  const Settings settings = test::settings_of({share});
  Said fine;
  fine.negative = false;

  Stream few, held, half;
  few.many(kMonday, 9, minutes(1));
  held.many(kMonday, 20, minutes(1), fine);
  held.many(kMonday + hours(1), 15, minutes(1));
  half.many(kMonday, 10, minutes(1), fine);
  half.many(kMonday + hours(1), 15, minutes(1));

  EXPECT_THAT(signals_of(settings, few.all, kMonday + hours(3)), IsEmpty()) << "nine say nothing yet";
  EXPECT_THAT(signals_of(settings, held.all, kMonday + hours(3)), IsEmpty());
  const auto raised = of(signals_of(settings, half.all, kMonday + hours(3)), SignalKind::raise);
  ASSERT_THAT(raised, SizeIs(1));
  EXPECT_EQ(raised[0].limit, 0.5);
  EXPECT_EQ(raised[0].observed, 10);
  EXPECT_EQ(raised[0].total, 20);
}

TEST(Threshold, OfAThemeCountsOnlyComplaintsAboutIt) {
  RuleSettings delivery = test::rule(Kind::threshold, "late", 5, hours(1));
  delivery.themes = {"delivery"};
  Said parcel, price;
  parcel.themes = {"delivery"};
  price.themes = {"price"};
  Stream stream;
  stream.many(kMonday, 20, minutes(1), price);
  EXPECT_THAT(signals_of(test::settings_of({delivery}), stream.all, kMonday + hours(2)), IsEmpty());

  stream.many(kMonday + hours(3), 5, minutes(1), parcel);
  const auto raised = of(signals_of(test::settings_of({delivery}), stream.all, kMonday + hours(4)), SignalKind::raise);
  ASSERT_THAT(raised, SizeIs(1));
  ASSERT_THAT(raised[0].themes, SizeIs(1));
  EXPECT_EQ(raised[0].themes[0].theme, "delivery");
}

TEST(Threshold, StaysQuietAfterAPersonAcceptedItUntilItWasOver) {
  Stream stream;
  stream.many(kMonday, 200, minutes(4));  // 15 an hour, for 13 hours
  const Settings settings = ten_an_hour();
  const auto rules = make_rules(settings, theme_ids());
  std::vector<Signal> out;
  test::observe(*rules, {stream.all.begin(), stream.all.begin() + 30}, out);
  ASSERT_THAT(of(out, SignalKind::raise), SizeIs(1));

  out.clear();
  rules->accept("acme", "ten", stream.all[29].ingested, out);
  EXPECT_THAT(of(out, SignalKind::clear), SizeIs(1));
  out.clear();
  test::observe(*rules, {stream.all.begin() + 30, stream.all.end()}, out);
  EXPECT_THAT(out, IsEmpty());

  Stream again;
  again.many(stream.all.back().ingested + kDay, 10, minutes(1));
  test::observe(*rules, again.all, out);
  rules->tick(again.all.back().ingested + hours(1), out);
  EXPECT_THAT(of(out, SignalKind::raise), SizeIs(1));
}

TEST(Keyword, TellsOfEachMentionThatFitsInOneIncident) {
  Stream stream;
  Said call, other;
  call.text = "Boycott Acme, all of you";
  call.negative = false;  // whatever the mood
  other.text = "Acme is fine";
  stream.many(kMonday, 30, minutes(1), other);
  stream.many(kMonday + hours(1), 3, hours(2), call);

  const auto signals = signals_of(word("boycott*"), stream.all, kMonday + hours(8));

  ASSERT_THAT(of(signals, SignalKind::raise), SizeIs(1));
  EXPECT_EQ(signals[0].observed, 1);
  EXPECT_EQ(signals[0].rule_name, "calls for a boycott");
  const auto updates = of(signals, SignalKind::update);
  ASSERT_THAT(updates, SizeIs(2));
  EXPECT_EQ(updates[1].observed, 3);
  EXPECT_THAT(updates[1].mentions, ElementsAre(31, 32, 33));
  EXPECT_EQ(updates[1].since, kMonday + hours(1));
}

TEST(Keyword, EndsAfterAQuietDay) {
  Stream stream;
  Said call;
  call.text = "boycott acme";
  stream.many(kMonday, 1, minutes(1), call);

  EXPECT_THAT(of(signals_of(word("boycott"), stream.all, kMonday + hours(23)), SignalKind::clear), IsEmpty());
  EXPECT_THAT(of(signals_of(word("boycott"), stream.all, kMonday + hours(26)), SignalKind::clear), SizeIs(1));
}

TEST(Keyword, TellsOfWhatIsFoundLate) {
  Stream stream;
  Said call;
  call.text = "boycott acme";
  call.late = 3 * kDay;
  stream.many(kMonday, 1, minutes(1), call);

  EXPECT_THAT(of(signals_of(word("boycott"), stream.all, kMonday + hours(1)), SignalKind::raise), SizeIs(1));
}

TEST(BudgetRule, IsADetectorOfItsOwnForItsBrandsAndMarked) {
  RuleSettings budget = test::rule(Kind::budget, "careful", 1, hours(1));
  budget.budget = 4;
  budget.shadow = true;
  budget.brands = {"acme"};
  Stream stream;
  Said fine, elsewhere;
  fine.negative = false;
  Time now = kMonday;
  for (int day = 0; day < 10; ++day) {
    for (int i = 0; i < 4; ++i) {
      now = stream.many(now, 35, minutes(10), fine);
      now = stream.many(now, 1, minutes(10));
    }
  }
  stream.many(now, 40, minutes(1));
  elsewhere.brand = "other";
  stream.many(now, 40, minutes(1), elsewhere);

  const auto signals = signals_of(test::settings_of({budget}), stream.all, now + minutes(40));

  const auto built_in = of(signals, SignalKind::raise, "negative"), own = of(signals, SignalKind::raise, "careful");
  ASSERT_THAT(built_in, SizeIs(1));
  ASSERT_THAT(own, SizeIs(1));
  EXPECT_FALSE(built_in[0].shadow);
  EXPECT_TRUE(own[0].shadow);
  EXPECT_NE(own[0].id, built_in[0].id);
  EXPECT_LE(own[0].at, built_in[0].at) << "a larger budget is told no later";
}

}  // namespace
}  // namespace vigie
