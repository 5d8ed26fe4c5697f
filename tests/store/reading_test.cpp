#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Mentions, ComeNewestFirstAndPageBySeq) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "a"), judged("2", "b"), judged("3", "c")}));

  EXPECT_THAT(ids(store->mentions({.limit = 2})), ElementsAre("3", "2"));
  EXPECT_THAT(ids(store->mentions({.before = 2, .limit = 2})), ElementsAre("1"));
  EXPECT_THAT(ids(store->mentions({.brand = "acme", .before = 3})), ElementsAre("2", "1"));
}

TEST(Mentions, ComeByTheTimeTheyWereWritten) {
  const auto store = open_store();
  commit(*store,
         batch_of({at(judged("1", "a"), kNoon - hours(1)), judged("2", "b"), at(judged("3", "c"), kNoon - hours(2))}));

  EXPECT_THAT(ids(store->mentions({.by_event_time = true})), ElementsAre("2", "1", "3"));
  EXPECT_THAT(ids(store->mentions({.brand = "acme", .limit = 1, .by_event_time = true, .offset = 1})),
              ElementsAre("1"));
}

TEST(Mentions, AreFilteredByBrandSourceLabelKindAndStars) {
  const auto store = open_store();
  Judged forum = judged("2", "b");
  forum.mention.source = "forum";
  Judged other = judged("3", "c");
  other.brands = {"zenith"};
  commit(*store, batch_of({judged("1", "a"), forum, other, negative(review(judged("4", "d"), 1)),
                           review(judged("5", "e"), 9, 0, 10)}));

  EXPECT_THAT(ids(store->mentions({.brand = "zenith"})), ElementsAre("3"));
  EXPECT_THAT(ids(store->mentions({.source = "forum"})), ElementsAre("2"));
  EXPECT_THAT(ids(store->mentions({.brand = "acme", .sources = {"forum", "unknown"}})), ElementsAre("2"));
  EXPECT_THAT(ids(store->mentions({.label = Label::negative})), ElementsAre("4"));
  EXPECT_THAT(ids(store->mentions({.reviews_only = true})), ElementsAre("5", "4"));
  EXPECT_THAT(ids(store->mentions({.brand = "acme", .reviews_only = true})), ElementsAre("5", "4"));
  EXPECT_THAT(ids(store->mentions({.stars = 5})), ElementsAre("5"));
  EXPECT_THAT(ids(store->mentions({.brand = "' or 1 = 1 --"})), IsEmpty());
}

TEST(Mentions, AreFoundByTheLabelThatCounts) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "ironique")}));

  ASSERT_TRUE(store->set_human_label(1, Label::negative, "marie", kNoon));

  EXPECT_THAT(ids(store->mentions({.label = Label::negative})), ElementsAre("1"));
  EXPECT_THAT(ids(store->mentions({.label = Label::neutral})), IsEmpty());
}

TEST(Mentions, ComeInTheOrderTheyAreAskedFor) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "a"), judged("2", "b"), judged("3", "c")}));

  EXPECT_THAT(ids(store->mentions_by_seq({3, 99, 1})), ElementsAre("3", "1"));
}

}  // namespace
}  // namespace vigie
