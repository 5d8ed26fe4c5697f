#include "wall/score.h"

#include <cmath>

#include <gtest/gtest.h>

namespace vigie {
namespace {

// So many of each rating, from 1 to 5.
Ratings rated(std::array<std::int64_t, 5> stars) {
  Ratings ratings;
  for (std::size_t i = 0; i < 5; ++i) ratings.counts[static_cast<std::int64_t>(i) + 1] = stars[i];
  return ratings;
}

}  // namespace

TEST(Score, IsWithheldBelowTenRatings) {
  EXPECT_FALSE(score(rated({0, 0, 0, 0, 9})));
  EXPECT_TRUE(score(rated({0, 0, 0, 0, 10})));
}

TEST(Score, IsThePlainMeanWithAnIntervalAroundIt) {
  const auto found = score(rated({10, 10, 10, 10, 10}));

  ASSERT_TRUE(found);
  EXPECT_EQ(found->mean_milli, 3000);
  // By hand: 52 ratings with the two imaginary ones, squares 576, variance (576 - 468) / 51, t(51) = 2.0076.
  EXPECT_NEAR(found->low, 3 - 2.0076 * std::sqrt(108.0 / 51 / 52), 1e-3);
  EXPECT_NEAR(found->high, 3 + 2.0076 * std::sqrt(108.0 / 51 / 52), 1e-3);
}

TEST(Score, RoundsHalfUpFromTheExactMean) {
  const auto quarter = score(rated({0, 0, 0, 15, 5}));  // 4.25, which no double of two decimals would round up
  EXPECT_EQ(quarter->mean_milli, 4250);
  EXPECT_DOUBLE_EQ(quarter->mean, 4.3);

  const auto below = score(rated({0, 0, 0, 75'010, 24'990}));  // 4.2499
  EXPECT_EQ(below->mean_milli, 4250);
  EXPECT_DOUBLE_EQ(below->mean, 4.2);
}

TEST(Score, NeverClaimsToBeSureOfAFewPerfectReviews) {
  const auto ten = score(rated({0, 0, 0, 0, 10}));

  ASSERT_TRUE(ten);
  EXPECT_DOUBLE_EQ(ten->mean, 5.0);
  EXPECT_DOUBLE_EQ(ten->high, 5.0);
  EXPECT_LT(ten->low, 4.2);
}

TEST(Score, AlwaysLiesWithinItsInterval) {
  for (const std::int64_t n : {10, 11, 50, 1000, 100000}) {
    for (const auto& ratings :
         {rated({n, 0, 0, 0, 0}), rated({0, 0, 0, 0, n}), rated({0, 0, n, 0, 0}), rated({n, 0, 0, 0, n})}) {
      const auto found = score(ratings);
      ASSERT_TRUE(found);
      EXPECT_LE(1.0, found->low);
      EXPECT_LE(found->low, found->mean);
      EXPECT_LE(found->mean, found->high);
      EXPECT_LE(found->high, 5.0);
    }
  }
}

TEST(Ratings, OfTwoScalesAreKeptApart) {
  const tlog::CountByRating counts = {{"4", 7}, {"5", 3}, {"0-10:9", 12}, {"0-10:0", 1}, {"1-7:5", 2}, {"-", 4}};

  EXPECT_EQ(ratings_of(counts, "1-5").count(), 10);
  EXPECT_EQ(ratings_of(counts, "0-10").counts, (std::map<std::int64_t, std::int64_t>{{0, 1}, {9, 12}}));
  EXPECT_EQ(ratings_of(counts, "1-7").most, 7);
  EXPECT_EQ(score(ratings_of(counts, "0-10"))->mean_milli, 8308);
}

TEST(Scale, IsTwoEndsInOrder) {
  EXPECT_EQ(scale_from("0-10")->most, 10);
  for (const char* odd : {"", "5", "5-1", "1-1", "-1-5", "1-5-9", "0-1000", "a-b"})
    EXPECT_FALSE(scale_from(odd)) << odd;
}

TEST(StudentQuantile, AgreesWithThePrintedTable) {
  EXPECT_NEAR(student_quantile(5), 2.571, .01);
  EXPECT_NEAR(student_quantile(10), 2.228, .002);
  EXPECT_NEAR(student_quantile(30), 2.042, .001);
  EXPECT_NEAR(student_quantile(1e9), 1.960, .001);
}

}  // namespace vigie
