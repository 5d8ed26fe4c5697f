#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::IsEmpty, testing::SizeIs;

Incident an_incident(const std::string& id) {
  Incident incident;
  incident.id = id;
  incident.brand = "acme";
  incident.kind = "rule-" + id;
  incident.state = IncidentState::open;
  incident.opened = incident.updated = kNoon;
  return incident;
}

Act an_act(const std::string& id, const std::string& incident, ActKind kind = ActKind::ack) {
  Act act;
  act.id = id;
  act.incident = incident;
  act.kind = kind;
  act.by = "client-0042";
  act.reason = "mine";
  act.at = kNoon;
  return act;
}

std::unique_ptr<Store> with_incidents() {
  auto store = open_store();
  WatchCommit commit;
  commit.incidents = {an_incident("a"), an_incident("b")};
  EXPECT_TRUE(store->commit_watch(commit));
  return store;
}

TEST(Acts, AreNumberedInTheirOrderAndKeptWhole) {
  const auto store = with_incidents();

  EXPECT_TRUE(store->add_act(an_act("1", "a")).value());
  EXPECT_TRUE(store->add_act(an_act("2", "b", ActKind::note)).value());

  const std::vector<Act> all = store->acts_after(0).value();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_LT(all[0].number, all[1].number);
  EXPECT_EQ(all[1].kind, ActKind::note);
  EXPECT_EQ(all[1].by, "client-0042");
  EXPECT_EQ(all[1].reason, "mine");
  EXPECT_EQ(all[1].at, kNoon);
  EXPECT_EQ(all[1].outcome, "");
  EXPECT_THAT(store->acts_after(all[0].number).value(), SizeIs(1));
  EXPECT_THAT(store->acts("a").value(), SizeIs(1));
}

TEST(Acts, OfOneIdAreOne) {
  const auto store = with_incidents();

  EXPECT_TRUE(store->add_act(an_act("1", "a")).value());
  EXPECT_FALSE(store->add_act(an_act("1", "a")).value());

  EXPECT_THAT(store->acts_after(0).value(), SizeIs(1));
}

TEST(Acts, AreRefusedForAnIncidentThatIsNot) {
  const auto store = with_incidents();

  const auto added = store->add_act(an_act("1", "zz"));

  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().kind, ErrorKind::gone);
}

TEST(Acts, AreAnsweredInTheWatchsOneTransaction) {
  const auto store = with_incidents();
  ASSERT_TRUE(store->add_act(an_act("1", "a")));
  const std::int64_t number = store->acts_after(0).value()[0].number;
  WatchCommit commit;
  commit.acts = number;
  commit.act_outcomes = {{number, "done"}};

  ASSERT_TRUE(store->commit_watch(commit));

  EXPECT_EQ(store->act("1").value()->outcome, "done");
  EXPECT_EQ(store->watch_state().value()->acts, number);
  EXPECT_EQ(store->act("2").value(), std::nullopt);
}

TEST(Subscriptions, AreByEndpointAndBrand) {
  const auto store = with_incidents();
  EXPECT_TRUE(store->subscribed("mail", "acme").value());

  ASSERT_TRUE(store->set_subscribed("mail", "acme", false, "client-0042", kNoon));
  ASSERT_TRUE(store->set_subscribed("mail", "acme", false, "client-0042", kNoon));
  EXPECT_FALSE(store->subscribed("mail", "acme").value());
  EXPECT_TRUE(store->subscribed("chat", "acme").value());
  EXPECT_TRUE(store->subscribed("mail", "other").value());

  ASSERT_TRUE(store->set_subscribed("mail", "acme", true, "client-0042", kNoon));
  EXPECT_TRUE(store->subscribed("mail", "acme").value());
}

}  // namespace
}  // namespace vigie
