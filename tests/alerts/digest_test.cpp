#include "alerts/digest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using test::at;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

PersonSettings ana(const std::string& cadence = "daily") {
  PersonSettings person;
  person.id = "ana";
  person.time_zone = "Europe/Paris";
  person.digest = cadence;
  return person;
}

std::string due(const PersonSettings& person, const std::string& now, bool after_quiet = false) {
  const auto found = last_digest(person, at(now), after_quiet);
  if (!found) return found.error().what;
  if (!*found) return "none";
  const DigestTime& time = **found;
  return concat(format_rfc3339(time.period.from).substr(5, 11), " to ", format_rfc3339(time.period.to).substr(5, 11),
                time.regular ? "" : ", after quiet hours");
}

TEST(Digests, AreDueAtTheirLocalTimesOfDay) {
  EXPECT_EQ(due(ana(), "2026-11-21T12:00:00Z"), "11-20T16:30 to 11-21T07:30");
  EXPECT_EQ(due(ana(), "2026-11-21T16:30:00Z"), "11-21T07:30 to 11-21T16:30");
  EXPECT_EQ(due(ana(), "2026-03-29T06:30:00Z"), "03-28T16:30 to 03-29T06:30") << "an hour earlier in summer";
}

TEST(Digests, AreDueEachHourOrEachMonday) {
  EXPECT_EQ(due(ana("hourly"), "2026-11-21T12:59:59Z"), "11-21T11:00 to 11-21T12:00");
  PersonSettings in_kathmandu = ana("hourly");
  in_kathmandu.time_zone = "Asia/Kathmandu";
  EXPECT_EQ(due(in_kathmandu, "2026-11-21T12:20:00Z"), "11-21T11:15 to 11-21T12:15");

  EXPECT_EQ(due(ana("weekly"), "2026-11-23T07:29:59Z"), "11-09T07:30 to 11-16T07:30");
  EXPECT_EQ(due(ana("weekly"), "2026-11-23T07:30:00Z"), "11-16T07:30 to 11-23T07:30");
  EXPECT_EQ(due(ana("weekly"), "2026-03-30T12:00:00Z"), "03-23T07:30 to 03-30T06:30");
}

TEST(Digests, AreNeverDueToWhoWantsNone) {
  EXPECT_EQ(due(ana("never"), "2026-11-21T12:00:00Z"), "none");
  PersonSettings no_times = ana();
  no_times.digest_at = {};
  EXPECT_EQ(due(no_times, "2026-11-21T12:00:00Z"), "none");
}

TEST(Digests, WaitForTheEndOfQuietHours) {
  PersonSettings person = ana();
  person.quiet = {{0x7f, 17 * 60, 9 * 60}};

  EXPECT_EQ(due(person, "2026-11-21T07:45:00Z"), "none") << "08:45 is quiet";
  EXPECT_EQ(due(person, "2026-11-21T08:00:00Z"), "11-20T16:30 to 11-21T08:00");
}

TEST(Digests, AreDueAtTheEndOfANightThatHeldSomethingBack) {
  PersonSettings person = ana();
  person.quiet = {{0x7f, 22 * 60, 7 * 60}};

  EXPECT_EQ(due(person, "2026-11-21T06:30:00Z", true), "11-20T21:00 to 11-21T06:00, after quiet hours");
  EXPECT_EQ(due(person, "2026-11-21T06:30:00Z", false), "11-20T07:30 to 11-20T16:30");
  EXPECT_EQ(due(person, "2026-11-21T07:30:00Z", true), "11-20T16:30 to 11-21T07:30");
}

Incident late_deliveries() {
  Incident incident;
  incident.id = "0123456789abcdef";
  incident.brand = "acme";
  incident.state = IncidentState::open;
  incident.severity = 4;
  incident.opened = at("2026-11-21T16:40:00Z");
  incident.evidence = test::rising();
  return incident;
}

