// Hours, budgets, teams, schedules, chains and routes: what they mean, and how a mistake is told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/settings.h"
#include "config/week_window.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kHead =
    "[[brand]]\nid = 'acme'\nname = 'Acme'\n[[source]]\nid = 'hn'\nkind = 'hackernews'\nquery = 'acme'\n"
    "[[person]]\nid = 'ana'\n[[person]]\nid = 'ben'\n[[endpoint]]\nid = 'inbox'\nkind = 'file'\nfolder = 'm'\n"
    "person = 'ana'\n";
constexpr int kHeadLines = 16;

struct Outcome {
  Settings settings;
  std::string problems;
};

Outcome read(const std::string& rest) {
  Kinds kinds;
  kinds.definitions["hackernews"] = {{"query"}, {}};
  kinds.theme_ids = [](const std::vector<std::string>&) { return std::vector<std::string>{"delivery", "price"}; };
  const config::Tree tree = config::Tree::parse(kHead + rest, "v.toml");
  Outcome outcome{read_settings(tree, kinds), ""};
  for (const config::Problem& problem : tree.problems()) outcome.problems += problem.text() + "\n";
  return outcome;
}

std::string at(int line, const std::string& rest) {
  return concat("v.toml:", std::to_string(kHeadLines + line), ":", rest, "\n");
}

std::string window(std::string_view text) {
  const Result<WeekWindow> read = parse_week_window(text);
  return read ? format_week_window(*read) : read.error().what;
}

TEST(WeekWindows, AreReadAsPeopleWriteThem) {
  EXPECT_EQ(window("22:00-07:00"), "22:00-07:00");
  EXPECT_EQ(window("Sat,Sun 00:00-24:00"), "Sat,Sun 00:00-24:00");
  EXPECT_EQ(window("monday-Friday 18:30-00:00"), "Mon,Tue,Wed,Thu,Fri 18:30-00:00");
  EXPECT_EQ(window("Fri-Mon 9:00-17:00"), "expected a time of day such as \"08:30\", found \"9:00\"");
  EXPECT_EQ(window("Fri-Mon 09:00-17:00"), "Mon,Fri,Sat,Sun 09:00-17:00");
  EXPECT_EQ(window("Mon, Wed 09:00-17:00"), "Mon,Wed 09:00-17:00");
}

TEST(WeekWindows, ThatMakeNoSenseAreRefused) {
  EXPECT_EQ(window("22:00"), "expected hours such as \"22:00-07:00\" or \"Sat,Sun 00:00-24:00\", found \"22:00\"");
  EXPECT_THAT(window("08:00-08:00"), HasSubstr("an end that differs from the start (a whole day is \"00:00-24:00\")"));
  EXPECT_THAT(window("24:00-07:00"), HasSubstr("found \"24:00\""));
  EXPECT_THAT(window("22:00-24:30"), HasSubstr("from \"00:00\" to \"24:00\", found \"24:30\""));
  EXPECT_THAT(window("22:60-24:00"), HasSubstr("found \"22:60\""));
  EXPECT_THAT(window("Funday 22:00-24:00"), HasSubstr("expected days such as \"Mon-Fri\""));
  EXPECT_THAT(window("-1:00-24:00"), HasSubstr("expected"));
}

TEST(AlertingSettings, OfAPersonAreHoursABudgetAndDigests) {
  const auto [settings, problems] = read(
      "[[person]]\nid = 'cleo'\nquiet = ['22:00-07:00', 'Sat 00:00-24:00']\nstrictly_quiet = true\n"
      "budget = { burst = 2, refill = '1h', per_day = 5 }\ndigest = 'weekly'\ndigest_at = ['17:30', '08:00']\n");

  ASSERT_EQ(problems, "");
  const PersonSettings& ana = settings.people[0];
  EXPECT_TRUE(ana.quiet.empty());
  EXPECT_EQ(ana.budget.burst, 6);
  EXPECT_EQ(ana.budget.refill, minutes(20));
  EXPECT_EQ(ana.digest, "daily");
  EXPECT_THAT(ana.digest_at, ElementsAre(510, 1050));
  const PersonSettings& cleo = settings.people[2];
  ASSERT_EQ(cleo.quiet.size(), 2U);
  EXPECT_EQ(cleo.quiet[1].days, 1U << 5);
  EXPECT_EQ(cleo.quiet[1].end, 1440);
  EXPECT_TRUE(cleo.strictly_quiet);
  EXPECT_EQ(cleo.budget.burst, 2);
  EXPECT_EQ(cleo.budget.refill, hours(1));
  EXPECT_EQ(cleo.budget.per_day, 5);
  EXPECT_EQ(cleo.digest, "weekly");
  EXPECT_THAT(cleo.digest_at, ElementsAre(480, 1050)) << "in order";
}

