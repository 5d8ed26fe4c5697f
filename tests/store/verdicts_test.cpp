#include "model/verdict.h"

#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

std::unique_ptr<Store> with_incidents(const std::vector<std::string>& ids) {
  auto store = open_store();
  WatchCommit commit;
  for (const std::string& id : ids) {
    Incident incident;
    incident.id = id;
    incident.brand = id;  // at most one unclosed per brand
    incident.opened = incident.updated = kNoon;
    commit.incidents.push_back(incident);
  }
  EXPECT_TRUE(store->commit_watch(commit));
  return store;
}

Verdict said(const std::string& incident, std::optional<VerdictWord> word, const std::string& by = "marie") {
  return {0, incident, kNoon, by, word};
}

TEST(Verdicts, StandUntilAnotherIsGiven) {
  const auto store = with_incidents({"a", "b"});

  ASSERT_TRUE(store->add_verdict(said("a", VerdictWord::useful)));
  ASSERT_TRUE(store->add_verdict(said("b", VerdictWord::false_alarm)));
  ASSERT_TRUE(store->add_verdict(said("a", VerdictWord::normal, "paul")));

  const StandingVerdicts standing = store->standing_verdicts().value();
  ASSERT_THAT(standing, SizeIs(2));
  EXPECT_EQ(standing.at("a").word, VerdictWord::normal);
  EXPECT_EQ(standing.at("a").by, "paul");
  EXPECT_EQ(standing.at("a").at, kNoon);
  EXPECT_EQ(standing.at("b").word, VerdictWord::false_alarm);
  EXPECT_THAT(store->verdicts("a").value(), SizeIs(2)) << "what was said first stays in the history";
}

TEST(Verdicts, ThatAreTakenBackLeaveAnIncidentUnjudged) {
  const auto store = with_incidents({"a"});
  ASSERT_TRUE(store->add_verdict(said("a", VerdictWord::useful)));

  ASSERT_TRUE(store->add_verdict(said("a", std::nullopt)));

  EXPECT_THAT(store->standing_verdicts().value(), IsEmpty());
  EXPECT_THAT(store->verdicts("a").value(), SizeIs(2));
}

TEST(Verdicts, SaidTwiceByTheSamePersonAreOne) {
  const auto store = with_incidents({"a"});

  ASSERT_TRUE(store->add_verdict(said("a", std::nullopt))) << "nothing to take back is no mistake";
  ASSERT_TRUE(store->add_verdict(said("a", VerdictWord::useful)));
  ASSERT_TRUE(store->add_verdict(said("a", VerdictWord::useful)));

  EXPECT_THAT(store->verdicts("a").value(), SizeIs(1));
}

TEST(Verdicts, AreTakenInTheOrderTheyWereGiven) {
  const auto store = with_incidents({"a", "b"});
  ASSERT_TRUE(store->add_verdict(said("b", VerdictWord::useful)));
  ASSERT_TRUE(store->add_verdict(said("a", VerdictWord::useful)));

  const std::vector<Verdict> all = store->verdicts_after(0).value();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].incident, "b");
  EXPECT_THAT(store->verdicts_after(all[0].number).value(), SizeIs(1));
  EXPECT_THAT(store->verdicts_after(all[1].number).value(), IsEmpty());
}

TEST(Verdicts, TheWatchsPlaceAmongThemIsSavedWithItsState) {
  const auto store = open_store();
  WatchCommit commit;
  commit.offset = 7;
  commit.state = "bytes";
  commit.verdicts = 3;

  ASSERT_TRUE(store->commit_watch(commit));

  EXPECT_EQ(store->watch_state().value()->verdicts, 3);
}

TEST(Verdicts, OfNoIncidentAreRefused) {
  const auto store = with_incidents({"a"});

  const Result<void> given = store->add_verdict(said("z", VerdictWord::useful));

  ASSERT_FALSE(given);
  EXPECT_EQ(given.error().kind, ErrorKind::gone);
  EXPECT_THAT(given.error().what, HasSubstr("there is no incident z"));
}

}  // namespace
}  // namespace vigie
