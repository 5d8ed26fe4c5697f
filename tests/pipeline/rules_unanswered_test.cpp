// Rules of kind unanswered.

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

Settings two_days(int count = 1) {
  RuleSettings rule = test::rule(RuleSettings::Kind::unanswered, "answers", count, 2 * kDay);
  rule.types = {"review"};
  return test::settings_of({rule});
}

Said review(std::optional<Duration> replied_after = std::nullopt) {
  Said said;
  said.kind = "review";
  if (replied_after) said.reply = OwnReply{"thank you", kMonday + *replied_after};
  return said;
}

TEST(Unanswered, SpeaksWhenTheTimeToAnswerIsUp) {
  Stream stream;
  stream.many(kMonday, 1, minutes(1), review());

  EXPECT_THAT(signals_of(two_days(), stream.all, kMonday + hours(47)), IsEmpty());
  const auto signals = signals_of(two_days(), stream.all, kMonday + hours(49));
  ASSERT_THAT(signals, SizeIs(1));
  EXPECT_EQ(signals[0].kind, SignalKind::raise);
  EXPECT_EQ(signals[0].at, kMonday + hours(48));
  EXPECT_EQ(signals[0].since, kMonday);
  EXPECT_EQ(signals[0].observed, 1);
  EXPECT_EQ(signals[0].measure, "unanswered");
  EXPECT_EQ(signals[0].window, 2 * kDay);
  EXPECT_THAT(signals[0].mentions, ElementsAre(1));
}

TEST(Unanswered, IsQuietAboutWhatWasAnsweredInTime) {
  Stream stream;
  stream.many(kMonday, 1, minutes(1), review(hours(30)));
  Said undated = review();
  undated.reply = OwnReply{"thank you", std::nullopt};
  stream.many(kMonday + minutes(1), 1, minutes(1), undated);

  EXPECT_THAT(signals_of(two_days(), stream.all, kMonday + 5 * kDay), IsEmpty());
}

TEST(Unanswered, EndsWithTheReplyOfALateOne) {
  Stream stream;
  stream.many(kMonday, 1, minutes(1), review(hours(60)));

  const auto signals = signals_of(two_days(), stream.all, kMonday + 4 * kDay);

  ASSERT_THAT(signals, SizeIs(2));
  EXPECT_EQ(signals[0].kind, SignalKind::raise);
  EXPECT_EQ(signals[1].kind, SignalKind::clear);
  EXPECT_GE(signals[1].at, kMonday + hours(60) + minutes(15));
  EXPECT_LE(signals[1].at, kMonday + hours(60) + minutes(31));
}

TEST(Unanswered, WaitsForAsManyAsItIsTold) {
  Stream stream;
  stream.many(kMonday, 2, minutes(1), review());
  EXPECT_THAT(signals_of(two_days(3), stream.all, kMonday + 3 * kDay), IsEmpty());

  stream.many(kMonday + hours(1), 1, minutes(1), review());
  const auto raised = of(signals_of(two_days(3), stream.all, kMonday + 3 * kDay), SignalKind::raise);
  ASSERT_THAT(raised, SizeIs(1));
  EXPECT_EQ(raised[0].observed, 3);
}

TEST(Unanswered, LeavesOtherTypesOfMentionsAlone) {
  Stream stream;
  stream.many(kMonday, 3, minutes(1));

  EXPECT_THAT(signals_of(two_days(), stream.all, kMonday + 5 * kDay), IsEmpty());
}

TEST(Unanswered, LearnsOfRepliesThatWereAddedLater) {
  Stream stream;
  stream.many(kMonday, 3, seconds(1), review());
  const Settings settings = two_days();
  const auto rules = make_rules(settings, theme_ids());
  std::vector<Signal> out;
  test::observe(*rules, stream.all, out);
  EXPECT_THAT(rules->waiting(), IsEmpty()) << "there is time";
  rules->tick(kMonday + hours(48) - minutes(1), out);
  EXPECT_THAT(rules->waiting(), ElementsAre(1, 2, 3)) << "their time is nearly up";

  StoredMention in_time = stream.all[0], deleted = stream.all[1], late = stream.all[2];
  in_time.mention.reply = OwnReply{"here we are", kMonday + hours(20)};
  deleted.deleted = true;
  rules->again(in_time);
  rules->again(deleted);
  rules->tick(kMonday + hours(50), out);
  ASSERT_THAT(of(out, SignalKind::raise), SizeIs(1));
  EXPECT_THAT(out[0].mentions, ElementsAre(3));

  late.mention.reply = OwnReply{"sorry for the wait", kMonday + hours(50)};
  rules->again(late);
  EXPECT_THAT(rules->waiting(), IsEmpty());
  rules->tick(kMonday + hours(52), out);
  EXPECT_THAT(of(out, SignalKind::clear), SizeIs(1));
}

TEST(Unanswered, GivesUpOnWhatNobodyAnswersForAMonth) {
  Stream stream;
  stream.many(kMonday, 1, minutes(1), review());

  EXPECT_THAT(of(signals_of(two_days(), stream.all, kMonday + 31 * kDay), SignalKind::clear), IsEmpty());
  EXPECT_THAT(of(signals_of(two_days(), stream.all, kMonday + 33 * kDay), SignalKind::clear), SizeIs(1));
}

TEST(Unanswered, LetsAPersonAcceptWhatIsOverdue) {
  Stream stream;
  stream.many(kMonday, 2, minutes(1), review());
  const Settings settings = two_days();
  const auto rules = make_rules(settings, theme_ids());
  std::vector<Signal> out;
  test::observe(*rules, stream.all, out);
  rules->tick(kMonday + 3 * kDay, out);
  ASSERT_THAT(of(out, SignalKind::raise), SizeIs(1));

  out.clear();
  rules->accept("acme", "answers", kMonday + 3 * kDay, out);
  rules->tick(kMonday + 4 * kDay, out);

  EXPECT_THAT(out, SizeIs(1)) << "its end, and nothing more";
  EXPECT_EQ(out[0].kind, SignalKind::clear);
}

}  // namespace
}  // namespace vigie
