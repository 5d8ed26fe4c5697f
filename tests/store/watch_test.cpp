#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Incident incident(const std::string& id, IncidentState state, Time opened = kNoon) {
  Incident i;
  i.id = id;
  i.brand = "acme";
  i.state = state;
  i.opened = opened;
  return i;
}

Transition transition(std::int64_t seq, const std::string& event, IncidentState from, IncidentState to) {
  return {seq, kNoon, event, from, to, "detector", "12 against 3"};
}

Notification notification(const std::string& id) {
  Notification n;
  n.id = id;
  n.subject_kind = "incident";
  n.subject_id = "i1";
  n.endpoint = "ops";
  n.document = "{}";
  n.created = n.due = kNoon;
  return n;
}

std::vector<std::string> ids(const std::vector<Incident>& incidents) {
  std::vector<std::string> all;
  all.reserve(incidents.size());
  for (const Incident& i : incidents) all.push_back(i.id);
  return all;
}

TEST(WatchStore, HasNoStateBeforeTheFirstCommit) {
  const auto store = open_store();

  EXPECT_EQ(*store->watch_state(), std::nullopt);
}

TEST(WatchStore, KeepsPlaceIncidentHistoryAndMessagesTogether) {
  const auto store = open_store();
  WatchCommit commit;
  commit.offset = 42;
  commit.state = std::string("\0bytes\xff", 7);
  commit.incidents = {incident("i1", IncidentState::open)};
  commit.transitions = {{"i1", transition(1, "raise", IncidentState::pending, IncidentState::open)}};
  commit.notifications = {notification("n1")};

  ASSERT_TRUE(store->commit_watch(commit));

  EXPECT_EQ((*store->watch_state())->offset, 42);
  EXPECT_EQ((*store->watch_state())->state, commit.state);
  EXPECT_EQ(to_json(**store->incident("i1")), to_json(commit.incidents[0]));
  const auto history = store->transitions("i1");
  ASSERT_EQ(history->size(), 1u);
  EXPECT_EQ(history->at(0).event, "raise");
  EXPECT_EQ(history->at(0).to, IncidentState::open);
  EXPECT_EQ(history->at(0).reason, "12 against 3");
  EXPECT_EQ(store->notifications("i1", 10)->size(), 1u);
}

TEST(WatchStore, TakesNothingOfACommitThatCannotBe) {
  const auto store = open_store();
  WatchCommit first;
  first.offset = 1;
  first.incidents = {incident("i1", IncidentState::open)};
  first.transitions = {{"i1", transition(1, "raise", IncidentState::pending, IncidentState::open)}};
  ASSERT_TRUE(store->commit_watch(first));
  WatchCommit again = first;
  again.offset = 2;
  again.notifications = {notification("n1")};

  const auto result = store->commit_watch(again);

  ASSERT_FALSE(result) << "transition 1 is there already";
  EXPECT_EQ(result.error().kind, ErrorKind::bug);
  EXPECT_EQ((*store->watch_state())->offset, 1);
  EXPECT_THAT(*store->notifications("", 10), IsEmpty());
}

TEST(WatchStore, NeverChangesHistory) {
  const TempDir dir;
  const std::string path = dir.file("vigie.db");
  WatchCommit commit;
  commit.incidents = {incident("i1", IncidentState::open)};
  commit.transitions = {{"i1", transition(1, "raise", IncidentState::pending, IncidentState::open)}};
  ASSERT_TRUE(open_store(concat("sqlite:", path))->commit_watch(commit));
  const auto driver = open_sqlite_driver(path);

  for (const char* sql : {"update transitions set actor = 'x'", "delete from transitions"}) {
    const auto result = (*driver)->run_script(sql);

    ASSERT_FALSE(result) << sql;
    EXPECT_THAT(result.error().what, HasSubstr("append-only"));
  }
}

TEST(WatchStore, RefusesASecondUnclosedIncidentOfABrandAndKind) {
  const auto store = open_store();
  WatchCommit commit;
  commit.incidents = {incident("i1", IncidentState::open), incident("i2", IncidentState::open)};

  EXPECT_FALSE(store->commit_watch(commit));
}

TEST(WatchStore, ClosesOneIncidentAndOpensTheNextInOneCommitWhateverTheirOrder) {
  const auto store = open_store();
  WatchCommit first;
  first.incidents = {incident("i1", IncidentState::resolved)};
  ASSERT_TRUE(store->commit_watch(first));
  WatchCommit second;
  second.incidents = {incident("i2", IncidentState::open, kNoon + hours(9)), incident("i1", IncidentState::closed)};

  ASSERT_TRUE(store->commit_watch(second));

  EXPECT_THAT(ids(*store->incidents("", false, 10)), ElementsAre("i2", "i1"));
  EXPECT_THAT(ids(*store->incidents("acme", true, 10)), ElementsAre("i2"));
  EXPECT_THAT(ids(*store->incidents("zenith", false, 10)), IsEmpty());
}

TEST(WatchStore, TakesASignalAndAMessageOnce) {
  const auto store = open_store();
  WatchCommit commit;
  commit.signals.resize(1);
  commit.signals[0].id = "s1";
  commit.notifications = {notification("n1")};
  ASSERT_TRUE(store->commit_watch(commit));
  commit.notifications[0].purpose = "worse";

  ASSERT_TRUE(store->commit_watch(commit));

  const auto owed = store->notifications("", 10);
  ASSERT_EQ(owed->size(), 1u);
  EXPECT_EQ(owed->at(0).purpose, "") << "what is owed already is left alone";
}

TEST(WatchStore, AnswersNothingForAnUnknownIncident) {
  const auto store = open_store();

  EXPECT_FALSE(*store->incident("unknown"));
  EXPECT_THAT(*store->transitions("unknown"), IsEmpty());
}

}  // namespace
}  // namespace vigie
