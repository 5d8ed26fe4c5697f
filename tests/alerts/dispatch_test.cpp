#include "alerts/dispatch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using testing::ElementsAre, testing::IsEmpty;

const Time kSaturday = test::at("2026-11-21T18:10:00Z");

EndpointSettings an_endpoint(std::string id, std::string person, std::string kind = "email") {
  EndpointSettings endpoint;
  endpoint.id = std::move(id);
  endpoint.person = std::move(person);
  endpoint.kind = std::move(kind);
  return endpoint;
}

PersonSettings a_person(std::string id, std::string name) {
  PersonSettings person;
  person.id = std::move(id);
  person.name = std::move(name);
  return person;
}

// A shared chat, three people of whom one has two endpoints, a team, and a schedule that begins on Monday.
Settings the_settings() {
  Settings settings;
  settings.people = {a_person("p1", "First"), a_person("p2", "Second"), a_person("boss", "Head")};
  settings.endpoints = {an_endpoint("chat", "", "slack"), an_endpoint("mail-1", "p1"),
                        an_endpoint("sms-1", "p1", "ovh"), an_endpoint("mail-2", "p2"),
                        an_endpoint("mail-boss", "boss")};
  settings.teams = {{"care", "Customer care", {"p1", "p2"}}};
  ScheduleSettings night;
  night.id = "night";
  night.name = "Nights";
  night.people = {"p2"};
  night.year = 2026, night.month = 11, night.day = 23;
  settings.schedules = {night};
  RouteSettings all, grave;
  all.to = {"chat", "person:p1"};
  all.chain = "up";
  grave.min_severity = Severity::critical;
  grave.to = {"mail-boss"};
  settings.routes = {all, grave};
  settings.chains = {
      {"up", {{minutes(15), minutes(5), {"oncall:night"}}, {minutes(30), minutes(10), {"team:care"}}}, 2}};
  return settings;
}

class DispatchTest : public testing::Test {
 protected:
  DispatchTest() { incident_.policy = policy_for(test::rising(), settings_); }

  std::vector<std::string> sent(const std::string& purpose, std::vector<std::string> to = {}) {
    const Dispatch whom = dispatch(incident_, {purpose, 1, "", std::move(to)}, {"fr"}, settings_, kSaturday);
    std::vector<std::string> lines;
    for (const Recipient& recipient : whom.recipients) lines.push_back(recipient.endpoint + " " + recipient.purpose);
    gaps_ = whom.gaps;
    return lines;
  }

  Settings settings_ = the_settings();
  Incident incident_ = *apply(std::nullopt, test::event_of(test::rising()), {}, kSaturday).incident;
  std::vector<std::string> gaps_;
};

TEST_F(DispatchTest, TellsWhomTheRoutesName) {
  EXPECT_THAT(sent("first"), ElementsAre("chat first", "mail-1 first", "sms-1 first"));
}

TEST_F(DispatchTest, TellsTheEndToThoseWhoWereToldTheBeginning) {
  sent("first");
  settings_.routes.clear();  // edits are for later incidents

  EXPECT_THAT(sent("resolved"), ElementsAre("chat resolved", "mail-1 resolved", "sms-1 resolved"));
}

TEST_F(DispatchTest, IsAFirstMessageToWhoeverHearsOfItOnceItIsGraver) {
  sent("first");
  incident_.severity = 5;

  EXPECT_THAT(sent("worse"), ElementsAre("chat worse", "mail-1 worse", "mail-boss first", "sms-1 worse"));
  EXPECT_THAT(sent("resolved"), testing::Contains("mail-boss resolved"));
}

TEST_F(DispatchTest, TellsNewsToWhoeverHasItAndToWhatIsShared) {
  sent("first");
  sent("escalate", {"team:care"});
  incident_.acked_by = "p2";

  EXPECT_THAT(sent("worse"), ElementsAre("chat worse", "mail-2 worse"));
}

TEST_F(DispatchTest, TellsTheOthersThatItIsTakenButWakesNobodyForIt) {
  sent("first");
  sent("escalate", {"person:p2"});
  incident_.acked_by = "p2";

  EXPECT_THAT(sent("acked"), ElementsAre("chat acked", "mail-1 acked"));
}

TEST_F(DispatchTest, SaysWhichScheduleHasNobody) {
  EXPECT_THAT(sent("escalate", {"oncall:night"}), IsEmpty());
  EXPECT_THAT(gaps_, ElementsAre("night"));
}

TEST_F(DispatchTest, AsksWhoIsOnCallWhenItIsSent) {
  const Dispatch whom =
      dispatch(incident_, {"escalate", 1, "step", {"oncall:night"}}, {}, settings_, kSaturday + 3 * kDay);

  ASSERT_THAT(whom.recipients, testing::SizeIs(1));
  EXPECT_EQ(whom.recipients[0].endpoint, "mail-2");
}

TEST_F(DispatchTest, KeepsToTheThemesSourcesAndLanguagesThatARouteNames) {
  for (Policy::Target& target : incident_.policy.targets) target.min_severity = 1;
  incident_.policy.targets[0].themes = {"billing"};
  incident_.policy.targets[1].languages = {"de"};
  EXPECT_THAT(sent("first"), IsEmpty());

  incident_.policy.targets[0].themes = {"delivery"};
  incident_.policy.targets[0].sources = {"reddit"};
  incident_.policy.targets[1].languages = {"de", "fr"};
  EXPECT_THAT(sent("first"), ElementsAre("chat first", "mail-1 first", "mail-boss first", "sms-1 first"));
}

TEST_F(DispatchTest, SaysOfFewerPurposesThanAnIncidentHasTurns) {
  sent("first");

  EXPECT_THAT(sent("assigned", {"person:p2"}), ElementsAre("mail-2 escalate"));
  EXPECT_THAT(sent("blind"), testing::Contains("chat worse"));
  EXPECT_THAT(sent("merged"), testing::Contains("chat resolved"));
}

TEST_F(DispatchTest, TakesThePolicyOfTheRoutesOfItsBrandAndKind) {
  settings_.routes[0].kinds = {"boycott"};

  const Policy policy = policy_for(test::rising(), settings_);

  ASSERT_THAT(policy.targets, testing::SizeIs(1));
  EXPECT_EQ(policy.targets[0].min_severity, 5);
  EXPECT_THAT(policy.chain, IsEmpty()) << "the chain belongs to the other route";
}

TEST_F(DispatchTest, NamesPeopleAsTheyAreCalled) {
  EXPECT_EQ(in_words("person:p1", settings_), "First");
  EXPECT_EQ(in_words("team:care", settings_), "Customer care");
  EXPECT_EQ(in_words("oncall:night", settings_), "Nights");
  EXPECT_EQ(in_words("mail-2", settings_), "Second");
  EXPECT_EQ(in_words("chat", settings_), "chat");
}

TEST_F(DispatchTest, PassesOverWhatTheSettingsNoLongerKnow) {
  sent("first");
  settings_.endpoints.erase(settings_.endpoints.begin());

  EXPECT_THAT(named_by({"chat", "person:nobody", "team:gone"}, settings_, kSaturday).endpoints, IsEmpty());
}

}  // namespace
}  // namespace vigie
