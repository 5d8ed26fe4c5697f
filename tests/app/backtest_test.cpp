// Comparing and reporting: incidents in, words out.

#include "app/backtest_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const Time kOctober = parse_rfc3339("2026-10-01T00:00:00Z").value();
const Window kWindow{kOctober, kOctober + 31 * kDay};

Incident incident(const std::string& id, Duration opened, Duration lasts, int severity = 3) {
  Incident one;
  one.id = id;
  one.brand = "acme";
  one.state = IncidentState::closed;
  one.opened = kOctober + opened;
  one.ended = one.opened + lasts;
  one.severity = severity;
  return one;
}

ReplayedIncident replayed(const std::string& id, Duration opened, Duration lasts, int severity = 3) {
  ReplayedIncident one;
  one.incident = incident(id, opened, lasts, severity);
  one.messages = 2;
  one.first.at = one.incident.opened;
  one.first.since = one.incident.opened - hours(2);
  one.first.observed = 48;
  one.first.expected = 7.4;
  one.first.expected_low = 3;
  one.first.expected_high = 12;
  one.first.themes = {{"delivery", 40, 2}};
  return one;
}

TEST(Backtest, GivesAnIncidentWhatPeopleSaidOfTheSameStoryThen) {
  const std::vector<ToldThen> then = {{incident("live-1", kDay, hours(5)), VerdictWord::useful},
                                      {incident("live-2", 9 * kDay, hours(5)), VerdictWord::false_alarm}};

  const SettingReport report = judge(
      {replayed("a", kDay + hours(1), hours(5)), replayed("b", 9 * kDay, hours(1)), replayed("c", 20 * kDay, hours(1))},
      then, kWindow);

  ASSERT_THAT(report.found, SizeIs(3));
  EXPECT_EQ(report.found[0].then, "live-1");
  EXPECT_EQ(report.found[0].verdict, VerdictWord::useful);
  EXPECT_EQ(report.found[1].verdict, VerdictWord::false_alarm);
  EXPECT_EQ(report.found[2].then, std::nullopt);
  EXPECT_EQ(report.counts.useful, 1);
  EXPECT_EQ(report.counts.false_alarms, 1);
  EXPECT_EQ(report.counts.unjudged, 1);
  EXPECT_EQ(report.counts.messages, 6);
  EXPECT_THAT(report.missed, IsEmpty());
}

TEST(Backtest, NamesTheConfirmedIncidentsThatItWouldHaveMissed) {
  const std::vector<ToldThen> then = {{incident("useful", kDay, hours(5)), VerdictWord::useful},
                                      {incident("false", 9 * kDay, hours(5)), VerdictWord::false_alarm},
                                      {incident("unsaid", 12 * kDay, hours(5)), std::nullopt},
                                      {incident("before", -9 * kDay, hours(5)), VerdictWord::useful}};

  const SettingReport report = judge({}, then, kWindow);

  ASSERT_THAT(report.missed, SizeIs(1));
  EXPECT_EQ(report.missed[0].incident.id, "useful");
}

TEST(Backtest, CountsWhatOpenedWithinTheWindowAlone) {
  const SettingReport report = judge({replayed("before", -hours(1), hours(9)), replayed("in", hours(1), hours(1)),
                                      replayed("after", 40 * kDay, hours(1))},
                                     {}, kWindow);

  ASSERT_THAT(report.found, SizeIs(1));
  EXPECT_EQ(report.found[0].replayed.incident.id, "in");
}

TEST(Backtest, TakesTwoIncidentsForOneStoryWithinTheTimeInWhichARiseReopens) {
  const Incident one = incident("a", kDay, hours(1));

  EXPECT_TRUE(same_story(one, incident("b", kDay + hours(6), hours(1)), kWindow.to));
  EXPECT_FALSE(same_story(one, incident("b", kDay + hours(8), hours(1)), kWindow.to));
  Incident other_kind = one;
  other_kind.kind = "storm";
  EXPECT_FALSE(same_story(one, other_kind, kWindow.to));
}

TEST(Backtest, SaysWhatAChangedSettingTellsOtherwise) {
  const SettingReport before = judge({replayed("same", kDay, hours(5)), replayed("gone", 5 * kDay, hours(1)),
                                      replayed("late", 9 * kDay, hours(5)), replayed("grave", 15 * kDay, hours(5), 3)},
                                     {}, kWindow);
  const SettingReport after =
      judge({replayed("same", kDay, hours(5)), replayed("early", 9 * kDay - minutes(90), hours(5)),
             replayed("grave", 15 * kDay, hours(5), 5), replayed("new", 25 * kDay, hours(5))},
            {}, kWindow);

  const std::vector<Change> changes = compare(before, after, kWindow);

  std::vector<std::string> said;
  for (const Change& change : changes) said.emplace_back(to_text(change.kind));
  EXPECT_THAT(said, ElementsAre("gone", "earlier", "graver", "new"));
  EXPECT_EQ(changes[1].by, minutes(90));
  EXPECT_THAT(compare(before, before, kWindow), IsEmpty());
}

