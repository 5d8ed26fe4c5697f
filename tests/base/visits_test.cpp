#include "base/visits.h"

#include <gtest/gtest.h>

namespace vigie {
namespace {

const Time kNoon = parse_rfc3339("2026-11-21T12:00:00Z").value();

TEST(TokenBuckets, LetABurstThroughAndThenOneAtATime) {
  TokenBuckets buckets(3, seconds(10));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(buckets.take("a", kNoon));

  EXPECT_EQ(buckets.take("a", kNoon), Duration(seconds(10)));
  EXPECT_FALSE(buckets.take("b", kNoon)) << "another visitor";
  EXPECT_EQ(buckets.take("a", kNoon + seconds(4)), Duration(seconds(6)));
  EXPECT_FALSE(buckets.take("a", kNoon + seconds(10)));
  EXPECT_TRUE(buckets.take("a", kNoon + seconds(10)));
}

TEST(TokenBuckets, NeverHoldMoreThanTheirBurst) {
  TokenBuckets buckets(2, seconds(10));
  EXPECT_FALSE(buckets.take("a", kNoon));
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(buckets.take("a", kNoon + kDay));
  EXPECT_TRUE(buckets.take("a", kNoon + kDay));
}

TEST(TokenBuckets, StayFewHoweverManyNamesThereAre) {
  TokenBuckets buckets(1, seconds(10), 100);
  int refused = 0;
  for (int i = 0; i < 10'000; ++i) refused += buckets.take(std::to_string(i), kNoon) ? 1 : 0;
  EXPECT_EQ(refused, 0);
}

TEST(Sightings, CountWithinTheirWindow) {
  Sightings seen(hours(1), 10);
  EXPECT_EQ(seen.before(7, kNoon), 0);
  seen.add(7, kNoon);
  seen.add(7, kNoon + minutes(30));
  EXPECT_EQ(seen.before(7, kNoon + minutes(59)), 2);
  EXPECT_EQ(seen.before(7, kNoon + minutes(60)), 1);
  EXPECT_EQ(seen.before(8, kNoon), 0);
}

TEST(Sightings, ForgetTheOldestWhenThereAreTooMany) {
  Sightings seen(hours(1), 2);
  for (const std::uint64_t key : {1, 2, 3}) seen.add(key, kNoon);
  EXPECT_EQ(seen.before(1, kNoon), 0);
  EXPECT_EQ(seen.before(3, kNoon), 1);
}

TEST(Networks, OfIpv6AreSixtyFourBitsWide) {
  EXPECT_EQ(visitor_network("2001:db8::1"), visitor_network("2001:db8::ffff"));
  EXPECT_NE(visitor_network("2001:db8::1"), visitor_network("2001:db8:0:1::1"));
  EXPECT_NE(visitor_network("192.0.2.1"), visitor_network("192.0.2.2"));
  EXPECT_EQ(visitor_network("::ffff:192.0.2.1"), visitor_network("192.0.2.1"));
}

}  // namespace
}  // namespace vigie