TEST(AlertingSettings, NameTeamsSchedulesAndChains) {
  const auto [settings, problems] = read(
      "[[team]]\nid = 'care'\npeople = ['ana', 'ben']\n"
      "[[schedule]]\nid = 'support'\ntime_zone = 'Europe/Paris'\npeople = ['ana']\nstart = '2026-03-02'\n"
      "handover = '08:30'\ndays = 1\nhours = ['Mon-Fri 08:00-20:00']\n"
      "[[schedule.override]]\nperson = 'ana'\nfrom = '2026-12-24T09:00:00+01:00'\nto = '2026-12-26T09:00:00+01:00'\n"
      "[[chain]]\nid = 'crisis'\nrepeat = 2\n[[chain.step]]\nto = ['oncall:support']\n"
      "[[chain.step]]\nafter = '2m'\nto = ['team:care', 'inbox']\n"
      "[[route]]\nto = ['person:ana']\nthemes = ['delivery']\nlanguages = ['fr']\nsources = ['hn']\n"
      "kinds = ['negative']\nchain = 'crisis'\n");

  ASSERT_EQ(problems, "");
  EXPECT_EQ(settings.teams.at(0).name, "care");
  const ScheduleSettings& schedule = settings.schedules.at(0);
  EXPECT_EQ(schedule.year, 2026);
  EXPECT_EQ(schedule.month, 3);
  EXPECT_EQ(schedule.day, 2);
  EXPECT_EQ(schedule.handover, 510);
  EXPECT_EQ(schedule.days, 1);
  EXPECT_EQ(schedule.hours.at(0).days, 0x1fU);
  EXPECT_EQ(schedule.overrides.at(0).from, *parse_rfc3339("2026-12-24T08:00:00Z"));
  const ChainSettings& chain = settings.chains.at(0);
  EXPECT_EQ(chain.repeat, 2);
  EXPECT_EQ(chain.steps.at(0).after, minutes(15));
  EXPECT_EQ(chain.steps.at(0).after_critical, minutes(5));
  EXPECT_EQ(chain.steps.at(1).after_critical, minutes(2)) << "not longer than for others";
  EXPECT_THAT(chain.steps.at(1).to, ElementsAre("team:care", "inbox"));
  const RouteSettings& route = settings.routes.at(0);
  EXPECT_THAT(route.to, ElementsAre("person:ana"));
  EXPECT_THAT(route.themes, ElementsAre("delivery"));
  EXPECT_THAT(route.languages, ElementsAre("fr"));
  EXPECT_THAT(route.sources, ElementsAre("hn"));
  EXPECT_THAT(route.kinds, ElementsAre("negative"));
  EXPECT_EQ(route.chain, "crisis");
}

TEST(AlertingSettings, SayHowLongIsWaitedForWhat) {
  ::setenv("VIGIE_TEST_HEARTBEAT", "https://ping.example/abc", 1);
  const auto [settings, problems] = read(
      "[alerting]\ngroup = '0s'\nupdate = '5m'\nhold = '10m'\nreopen = '1h'\nrepeat = '0s'\nack_timeout = '2h'\n"
      "flap_hold = '3h'\nlinks = '1d'\nbrand_per_hour = 3\nheartbeat_url = { env = 'VIGIE_TEST_HEARTBEAT' }\n"
      "drill = ['Mon 10:00-11:00']\n");

  ASSERT_EQ(problems, "");
  const AlertingSettings& alerting = settings.alerting;
  EXPECT_EQ(alerting.group, Duration::zero());
  EXPECT_EQ(alerting.update, minutes(5));
  EXPECT_EQ(alerting.hold, minutes(10));
  EXPECT_EQ(alerting.reopen, hours(1));
  EXPECT_EQ(alerting.repeat, Duration::zero());
  EXPECT_EQ(alerting.ack_timeout, hours(2));
  EXPECT_EQ(alerting.flap_hold, hours(3));
  EXPECT_EQ(alerting.links, kDay);
  EXPECT_EQ(alerting.brand_per_hour, 3);
  EXPECT_EQ(alerting.heartbeat_url, "https://ping.example/abc");
  EXPECT_EQ(alerting.drill.at(0).days, 1U);
}

