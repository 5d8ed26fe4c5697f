#include "app/reach.h"

#include "tests/app/alerting_store.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

Settings with_everything() {
  Settings settings = two_people();
  settings.teams = {{"care", "Care", {"ana", "ben"}}};
  ScheduleSettings schedule;
  schedule.id = "support";
  schedule.people = {"ana"};
  schedule.overrides = {{"ben", kSaturdayNoon, kSaturdayNoon + hours(1)}};
  settings.schedules = {schedule};
  return settings;
}

TEST(Targets, TellPeopleByEachOfTheirNames) {
  const Settings settings = with_everything();

  for (const std::string target : {"ana-chat", "person:ana", "team:care", "oncall:support"})
    EXPECT_TRUE(tells(settings, {target}, "ana")) << target;
  EXPECT_TRUE(tells(settings, {"oncall:support"}, "ben")) << "stands in";
  for (const std::string target : {"ben-mail", "person:ben", "team:other", "oncall:other", "ana"})
    EXPECT_FALSE(tells(settings, {target}, "ana")) << target;
  EXPECT_FALSE(tells(settings, {}, "ana"));
}

TEST(Targets, TellOfTheBrandsOfTheirRoutesAndChains) {
  Settings settings = two_people();
  EXPECT_THAT(brands_told(settings, "ana"), ElementsAre("acme"));
  EXPECT_THAT(brands_told(settings, "ben"), ElementsAre("acme", "other")) << "a route that names no brand";
  EXPECT_THAT(brands_told(settings, "cleo"), IsEmpty());

  settings.routes[1].chain = "crisis";
  settings.chains = {{"crisis", {{minutes(1), minutes(1), {"ana-chat"}}}, 0}};

  EXPECT_THAT(brands_told(settings, "ana"), ElementsAre("acme", "other"));
}

TEST(Targets, LeadToEndpointsDirectlyByTheirPersonOrAsAStandIn) {
  Settings settings = two_people();
  EXPECT_TRUE(is_reached(settings, settings.endpoints[0])) << "person:ana";
  EXPECT_TRUE(is_reached(settings, settings.endpoints[2])) << "by its id";

  settings.routes[0].to = {"ana-chat"};
  settings.alerting.operators = {"ben-mail"};
  EXPECT_FALSE(is_reached(settings, settings.endpoints[1])) << "another endpoint of ana's is named";
  settings.endpoints[0].fallback = "ana-mail";
  EXPECT_TRUE(is_reached(settings, settings.endpoints[1]));
}

TEST(Targets, LeadToWhoRunsVigie) {
  Settings settings = two_people();
  settings.routes[0].to = {"ben-mail"};
  EXPECT_TRUE(is_reached(settings, settings.endpoints[0])) << "the first of the file, where no operator is named";
  EXPECT_FALSE(is_reached(settings, settings.endpoints[1]));

  settings.alerting.operators = {"ana-mail"};
  EXPECT_FALSE(is_reached(settings, settings.endpoints[0]));
  EXPECT_TRUE(is_reached(settings, settings.endpoints[1]));
}

}  // namespace
}  // namespace vigie
