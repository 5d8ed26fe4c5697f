#include "wall/completeness.h"

#include "tests/wall/filled_wall.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class CompletenessTest : public test::FilledWall {
 protected:
  Completeness now() {
    return completeness(store(), "acme", wall_standing(store(), "acme").value(), clock.now()).value();
  }
};

Ratings rated(std::array<std::int64_t, 5> stars) {
  Ratings ratings;
  for (std::size_t i = 0; i < 5; ++i) ratings.counts[static_cast<std::int64_t>(i) + 1] = stars[i];
  return ratings;
}

TEST_F(CompletenessTest, IsClaimedWhileEverythingIsAccountedFor) {
  EXPECT_EQ(now(), Completeness::empty);
  published(1);
  act(receive(answer(5)), "refuse", "OFF-TOPIC");
  receive(answer(2));
  add_up();

  EXPECT_EQ(now(), Completeness::holds);
  EXPECT_THAT(page(), HasSubstr("class=\"claim all\""));
}

TEST_F(CompletenessTest, IsNotClaimedWhenAReviewIsLate) {
  receive(answer(2));
  clock.advance(settings.wall.decide_within + hours(2));
  add_up();

  EXPECT_EQ(now(), Completeness::late);
  EXPECT_THAT(page(), AllOf(Not(HasSubstr("Tous les avis reçus sont publiés")), Not(HasSubstr("claim all")),
                            HasSubstr("attendent plus longtemps que le délai annoncé")));
}

TEST_F(CompletenessTest, IsNotClaimedWhenTheNumbersLagBehindTheLog) {
  published(2);
  add_up();
  published(3);
  EXPECT_EQ(now(), Completeness::holds);

  clock.advance(hours(2));

  EXPECT_EQ(now(), Completeness::stale);
}

TEST_F(CompletenessTest, IsNotClaimedWhenTheCountIsOff) {
  published(2);
  tlog::WallNumbers numbers = add_up();
  numbers.received = 5;
  ASSERT_TRUE(store().reviews().save_snapshot("acme", {10, clock.now(), numbers_json(numbers)}));

  EXPECT_EQ(now(), Completeness::unbalanced);
}

TEST_F(CompletenessTest, IsNotClaimedWhenBadRatingsAreWithheldMoreOften) {
  for (int i = 0; i < 12; ++i) published(5);
  for (int i = 0; i < 6; ++i) act(receive(answer(1)), "refuse", "OFF-TOPIC");
  add_up();
  EXPECT_EQ(now(), Completeness::lopsided);
  EXPECT_THAT(page({{"lang", "en"}}), AllOf(Not(HasSubstr("All reviews received")), HasSubstr("beyond chance")));
}

TEST_F(CompletenessTest, CountsWhatWasHiddenAfterwardsToo) {
  for (int i = 0; i < 12; ++i) published(5);
  for (int i = 0; i < 6; ++i) act(published(1), "hide", "SPAM-PROMO");
  add_up();
  EXPECT_EQ(now(), Completeness::lopsided);
}

TEST_F(CompletenessTest, CountsErasuresThatNoAuthorProved) {
  for (int i = 0; i < 12; ++i) published(5);
  for (int i = 0; i < 6; ++i) {
    const Review bad = published(1);
    ASSERT_TRUE(book().erase(bad, "gdpr", "ana", secret)) << "the author's own";
  }
  add_up();
  EXPECT_EQ(now(), Completeness::holds);
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(book().erase(published(1), "gdpr", "ana"));
  add_up();
  EXPECT_EQ(now(), Completeness::lopsided);
}

TEST_F(CompletenessTest, DoesNotBlameTheBrandForWhatACourtOrAnAuthorDecided) {
  for (int i = 0; i < 12; ++i) published(5);
  for (int i = 0; i < 3; ++i) act(receive(answer(1)), "refuse", "COURT");
  for (int i = 0; i < 3; ++i) act(published(1), "hide", "AUTHOR-REQUEST");
  add_up();
  EXPECT_EQ(now(), Completeness::holds);
}

TEST(Lopsided, TellsChanceFromHabit) {
  EXPECT_FALSE(is_lopsided(rated({10, 10, 0, 40, 40}), rated({1, 1, 0, 1, 1})));   // fewer than 5
  EXPECT_FALSE(is_lopsided(rated({20, 20, 10, 20, 20}), rated({3, 2, 0, 2, 2})));  // 11 % and 9 %
  EXPECT_TRUE(is_lopsided(rated({20, 20, 10, 20, 20}), rated({8, 4, 0, 0, 1})));   // 23 % and 2 %
  EXPECT_FALSE(is_lopsided(rated({20, 20, 10, 20, 20}), rated({0, 1, 0, 4, 8})));  // the other way round
  EXPECT_FALSE(is_lopsided(rated({0, 0, 0, 0, 0}), rated({9, 0, 0, 0, 0})));       // nothing to compare with
  EXPECT_FALSE(is_lopsided(rated({0, 0, 100, 0, 0}), rated({0, 0, 50, 0, 0})));    // the middle is neither
}

}  // namespace
}  // namespace vigie