DigestInput morning() {
  DigestInput input;
  input.period = {at("2026-11-21T16:30:00Z"), at("2026-11-22T07:30:00Z")};
  Incident over = late_deliveries();
  over.state = IncidentState::resolved;
  over.ended = at("2026-11-21T20:00:00Z");
  over.id = "fedcba9876543210";
  input.held = {{over, "Acme", {"quiet", "budget"}, 3}};
  input.open = {{late_deliveries(), "Acme", {}, 0}};
  input.numbers = {{"acme", "Acme", 1240, 212}, {"other", "Other", 1, 0}};
  input.console_url = "https://vigie.example.org/incidents";
  input.now = at("2026-11-22T07:30:05Z");
  return input;
}

Story told(const DigestInput& input, const std::string& language) {
  Audience audience;
  audience.language = language;
  audience.time_zone = "Europe/Paris";
  return tell(make_digest(input), audience).value();
}

TEST(ADigest, TellsWhatWasKeptWhatIsOpenAndTheNumbers) {
  const Story story = told(morning(), "en");

  EXPECT_EQ(story.purpose, "digest");
  EXPECT_EQ(story.title, "Summary: 1 incident was kept for you");
  EXPECT_EQ(story.subject, "[Vigie] Summary: 1 incident was kept for you");
  EXPECT_EQ(story.lead, "1,241 mentions, 212 negative; 1 incident still open");
  EXPECT_THAT(story.since, HasSubstr("(Paris time)"));
  ASSERT_THAT(story.rows, SizeIs(2));
  EXPECT_EQ(story.rows[0].label, "Acme");
  EXPECT_EQ(story.rows[0].value, "1,240 mentions, 212 negative");
  EXPECT_EQ(story.rows[1].value, "1 mention, 0 negative");
  ASSERT_THAT(story.rising, SizeIs(1));
  EXPECT_THAT(story.rising[0], HasSubstr("Acme: negative posts 6"));
  EXPECT_THAT(story.rising[0], HasSubstr("over (quiet hours, too many messages at once)"));
  ASSERT_THAT(story.advice, SizeIs(1));
  EXPECT_THAT(story.advice[0], HasSubstr(", open"));
  ASSERT_THAT(story.links, SizeIs(1));
  EXPECT_EQ(story.links[0].url, "https://vigie.example.org/incidents");
  EXPECT_THAT(story.footer,
              ElementsAre("You get this summary at the times of day you chose, when something was kept for you."));
}

TEST(ADigest, ReadsWellInFrench) {
  const Story story = told(morning(), "fr");

  EXPECT_EQ(story.title, "Résumé\u00a0: 1 incident gardé pour vous");
  EXPECT_EQ(story.lead, "1\u202f241 mentions, 212 négatives\u00a0; 1 incident en cours");
  EXPECT_EQ(story.rows[1].value, "1 mention, 0 négative");
  EXPECT_THAT(story.rising[0], HasSubstr("terminé (heures calmes, trop de messages à la fois)"));
}

TEST(ADigest, TellsAnIncidentOnceAndLeadsToIt) {
  DigestInput input = morning();
  input.held[0].incident = input.open[0].incident;

  const Story story = told(input, "en");

  ASSERT_THAT(story.rising, SizeIs(1));
  EXPECT_THAT(story.rising[0], testing::EndsWith(" https://vigie.example.org/incidents/0123456789abcdef"));
  EXPECT_THAT(story.advice, IsEmpty()) << "it was told above";
  EXPECT_THAT(story.lead, HasSubstr("1 incident still open"));
}

TEST(ADigest, SaysNothingTwice) {
  DigestInput input = morning(), week = morning();
  week.cadence = "weekly";
  week.held.clear();

  EXPECT_EQ(told(input, "fr").badge, "") << "its title begins with that word";
  EXPECT_EQ(told(week, "fr").badge, "");
  EXPECT_EQ(told(week, "en").badge, "");
  EXPECT_THAT(told(input, "fr").rising[0], HasSubstr("\u00a0; le 21 nov., 17:40–21:00, terminé"));
  input.held[0].incident.ended = at("2026-11-22T04:00:00Z");
  EXPECT_THAT(told(input, "fr").rising[0], HasSubstr("\u00a0; du 21 nov., 17:40 au 22 nov., 05:00, terminé"));
}

