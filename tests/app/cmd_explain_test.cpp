#include "app/cmd_explain.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/watch.h"
#include "tests/app/stored_weeks.h"

namespace vigie {
namespace {

using test::kMonday;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ExplainTest : public testing::Test {
 protected:
  ExplainTest() {
    settings_.brands = {{"acme", "Acme", "Acme", "en"}, {"mute", "Mute", "Mute", "en"}};
    test::StoredWeeks weeks(*store_);
    weeks.quiet("acme", kMonday, 14);
    weeks.storm("acme", kMonday + 14 * kDay, 40);
    weeks.quiet("acme", kMonday + 14 * kDay + hours(2), 2);
    ManualClock clock(kMonday + 16 * kDay);
    Metrics metrics;
    Pulse owed;
    Watch watch(settings_, *store_, clock, metrics, owed);
    EXPECT_TRUE(watch.open());
    while (watch.tick().value()) {
    }
    const std::vector<Incident> told = store_->incidents("acme", false, 10).value();
    EXPECT_EQ(told.size(), 1u);
    if (!told.empty()) incident_ = told.front();
  }

  std::string ask(const std::string& what, int status, const std::string& brand = "") {
    std::ostringstream out, err;
    ExplainRequest request;
    request.what = what;
    request.brand = brand;
    EXPECT_EQ(explain(request, settings_, *store_, out, err), status) << out.str() << err.str();
    return out.str() + err.str();
  }

  Settings settings_;
  std::unique_ptr<Store> store_ = open_sqlite_store("sqlite::memory:").value();
  Incident incident_;
};

TEST_F(ExplainTest, CountsEveryNumberAgain) {
  EXPECT_THAT(ask(incident_.id, 0), AllOf(HasSubstr("Every number agrees."), HasSubstr("parcel never arrived"),
                                          HasSubstr("https://forum.example/t/")));
}

TEST_F(ExplainTest, TellsOfACorrectionMadeSince) {
  ASSERT_FALSE(incident_.evidence.mentions.empty());
  ASSERT_TRUE(
      store_->set_human_label(incident_.evidence.mentions.front(), Label::positive, "marie", kMonday + 20 * kDay));

  EXPECT_THAT(ask(incident_.id, 1), AllOf(HasSubstr("differs"), HasSubstr("1 was relabelled by a person since")));
}

TEST_F(ExplainTest, TellsThatTheSettingIsAnother) {
  settings_.detect.budget = 1e-12;

  EXPECT_THAT(ask(incident_.id, 1), HasSubstr("so the settings or the version of the rules have"));
}

TEST_F(ExplainTest, SaysOfAMomentWhatStoodForEachBrand) {
  EXPECT_THAT(ask("2025-11-24T01:00:00Z", 0),
              AllOf(HasSubstr("an incident was on since 2025-11-24 00:"), HasSubstr("Mute, 2025-11-24 01:00"),
                    HasSubstr("nobody had spoken of it yet")));
  EXPECT_THAT(ask("2025-11-10T09:00:00Z", 0, "acme"), HasSubstr("known for 9 hours only"));
  EXPECT_THAT(ask("2025-11-23T12:00:00Z", 0, "acme"), HasSubstr("nothing to say"));
}

class ExplainWhom : public ExplainTest {
 protected:
  ExplainWhom() {
    settings_.people.resize(1);
    settings_.people[0].id = "ana";
    settings_.people[0].digest = "never";
    settings_.endpoints.resize(2);
    settings_.endpoints[0].id = "ana-chat", settings_.endpoints[0].kind = "ntfy", settings_.endpoints[0].person = "ana";
    settings_.endpoints[1].id = "ana-mail", settings_.endpoints[1].kind = "email";
    RouteSettings route;
    route.to = {"ana-chat"};
    settings_.routes = {route};
  }
};

TEST_F(ExplainWhom, SaysOfAMomentWhoWouldBeTold) {
  EXPECT_THAT(ask("2025-11-24T01:00:00Z", 0, "acme"),
              AllOf(HasSubstr(concat("incident ", incident_.id, " was on")), HasSubstr("ana-chat (ntfy, ana): at once")));
  EXPECT_THAT(ask("2025-11-23T12:00:00Z", 0, "acme"),
              AllOf(HasSubstr("no incident was on; one that opens then"), HasSubstr("ana-chat (ntfy, ana): at once")));

  Silence silence;
  silence.brands = {"acme"};
  silence.author = "ben";
  silence.reason = "fair";
  silence.starts = silence.created = kMonday;
  silence.ends = kMonday + 29 * kDay;
  ASSERT_TRUE(store_->add_silence(silence));
  EXPECT_THAT(ask("2025-11-23T12:00:00Z", 0, "acme"), HasSubstr("ana-chat (ntfy, ana): held until"));
}

TEST_F(ExplainWhom, SaysThatAnEndpointTakesNothing) {
  EndpointHealth health;
  health.endpoint = "ana-chat";
  health.circuit = Circuit::disabled;
  health.reason = "410 gone";
  ASSERT_TRUE(store_->save_endpoint_health(health));
  EXPECT_THAT(ask("2025-11-23T12:00:00Z", 0, "acme"),
              HasSubstr("ana-chat (ntfy, ana): not at all (it is switched off, as it stands now: 410 gone)"));

  settings_.endpoints[0].fallback = "ana-mail";
  EXPECT_THAT(ask("2025-11-23T12:00:00Z", 0, "acme"), HasSubstr("ana-chat (ntfy, ana): through ana-mail instead"));
}

TEST_F(ExplainWhom, KnowsTheSilenceOfWordsThatTheMessageWouldQuote) {
  Silence silence;
  silence.text = "parcel never";
  silence.author = "ben";
  silence.reason = "known";
  silence.starts = silence.created = kMonday;
  silence.ends = kMonday + 29 * kDay;
  ASSERT_TRUE(store_->add_silence(silence));

  EXPECT_THAT(ask("2025-11-24T01:00:00Z", 0, "acme"), HasSubstr("ana-chat (ntfy, ana): held until"));
}

TEST_F(ExplainWhom, GivesTheLastRoomOfABudgetToOneMessageAlone) {
  settings_.people[0].budget = {1, minutes(20), 30};
  settings_.endpoints[1].person = "ana";
  settings_.routes[0].to = {"person:ana"};

  EXPECT_THAT(ask("2025-11-23T12:00:00Z", 0, "acme"),
              AllOf(HasSubstr("ana-chat (ntfy, ana): at once"),
                    HasSubstr("ana-mail (email, ana): held until 2025-11-23T12:20:00Z (budget")));
}

TEST_F(ExplainWhom, SaysWhenAnEndpointThatRestsIsAskedAgain) {
  EndpointHealth health;
  health.endpoint = "ana-chat";
  health.circuit = Circuit::open;
  health.open_until = *parse_rfc3339("2025-11-23T12:05:00Z");
  health.reason = "503";
  settings_.endpoints[0].fallback = "ana-mail";
  ASSERT_TRUE(store_->save_endpoint_health(health));
  EXPECT_THAT(ask("2025-11-23T12:00:00Z", 0, "acme"),
              HasSubstr("ana-chat (ntfy, ana): when it answers, asked again at 2025-11-23T12:05:00Z (it does not"));
  EXPECT_THAT(ask("2025-11-23T12:05:00Z", 0, "acme"), HasSubstr("ana-chat (ntfy, ana): at once"));

  health.diverted = true;
  ASSERT_TRUE(store_->save_endpoint_health(health));
  EXPECT_THAT(ask("2025-11-23T12:00:00Z", 0, "acme"), HasSubstr("ana-chat (ntfy, ana): through ana-mail instead"));

  health.circuit = Circuit::closed;
  health.diverted = false;
  health.blocked_until = *parse_rfc3339("2025-11-23T12:01:00Z");
  ASSERT_TRUE(store_->save_endpoint_health(health));
  EXPECT_THAT(ask("2025-11-23T12:00:00Z", 0, "acme"),
              HasSubstr("when it answers, asked again at 2025-11-23T12:01:00Z (it asked for rest)"));
}

TEST_F(ExplainWhom, LeadsNothingToWhomIsToldAnyway) {
  EndpointHealth health;
  health.endpoint = "ana-chat";
  health.circuit = Circuit::disabled;
  health.reason = "410 gone";
  ASSERT_TRUE(store_->save_endpoint_health(health));
  settings_.endpoints[0].fallback = "ana-mail";
  settings_.routes[0].to = {"ana-chat", "ana-mail"};

  EXPECT_THAT(ask("2025-11-23T12:00:00Z", 0, "acme"),
              AllOf(HasSubstr("ana-chat (ntfy, ana): not at all (it is switched off"),
                    HasSubstr("ana-mail (email): at once")));
}

TEST_F(ExplainWhom, NamesTheRoutesThatTheIncidentOpenedWith) {
  Incident changed = incident_;
  changed.policy.targets = {{4, {}, {}, {}, {"ana-mail"}}};
  WatchCommit commit;
  commit.incidents = {changed};
  commit.offset = store_->watch_state().value()->offset;
  ASSERT_TRUE(store_->commit_watch(commit));

  const std::string text = ask(incident_.id, 0);

  EXPECT_THAT(text, HasSubstr("to ana-mail: "));
  EXPECT_THAT(text, Not(HasSubstr("to ana-chat: "))) << "set since";
}

TEST_F(ExplainTest, SaysWhatItExpected) {
  EXPECT_THAT(ask("00ff", 2), HasSubstr("expected the id of an incident"));
  EXPECT_THAT(ask("2025-11-23T12:00:00Z", 2, "acne"), HasSubstr("did you mean \"acme\"?"));
}

}  // namespace
}  // namespace vigie
