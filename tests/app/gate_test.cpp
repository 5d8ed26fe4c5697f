#include "app/gate.h"

#include "tests/app/alerting_store.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using namespace test;
using testing::IsEmpty;
using testing::SizeIs;
using Kind = Decision::Kind;

Silence silence() {
  Silence made;
  made.brands = {"acme"};
  made.starts = kSaturdayNoon;
  made.ends = kSaturdayNoon + hours(1);
  made.author = "client-0042";
  made.reason = "release";
  return made;
}

TEST(Gate, HoldsWhatIsSilencedUntilSomebodyEndsTheSilence) {
  const auto store = alerting_store();
  const Settings settings = two_people();
  StoreGate gate(settings, *store);
  keep(*store, open_incident("a"));
  const std::int64_t id = store->add_silence(silence()).value();

  const Decision held = gate.look(owed("n", "a"), kSaturdayNoon).value();
  ASSERT_TRUE(store->end_silence(id, "client-0043", kSaturdayNoon + minutes(5)).value());
  const Decision freed = gate.look(owed("n", "a"), kSaturdayNoon + minutes(5)).value();

  EXPECT_EQ(held.kind, Kind::hold);
  EXPECT_EQ(held.until, kSaturdayNoon + hours(1));
  EXPECT_EQ(held.reason, "silence");
  EXPECT_EQ(freed.kind, Kind::deliver);
}

TEST(Gate, HoldsNothingForASilenceThatSomebodyEndedAMomentAgo) {
  const auto store = alerting_store();
  const Settings settings = two_people();
  StoreGate gate(settings, *store);
  keep(*store, open_incident("a"));
  const std::int64_t id = store->add_silence(silence()).value();
  ASSERT_EQ(gate.look(owed("n", "a"), kSaturdayNoon)->silence, id);

  ASSERT_TRUE(store->end_silence(id, "client-0043", kSaturdayNoon + milliseconds(10)).value());

  EXPECT_EQ(gate.look(owed("n", "a"), kSaturdayNoon + milliseconds(20))->kind, Kind::deliver);
}

TEST(Gate, LeavesOutWhoUnsubscribedUnlessTheyAreOnCallOrHaveIt) {
  const auto store = alerting_store();
  Settings settings = two_people();
  StoreGate gate(settings, *store);
  Incident incident = open_incident("a");
  keep(*store, incident);
  ASSERT_TRUE(store->set_subscribed("ana-chat", "acme", false, "ana", kSaturdayNoon));

  EXPECT_EQ(gate.look(owed("n", "a"), kSaturdayNoon)->reason, "unsubscribed");
  EXPECT_EQ(gate.look(owed("n", "a", "escalate"), kSaturdayNoon)->kind, Kind::deliver);

  incident.assignee = "ana";
  keep(*store, incident);
  EXPECT_EQ(gate.look(owed("n", "a"), kSaturdayNoon)->kind, Kind::deliver);

  incident.assignee.clear();
  incident.policy.targets = {{1, {}, {}, {}, {"oncall:support"}}};
  keep(*store, incident);
  ScheduleSettings support;
  support.id = "support";
  support.people = {"ana"};
  settings.schedules = {support};
  EXPECT_EQ(gate.look(owed("n", "a"), kSaturdayNoon)->kind, Kind::deliver);
}

TEST(Gate, KnowsTheGreaterIncidentOfTheBrand) {
  const auto store = alerting_store();
  const Settings settings = two_people();
  StoreGate gate(settings, *store);
  keep(*store, open_incident("a"));
  Incident rule = open_incident("b", "acme", "boycott");
  rule.opened += minutes(10);
  keep(*store, rule);
  Incident elsewhere = open_incident("c", "other", "boycott");
  keep(*store, elsewhere);

  EXPECT_EQ(gate.look(owed("n", "b"), kSaturdayNoon)->reason, "inhibited");
  EXPECT_EQ(gate.look(owed("n", "c"), kSaturdayNoon)->kind, Kind::deliver);
  EXPECT_EQ(gate.look(owed("n", "a"), kSaturdayNoon)->kind, Kind::deliver);
}