TEST(AlertingSettings, HaveTheDefaultsTheirDeclarationsTell) {
  const auto [settings, problems] = read("");
  const AlertingSettings plain;

  ASSERT_EQ(problems, "");
  EXPECT_EQ(settings.alerting.group, plain.group);
  EXPECT_EQ(settings.alerting.update, plain.update);
  EXPECT_EQ(settings.alerting.hold, plain.hold);
  EXPECT_EQ(settings.alerting.reopen, plain.reopen);
  EXPECT_EQ(settings.alerting.repeat, plain.repeat);
  EXPECT_EQ(settings.alerting.ack_timeout, plain.ack_timeout);
  EXPECT_EQ(settings.alerting.flap_hold, plain.flap_hold);
  EXPECT_EQ(settings.alerting.links, plain.links);
  EXPECT_EQ(settings.alerting.brand_per_hour, plain.brand_per_hour);
}

struct Mistake {
  std::string rest, told;
};

class AlertingMistake : public testing::TestWithParam<Mistake> {};

TEST_P(AlertingMistake, IsToldInItsPlace) { EXPECT_EQ(read(GetParam().rest).problems, GetParam().told); }

const std::string kSchedule = "[[schedule]]\nid = 's'\npeople = ['ana']\nstart = '2026-03-02'\n";

