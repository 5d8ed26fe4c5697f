#include "pipeline/series_novelty.h"

#include <gtest/gtest.h>

namespace vigie {
namespace {

// Two numbers on one map, as the scorer asks.
class Walk {
 public:
  double go(double x, double y) {
    a_.see(x);
    b_.see(y);
    return map_.visit(a_, b_);
  }
  double stay(double x, double y, int times) {
    double last = 0;
    for (int i = 0; i < times; ++i) last = go(x, y);
    return last;
  }
  const Axis& x() const { return a_; }

 private:
  Axis a_{16}, b_{16};
  NoveltyMap map_;
};

TEST(Axis, NumbersCellsFromTheFirstValue) {
  Axis axis(16);
  axis.see(100);
  axis.see(116);

  EXPECT_EQ(axis.cell(), 16);
  axis.see(101.5);
  EXPECT_EQ(axis.cell(), 1);
  axis.see(100);
  EXPECT_EQ(axis.cell(), 0);
}

TEST(Axis, DoublesItsCellsWhenTheRangeOutgrowsThem) {
  Axis axis(16);
  axis.see(0);
  axis.see(16);
  axis.see(-48);

  EXPECT_EQ(axis.doublings(), 2);
  EXPECT_EQ(axis.cell(), -12);
  EXPECT_EQ(axis.lowest_before(), 0);
}

TEST(Axis, StartsAgainWhenItsRangeWasLeftForLong) {
  Axis axis(16);
  axis.see(0);
  axis.see(1000);
  int restarts = 0;
  for (int i = 0; i < 20000; ++i) {
    axis.see(i % 16);
    if (axis.restarted()) ++restarts;
  }

  EXPECT_EQ(restarts, 1);
  axis.see(0);
  const int low = axis.cell();
  axis.see(15);
  EXPECT_GE(axis.cell() - low, 2) << "cells of a sixteenth of a thousand would hold all of them in one";
}

TEST(NoveltyMap, IsSurprisedByAMeetingOfTwoFamiliarValues) {
  Walk walk;
  for (int i = 0; i < 1000; ++i) {
    walk.go(0, 0);
    walk.go(16, 16);
  }

  EXPECT_EQ(walk.go(0, 0), 0);
  EXPECT_GT(walk.go(0, 16), 0.5);
}

TEST(NoveltyMap, IsLessSurprisedASecondTimeAndBesideAKnownPlace) {
  Walk walk;
  walk.stay(0, 0, 1000);
  walk.go(16, 16);

  const double first = walk.go(16, 0), second = walk.go(16, 0), beside = walk.go(1, 0);

  EXPECT_GT(first, second);
  EXPECT_GT(first, beside);
  EXPECT_GT(beside, 0);
}

TEST(NoveltyMap, IsLessSurprisedWhereNoveltyIsCommon) {
  Walk quiet, lively;
  quiet.stay(0, 0, 400);
  for (int i = 0; i < 20; ++i) {
    for (int j = 0; j < 20; ++j) lively.go(j, i);
  }

  EXPECT_GT(quiet.go(100, 0), 1.5 * lively.go(100, 0));
}

TEST(NoveltyMap, RemembersPlacesWhenItsCellsWiden) {
  Walk walk;
  walk.stay(3, 3, 100);
  walk.stay(16, 16, 100);
  walk.go(64, -64);

  EXPECT_EQ(walk.go(3, 3), 0);
  EXPECT_EQ(walk.go(16, 16), 0);
  EXPECT_GT(walk.go(64, 16), 0);
}

TEST(NoveltyMap, LearnsInSilenceAfterAnAxisStartedAgain) {
  Walk walk;
  walk.go(1000, 0);
  int silent_since = -1;
  for (int i = 0; i < 20000 && silent_since < 0; ++i) {
    walk.go(i % 16, 0);
    if (walk.x().restarted()) silent_since = i;
  }
  ASSERT_GT(silent_since, 0);

  EXPECT_EQ(walk.go(9000, 0), 0);
}

}  // namespace
}  // namespace vigie
