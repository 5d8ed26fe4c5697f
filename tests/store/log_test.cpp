#include "store/log_leaves.h"

#include "base/secret.h"
#include "store/sqlite.h"
#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

LeafToAppend leaf(const std::string& bytes, std::int64_t time = 3600, const std::string& once = "") {
  return {[=](const LeafPlace&) { return Result<NewLeaf>(NewLeaf{bytes, time}); }, once};
}

std::vector<std::string> bytes_in(Store& store, const std::string& wall) {
  std::vector<std::string> all;
  const auto leaves = store.leaves(wall, 0, 100);
  for (const LoggedLeaf& one : leaves.value()) all.push_back(one.bytes);
  return all;
}

TEST(Log, KeepsEachWallsEntriesInTheirOrder) {
  const auto store = open_store();

  ASSERT_TRUE(store->append_leaves("acme", {leaf("a"), leaf("b")}));
  ASSERT_TRUE(store->append_leaves("other", {leaf("x")}));
  const auto appended = store->append_leaves("acme", {leaf("c")});

  ASSERT_TRUE(appended) << appended.error().what;
  EXPECT_EQ(appended->front().index, 2);
  EXPECT_THAT(bytes_in(*store, "acme"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(bytes_in(*store, "other"), ElementsAre("x"));
  EXPECT_EQ(store->leaves("acme", 2, 10).value().front().hash, sha256(std::string("\0c", 2)));
  EXPECT_EQ(store->log_state("acme").value().size, 3);
  EXPECT_THAT(store->logged_walls().value(), ElementsAre("acme", "other"));
  EXPECT_EQ(store->log_state("nobody").value().size, 0);
}

TEST(Log, TellsAnEntryItsPlaceBeforeItIsWritten) {
  const auto store = open_store();
  std::vector<std::pair<std::int64_t, std::int64_t>> places;
  const auto noting = [&](std::int64_t time) {
    return LeafToAppend{[&places, time](const LeafPlace& place) {
      places.emplace_back(place.index, place.not_before);
      return Result<NewLeaf>(NewLeaf{"x", time});
    }};
  };

  ASSERT_TRUE(store->append_leaves("acme", {noting(10), noting(20)}));
  ASSERT_TRUE(store->append_leaves("acme", {noting(20)}));

  EXPECT_THAT(places, ElementsAre(std::pair(0, 0), std::pair(1, 10), std::pair(2, 20)));
}

TEST(Log, TakesWhatIsMarkedOnce) {
  const auto store = open_store();
  ASSERT_TRUE(store->append_leaves("acme", {leaf("a"), leaf("answer", 3600, "k:1")}));

  const auto again = store->append_leaves("acme", {leaf("another answer", 3600, "k:1"), leaf("b")});

  ASSERT_TRUE(again);
  EXPECT_EQ((*again)[0].index, 1);
  EXPECT_FALSE((*again)[0].fresh);
  EXPECT_THAT(bytes_in(*store, "acme"), ElementsAre("a", "answer", "b"));
  EXPECT_EQ(store->leaf_marked("acme", "k:1").value(), 1);
  EXPECT_EQ(store->leaf_marked("acme", "k:2").value(), std::nullopt);
}

TEST(Log, RefusesAnEntryBeforeTheOneAboveItAndTheWholeBatchWithIt) {
  const auto store = open_store();
  ASSERT_TRUE(store->append_leaves("acme", {leaf("a", 7200)}));

  const auto refused = store->append_leaves("acme", {leaf("b", 7200), leaf("c", 3600)});

  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("entry 2 of the log: its time lies before"));
  EXPECT_THAT(bytes_in(*store, "acme"), ElementsAre("a"));
  EXPECT_EQ(store->append_leaves("acme", {leaf("b", 7200)}).value().front().index, 1);
}

TEST(Log, IsCommittedWithWhatItSpeaksOfOrNotAtAll) {
  const TempDir folder;
  ASSERT_TRUE(open_sqlite_store("sqlite:" + folder.file("v.db")));
  const auto driver = open_sqlite_driver(folder.file("v.db")).value();
  {
    auto transaction = Transaction::begin(*driver, Durability::power);
    ASSERT_TRUE(driver->run_script("insert into settings (key, value) values ('review', 'text')"));
    ASSERT_TRUE(append_to_log(*driver, "acme", {leaf("a")}));
  }  // the process dies before its commit
  const auto store = open_sqlite_store("sqlite:" + folder.file("v.db")).value();
  EXPECT_EQ(store->get_setting("review").value(), "");
  EXPECT_THAT(bytes_in(*store, "acme"), IsEmpty());

  auto transaction = Transaction::begin(*driver, Durability::power).value();
  ASSERT_TRUE(driver->run_script("insert into settings (key, value) values ('review', 'text')"));
  ASSERT_TRUE(append_to_log(*driver, "acme", {leaf("a")}));
  ASSERT_TRUE(transaction.commit());
  EXPECT_EQ(store->get_setting("review").value(), "text");
  EXPECT_THAT(bytes_in(*store, "acme"), ElementsAre("a"));
}

TEST(Log, LetsNobodyChangeAnEntry) {
  const TempDir folder;
  ASSERT_TRUE(open_sqlite_store("sqlite:" + folder.file("v.db")).value()->append_leaves("acme", {leaf("a")}));
  const auto driver = open_sqlite_driver(folder.file("v.db")).value();

  EXPECT_FALSE(driver->run_script("update log_leaves set bytes = 'z'"));
  EXPECT_FALSE(driver->run_script("delete from log_leaves"));
}

TEST(Log, PromisesEachTreeFromTheOneBeforeAlone) {
  const auto store = open_store();
  ASSERT_TRUE(store->append_leaves("acme", {leaf("a"), leaf("b"), leaf("c")}));
  const LogHead none, two{2, std::string(32, '2')}, three{3, std::string(32, '3')};

  ASSERT_TRUE(store->promise_head("acme", none, two));
  EXPECT_TRUE(store->promise_head("acme", two, two)) << "the same again: a restart";
  EXPECT_EQ(store->promise_head("acme", none, three).error().kind, ErrorKind::denied);
  EXPECT_FALSE(store->promise_head("acme", two, LogHead{2, std::string(32, 'x')}));
  EXPECT_FALSE(store->promise_head("acme", two, LogHead{4, std::string(32, '4')})) << "more than there is";
  ASSERT_TRUE(store->promise_head("acme", two, three));
  EXPECT_EQ(store->log_state("acme").value().promised, three);
}

TEST(Log, KeepsCheckpointsAndWhatWitnessesSaid) {
  const auto store = open_store();
  ASSERT_TRUE(store->append_leaves("acme", {leaf("a"), leaf("b")}));
  EXPECT_EQ(store->last_checkpoint("acme").value(), std::nullopt);

  ASSERT_TRUE(store->save_checkpoint("acme", {1, kNoon, "first"}));
  ASSERT_TRUE(store->save_checkpoint("acme", {2, kNoon, "second"}));
  ASSERT_TRUE(store->save_cosignature("acme", {2, "b", kNoon, "line b"}));
  ASSERT_TRUE(store->save_cosignature("acme", {2, "a", kNoon, "line a"}));

  EXPECT_EQ(store->last_checkpoint("acme").value()->note, "second");
  EXPECT_EQ(store->checkpoint_of("acme", 1).value()->note, "first");
  EXPECT_THAT(store->cosignatures("acme", 2).value(), SizeIs(2));
  EXPECT_EQ(store->cosigned_size("acme", "a").value(), 2);
  EXPECT_EQ(store->cosigned_size("acme", "c").value(), 0);
}

}  // namespace
}  // namespace vigie