INSTANTIATE_TEST_SUITE_P(
    OfTheFile, AlertingMistake,
    testing::Values(
        Mistake{"[[person]]\nid = 'cleo'\nquiet = ['22:00-22:00']\n",
                at(3,
                   "10: person[2].quiet[0]: expected an end that differs from the start (a whole day is "
                   "\"00:00-24:00\"), found \"22:00-22:00\"")},
        Mistake{"[[person]]\nid = 'cleo'\nbudget = { bursts = 2 }\n",
                at(3, "12: person[2].budget.bursts: expected a known key, found \"bursts\"; did you mean \"burst\"?")},
        Mistake{"[[person]]\nid = 'cleo'\nbudget = { burst = 0 }\n",
                at(3, "20: person[2].budget.burst: expected 1 to 1000, found 0")},
        Mistake{"[[person]]\nid = 'cleo'\nbudget = 6\n",
                at(3,
                   "10: person[2].budget: expected a table such as { burst = 6, refill = \"20m\", per_day = 30 }, "
                   "found something else")},
        Mistake{"[[person]]\nid = 'cleo'\ndigest_at = ['8:30']\n",
                at(3, "14: person[2].digest_at[0]: expected a time of day such as \"08:30\", found \"8:30\"")},
        Mistake{"[[person]]\nid = 'cleo'\ndigest = 'dayly'\n",
                at(3,
                   "10: person[2].digest: expected \"hourly\", \"daily\", \"weekly\" or \"never\", found \"dayly\"; "
                   "did you mean \"daily\"?")},
        Mistake{"[[team]]\nid = 't'\npeople = ['anna']\n",
                at(3, "11: team[0].people[0]: expected the id of a [[person]], found \"anna\"; did you mean \"ana\"?")},
        Mistake{"[[team]]\nid = 't'\npeople = ['ben']\n",
                at(3, "10: team[0].people: expected somebody with an [[endpoint]] of their own, found nobody")},
        Mistake{"[[team]]\nid = 't'\npeople = ['ana']\n[[team]]\nid = 't'\npeople = ['ana']\n",
                at(5, "6: team[1].id: expected an id of its own, found \"t\", which team[0] has")},
        Mistake{"[[schedule]]\nid = 's'\npeople = ['ben']\nstart = '2026-03-02'\n",
                at(3,
                   "10: schedule[0].people: expected people with an [[endpoint]] of their own, found \"ben\" without "
                   "one")},
        Mistake{"[[schedule]]\nid = 's'\npeople = ['ana']\nstart = '2026-02-30'\n",
                at(4, "9: schedule[0].start: expected a day such as \"2026-01-05\", found \"2026-02-30\"")},
        Mistake{kSchedule + "time_zone = 'Europe/Atlantis'\n",
                at(5,
                   "13: schedule[0].time_zone: expected a time zone such as \"Europe/Paris\", found "
                   "\"Europe/Atlantis\"")},
        Mistake{kSchedule + "handover = '24:00'\n",
                at(5, "12: schedule[0].handover: expected a time of day such as \"08:30\", found \"24:00\"")},
        Mistake{kSchedule + "[[schedule.override]]\nperson = 'ana'\nfrom = '2026-12-24'\nto = '2026-12-26T09:00:00Z'\n",
                at(7,
                   "8: schedule[0].override[0].from: expected a time such as \"2026-12-24T09:00:00+01:00\", found "
                   "\"2026-12-24\"")},
        Mistake{kSchedule + "[[schedule.override]]\nperson = 'ana'\nfrom = '2026-12-26T09:00:00Z'\nto = "
                            "'2026-12-24T09:00:00Z'\n",
                at(8, "6: schedule[0].override[0].to: expected an end behind the start, found it before")},
        Mistake{"[[chain]]\nid = 'c'\n", at(1, "1: chain[0].step: expected at least one [[chain.step]], found none")},
        Mistake{"[[chain]]\nid = 'c'\nrepeat = 6\n[[chain.step]]\nto = ['inbox']\n",
                at(3, "10: chain[0].repeat: expected 0 to 5, found 6")},
        Mistake{
            "[[chain]]\nid = 'c'\n[[chain.step]]\nto = ['oncall:sup']\n",
            at(4, "7: chain[0].step[0].to[0]: expected the id of a [[schedule]] behind \"oncall:\", found \"sup\"")},
        Mistake{"[[route]]\nto = ['ana']\n",
                at(2,
                   "7: route[0].to[0]: expected the id of an [[endpoint]], found \"ana\"; did you mean "
                   "\"person:ana\"?")},
        Mistake{"[[route]]\nto = ['person:ben']\n",
                at(2,
                   "7: route[0].to[0]: expected a person with an [[endpoint]] of their own, found \"ben\" without "
                   "one")},
        Mistake{"[[route]]\nto = ['inbox']\nthemes = ['delivry']\n",
                at(3, "11: route[0].themes[0]: expected a theme, found \"delivry\"; did you mean \"delivery\"?")},
        Mistake{"[[route]]\nto = ['inbox']\nkinds = ['negativ']\n",
                at(3,
                   "10: route[0].kinds[0]: expected \"negative\" or the id of a [[rule]], found \"negativ\"; did you "
                   "mean \"negative\"?")},
        Mistake{"[[route]]\nto = ['inbox']\nlanguages = ['French']\n",
                at(3, "14: route[0].languages[0]: expected a language such as \"fr\", found \"French\"")},
        Mistake{"[[route]]\nto = ['inbox']\nchain = 'crisis'\n",
                at(3, "9: route[0].chain: expected the id of a [[chain]], found \"crisis\"")},
        Mistake{"[alerting]\ngroup = '1h'\n", at(2, "9: alerting.group: expected 0s to 15m, found 1h")},
        Mistake{"[alerting]\nrepeats = '1h'\n",
                at(2, "1: alerting.repeats: expected a known key, found \"repeats\"; did you mean \"repeat\"?")},
        Mistake{"[alerting]\nheartbeat_url = 'ping'\n", at(2,
                                                           "17: alerting.heartbeat_url: expected an address that "
                                                           "starts with http:// or https://, found \"ping\"")}));

}  // namespace
}  // namespace vigie