TEST(Gate, CountsWhatPassedOnceAndPutsTheRestAsideForTheDigest) {
  const auto store = alerting_store();
  Settings settings = two_people();
  settings.people[0].budget = {1, hours(1), 30};
  StoreGate gate(settings, *store);
  keep(*store, open_incident("a"));

  ASSERT_TRUE(gate.passed(owed("n-1", "a"), kSaturdayNoon));
  ASSERT_TRUE(gate.passed(owed("n-1", "a"), kSaturdayNoon + minutes(1))) << "a second try";

  EXPECT_EQ(gate.look(owed("n-1", "a"), kSaturdayNoon + minutes(2))->kind, Kind::deliver) << "counted already";
  EXPECT_EQ(gate.look(owed("n-2", "a"), kSaturdayNoon + minutes(2))->reason, "budget");
  EXPECT_EQ(gate.look(owed("n-3", "a", "resolved"), kSaturdayNoon + minutes(2))->kind, Kind::deliver)
      << "an end is counted apart";
  EXPECT_EQ(gate.look(owed("n-4", "a"), kSaturdayNoon + hours(1))->kind, Kind::deliver);
  const std::vector<HeldBack> held = store->held_back("ana").value();
  ASSERT_THAT(held, SizeIs(1));
  EXPECT_EQ(held[0].notification, "n-2");
  EXPECT_EQ(held[0].incident, "a");
  EXPECT_EQ(held[0].brand, "acme");
  EXPECT_EQ(held[0].endpoint, "ana-chat");
}

TEST(Gate, NeverGivesTheSameRoomToTwoSenders) {
  const TempDir folder;
  const std::string url = concat("sqlite:", folder.file("vigie.db"));
  const auto one = open_sqlite_store(url), other = open_sqlite_store(url);
  ASSERT_TRUE(one && other);
  Settings settings = two_people();
  settings.people[0].budget = {1, hours(1), 30};
  StoreGate first(settings, **one), second(settings, **other);
  keep(**one, open_incident("a"));

  const Decision to_first = first.look(owed("n-1", "a"), kSaturdayNoon).value();
  const Decision to_second = second.look(owed("n-2", "a"), kSaturdayNoon).value();

  EXPECT_EQ(to_first.kind, Kind::deliver);
  EXPECT_EQ(to_second.reason, "budget") << "the first has not told that it sent anything";
}

TEST(Gate, TakesNothingFromOneForAnother) {
  const auto store = alerting_store();
  Settings settings = two_people();
  settings.alerting.brand_per_hour = 1;
  StoreGate gate(settings, *store);
  keep(*store, open_incident("a"));
  keep(*store, open_incident("o", "other"));
  Notification to_ben = owed("n-2", "a");
  to_ben.recipient = "ben";
  Notification to_nobody = owed("n-3", "a");
  to_nobody.recipient = "";

  ASSERT_TRUE(gate.passed(owed("n-1", "a"), kSaturdayNoon));

  EXPECT_EQ(gate.look(owed("n-4", "a"), kSaturdayNoon)->reason, "brand_budget");
  EXPECT_EQ(gate.look(owed("n-5", "o"), kSaturdayNoon)->kind, Kind::deliver);
  EXPECT_EQ(gate.look(to_ben, kSaturdayNoon)->kind, Kind::deliver);
  EXPECT_EQ(gate.look(to_nobody, kSaturdayNoon)->kind, Kind::deliver);
}

TEST(Gate, ExplainsByTheSameRuleAndWritesNothing) {
  const auto store = alerting_store();
  Settings settings = two_people();
  settings.people[0].quiet = {{0x7f, 0, 1440}};
  StoreGate gate(settings, *store);
  keep(*store, open_incident("a"));

  for (Time now = kSaturdayNoon; now < kSaturdayNoon + kDay; now += hours(1)) {
    const Ruling why = gate.explain(owed("n", "a"), now).value();
    ASSERT_THAT(store->held_back("ana").value(), IsEmpty());
    EXPECT_EQ(why.decision.reason, "quiet");
    EXPECT_TRUE(why.checks.back().stops);
  }
  EXPECT_EQ(gate.look(owed("n", "a"), kSaturdayNoon)->reason, "quiet");
  EXPECT_THAT(store->held_back("ana").value(), SizeIs(1));
}

TEST(Gate, LetsOtherMessagesPass) {
  const auto store = alerting_store();
  const Settings settings = two_people();
  StoreGate gate(settings, *store);
  Notification digest = owed("n", "some digest", "digest");
  digest.subject_kind = "digest";

  EXPECT_EQ(gate.look(digest, kSaturdayNoon)->kind, Kind::deliver);
  EXPECT_TRUE(gate.passed(digest, kSaturdayNoon));
  EXPECT_EQ(store->bucket("ana|ordinary").value(), "") << "a digest takes nothing from the budget";
}

}  // namespace
}  // namespace vigie
