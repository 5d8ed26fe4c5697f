#include "pipeline/rise.h"

#include <gtest/gtest.h>

namespace vigie {
namespace {

constexpr double kShare = 0.2;
constexpr double kMultiple = 1.4;

// Evidence for a rise of the negatives when, of 1,000 expected mentions, so many came.
double evidence(float negatives, std::uint32_t mentions) {
  Cell cell;
  cell.negatives = negatives;
  Moment moment;
  moment.exposure = 1000;
  moment.mentions = mentions;
  return Rise::nats(cell, kMultiple, kShare, moment);
}

TEST(Rise, CountsNegativesBeyondHabitAsEvidence) { EXPECT_GT(evidence(300, 1100), 10); }

TEST(Rise, FindsNothingInAHabitualDay) { EXPECT_LE(evidence(200, 1000), 0); }

TEST(Rise, FindsNothingWhenEverythingRoseAlike) { EXPECT_LE(evidence(800, 4000), 0); }

// A funny advert: five times the mentions, a few more negatives among them, a far smaller share.
TEST(Rise, FindsNothingInABurstOfHarmlessTalk) { EXPECT_LE(evidence(320, 5000), 0); }

}  // namespace
}  // namespace vigie
