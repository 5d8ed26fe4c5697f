#include "wall/score.h"

#include <cmath>

#include <gtest/gtest.h>

namespace vigie {
namespace {

// Whole-star reviews, from 1 star to 5.
RatingCounts rated(std::array<std::int64_t, 5> stars) {
  RatingCounts counts;
  for (int i = 0; i < 5; ++i) {
    const auto n = stars[static_cast<std::size_t>(i)];
    counts.stars[i] = n;
    counts.rated += n;
    counts.reviews += n;
    counts.sum += static_cast<double>(n * (i + 1));
    counts.sum_squares += static_cast<double>(n * (i + 1) * (i + 1));
  }
  return counts;
}

}  // namespace

TEST(Score, IsWithheldBelowTenRatings) {
  EXPECT_FALSE(score(rated({0, 0, 0, 0, 9})));
  EXPECT_TRUE(score(rated({0, 0, 0, 0, 10})));
}

TEST(Score, IsThePlainMeanWithAnIntervalAroundIt) {
  const auto found = score(rated({10, 10, 10, 10, 10}));

  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(found->mean, 3.0);
  // By hand: 52 ratings with the two imaginary ones, squares 576, variance (576 - 468) / 51, t(51) = 2.0076.
  EXPECT_NEAR(found->low, 3 - 2.0076 * std::sqrt(108.0 / 51 / 52), 1e-3);
  EXPECT_NEAR(found->high, 3 + 2.0076 * std::sqrt(108.0 / 51 / 52), 1e-3);
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
    for (const auto& counts :
         {rated({n, 0, 0, 0, 0}), rated({0, 0, 0, 0, n}), rated({0, 0, n, 0, 0}), rated({n, 0, 0, 0, n})}) {
      const auto found = score(counts);
      ASSERT_TRUE(found);
      EXPECT_LE(1.0, found->low);
      EXPECT_LE(found->low, found->mean);
      EXPECT_LE(found->mean, found->high);
      EXPECT_LE(found->high, 5.0);
    }
  }
}

TEST(StudentQuantile, AgreesWithThePrintedTable) {
  EXPECT_NEAR(student_quantile(5), 2.571, .01);
  EXPECT_NEAR(student_quantile(10), 2.228, .002);
  EXPECT_NEAR(student_quantile(30), 2.042, .001);
  EXPECT_NEAR(student_quantile(1e9), 1.960, .001);
}

}  // namespace vigie