TEST(Backtest, MarksEveryDayOfAMonth) {
  const Window window{kOctober + 9 * kDay, kOctober + 33 * kDay};
  const SettingReport report =
      judge({replayed("a", 11 * kDay, 2 * kDay, 3), replayed("b", 12 * kDay + hours(20), hours(1), 5)}, {}, window);

  const std::vector<Strip> months = strips(report, window);

  ASSERT_THAT(months, SizeIs(2));
  EXPECT_EQ(months[0].month, "2026-10");
  EXPECT_EQ(months[0].days, "         ..353.................");
  EXPECT_EQ(months[1].month, "2026-11");
  EXPECT_EQ(months[1].days, "..");
}

Backtest two_settings() {
  const std::vector<ToldThen> then = {{incident("live-1", kDay, hours(5)), VerdictWord::useful},
                                      {incident("live-2", 9 * kDay, hours(5)), VerdictWord::false_alarm}};
  Backtest backtest;
  backtest.config = "vigie.toml";
  backtest.sets = {"detect.budget=0.5"};
  backtest.window = kWindow;
  backtest.learnt_from = kOctober - 60 * kDay;
  backtest.mentions = 12345;
  backtest.changed_budget = .5;
  backtest.brand_names = {{"acme", "Acme"}};
  BrandReport acme, quiet;
  acme.brand = "acme";
  acme.file = judge({replayed("a", kDay, hours(5)), replayed("b", 9 * kDay, hours(2))}, then, kWindow);
  acme.changed = judge({replayed("b", 9 * kDay + minutes(30), hours(2))}, then, kWindow);
  acme.changes = compare(acme.file, *acme.changed, kWindow);
  quiet.brand = "quiet";
  quiet.changed.emplace();
  backtest.brands = {acme, quiet};
  return backtest;
}

TEST(BacktestReport, ReadsAsAPersonWouldTellIt) {
  const std::string text = backtest_text(two_settings());

  EXPECT_THAT(text, AllOf(HasSubstr("vigie.toml: 2026-10-01 to 2026-11-01, 31 days; learnt from 2026-08-02 on"),
                          HasSubstr("changed: detect.budget=0.5"), HasSubstr("\nAcme\n"),
                          HasSubstr("2026-10  .3.......3.....................  as it is"),
                          HasSubstr("2026-10-02 00:00 to 2026-10-02 05:00, negative, severity 3: 48 in 2 h"),
                          HasSubstr("about delivery"), HasSubstr("told then (live-1), called useful; 2 messages")));
  EXPECT_THAT(
      text, AllOf(HasSubstr("2 incidents, 4 messages: 1 useful, 1 false, 0 not judged"), HasSubstr("gone "),
                  HasSubstr("later by 30 min"), HasSubstr("missed: 2026-10-02 00:00"), HasSubstr("1 useful one missed"),
                  HasSubstr("1 brand of which nothing would have been told"), Not(HasSubstr("\nquiet\n"))));
}

TEST(BacktestReport, IsJsonThatAProgramReads) {
  const std::string text = backtest_json(two_settings());

  const auto document = json::parse(text);
  ASSERT_TRUE(document) << document.error().what;
  const json::Value root = document->root();
  EXPECT_EQ(root.text_or("brands.0.file.incidents.0.verdict", ""), "useful");
  EXPECT_EQ(root.text_or("brands.0.changed.missed.0.id", ""), "live-1");
  EXPECT_EQ(root.text_or("brands.0.changes.0.change", ""), "gone");
  EXPECT_EQ(root.number_or("brands.0.changes.1.seconds", 0), 1800);
  EXPECT_EQ(root.text_or("brands.0.file.strips.0.days", "").size(), 31u);
}

TEST(BacktestReport, IsATableWithALineAnIncident) {
  const std::string text = backtest_csv(two_settings());

  EXPECT_THAT(text, AllOf(HasSubstr("setting,brand,kind,what,incident,opened"),
                          HasSubstr("file,acme,negative,told,a,2026-10-02T00:00:00Z,2026-10-02T05:00:00Z,3,2,48,7.4,3,"
                                    "12,delivery,live-1,useful\r\n"),
                          HasSubstr("changed,acme,negative,missed,live-1,")));
}

}  // namespace
}  // namespace vigie
