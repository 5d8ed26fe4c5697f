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

TEST(RatingCounts, FoldEveryScaleToFiveStars) {
  const auto store = open_store();
  commit(*store,
         batch_of({review(judged("1", "a"), 5), review(judged("2", "b"), 10, 0, 10), review(judged("3", "c"), 0, 0, 1),
                   at(review(judged("4", "d"), 7, 0, 10), kNoon - hours(3)), judged("5", "not a review")}));

  const auto counts = store->rating_counts({.brand = "acme", .reviews_only = true});

  ASSERT_TRUE(counts) << counts.error().what;
  EXPECT_EQ(counts->reviews, 4);
  EXPECT_EQ(counts->rated, 4);
  EXPECT_THAT(counts->stars, ElementsAre(1, 0, 0, 1, 2));
  EXPECT_DOUBLE_EQ(counts->sum, 5 + 5 + 1 + 3.8);
  EXPECT_DOUBLE_EQ(counts->sum_squares, 25 + 25 + 1 + 3.8 * 3.8);
  EXPECT_EQ(counts->oldest, kNoon - hours(3));
  EXPECT_EQ(counts->newest, kNoon);
}

TEST(RatingCounts, LeaveOutRatingsOnAScaleThatMakesNoSense) {
  const auto store = open_store();
  commit(*store, batch_of({review(judged("1", "a"), 4, 5, 1), review(judged("2", "b"), 40, 1, 5)}));

  const auto counts = store->rating_counts({.reviews_only = true});

  EXPECT_EQ(counts->reviews, 2);
  EXPECT_EQ(counts->rated, 1);
  EXPECT_THAT(counts->stars, ElementsAre(0, 0, 0, 0, 1)) << "a value beyond its own scale counts as the scale's end";
}

TEST(RatingCounts, AreNoughtWithoutReviews) {
  const auto store = open_store();

  const auto counts = store->rating_counts({.brand = "acme"});

  ASSERT_TRUE(counts) << counts.error().what;
  EXPECT_EQ(counts->reviews, 0);
  EXPECT_EQ(counts->oldest, std::nullopt);
}

}  // namespace
}  // namespace vigie