TEST(ADigest, NamesTheHoursThatItCounts) {
  DigestInput input = morning();
  input.counted = TimeSpan{at("2026-11-21T16:00:00Z"), at("2026-11-22T07:30:00Z")};

  EXPECT_EQ(told(input, "en").since, "from 21 Nov, 17:00 to 22 Nov, 08:30 (Paris time)");
}

TEST(ADigest, CanBeLeft) {
  Audience audience;
  audience.actions = {{"unsubscribe", "https://avis.example.org/u/x"}};
  const Story story = tell(make_digest(morning()), audience).value();

  ASSERT_NE(story.link("unsubscribe"), nullptr);
  EXPECT_EQ(story.link("unsubscribe")->label, "Stop these summaries");
}

TEST(ADigest, OfAWeekTellsHowWellTheAlertsDid) {
  DigestInput input = morning();
  input.cadence = "weekly";
  input.held.clear();
  input.week = DigestInput::Week{7, 4, 1, 3, minutes(12)};

  const Story story = told(input, "en");

  EXPECT_EQ(story.title, "Summary of the week");
  ASSERT_THAT(story.rows, SizeIs(5));
  EXPECT_EQ(story.rows[2].value, "7");
  EXPECT_EQ(story.rows[3].value, "25% (1 of 4 that somebody judged)");
  EXPECT_EQ(story.rows[4].value, "12 min");
  EXPECT_THAT(story.rising, IsEmpty());
}

TEST(ADigest, NamesNoMoreIncidentsThanAnybodyReads) {
  DigestInput input = morning();
  input.held.assign(50, input.held[0]);

  const Story story = told(input, "en");

  EXPECT_EQ(story.title, "Summary: 50 incidents were kept for you");
  ASSERT_THAT(story.rising, SizeIs(21));
  EXPECT_EQ(story.rising.back(), "and 30 more");
}

TEST(ADigest, SaysOnceThatLessIsSentFromNowOn) {
  DigestInput input = morning();
  input.purpose = "budget";
  input.held.assign(2, input.held[0]);

  const Story story = told(input, "en");

  EXPECT_EQ(story.purpose, "budget");
  EXPECT_EQ(story.title, "Fewer messages: 2 incidents wait for your summary");
  EXPECT_EQ(told(input, "fr").title, "Envois réduits\u00a0: 2 incidents gardés pour le résumé");
}

TEST(ADigest, KnowsEveryPhraseInBothLanguages) {
  for (const std::string language : {"en", "fr"}) {
    for (const std::string cadence : {"hourly", "daily", "weekly", "quiet"}) {
      for (const std::string reason : {"quiet", "budget", "brand_budget", "over"}) {
        DigestInput input = morning();
        input.cadence = cadence;
        input.held[0].reasons = {reason};
        input.week = DigestInput::Week{7, 4, 1, 3, minutes(12)};
        EXPECT_THAT(to_json(told(input, language)), testing::Not(HasSubstr("digest."))) << cadence << reason;
      }
    }
  }
}

TEST(ADigest, RefusesWhatIsNoneOfOurs) {
  EXPECT_FALSE(is_digest(R"({"version": 1, "purpose": "first"})"));
  EXPECT_FALSE(is_digest("digest"));
  EXPECT_FALSE(tell_digest(R"({"version": 2, "held_count": 0, "period": {}})", {}));
  EXPECT_FALSE(tell_digest(R"({"version": 1, "held_count": 0, "period": {"from": "yesterday"}})", {}));
}

}  // namespace
}  // namespace vigie
