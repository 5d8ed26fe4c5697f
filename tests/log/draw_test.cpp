#include "wall/log/draw.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace vigie::tlog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Hash root(int number) { return leaf_hash(std::to_string(number)); }

std::vector<std::int64_t> reviews(std::int64_t count) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 100);
  return all;
}

TEST(AuditDraw, IsTheSameForEverybody) {
  // By Python's hashlib: sorted(sha256(b"vigie-audit-v1\n" + root + (7).to_bytes(8, "big") + n.to_bytes(8, "big")) ...)
  EXPECT_THAT(draw(root(1), 7, reviews(50), 5), ElementsAre(106, 107, 112, 119, 143));
}

TEST(AuditDraw, TakesAllWhereThereAreFewer) {
  EXPECT_EQ(draw(root(1), 7, reviews(3), 20), reviews(3));
  EXPECT_THAT(draw(root(1), 7, {}, 20), IsEmpty());
}

TEST(AuditDraw, IsAnotherWithEveryRootAndRequest) {
  EXPECT_NE(draw(root(1), 7, reviews(1000), 5), draw(root(2), 7, reviews(1000), 5));
  EXPECT_NE(draw(root(1), 7, reviews(1000), 5), draw(root(1), 8, reviews(1000), 5));
}

TEST(AuditDraw, GivesEveryReviewTheSameChance) {
  std::vector<int> drawn(10);
  for (int i = 0; i < 2000; ++i) {
    for (const std::int64_t one : draw(root(i), 7, reviews(10), 3)) ++drawn[static_cast<std::size_t>(one - 100)];
  }

  // 600 each on the mean, standard deviation 20.
  for (const int times : drawn) EXPECT_NEAR(times, 600, 100);
}

}  // namespace
}  // namespace vigie::tlog
