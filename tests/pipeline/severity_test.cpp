#include "pipeline/severity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Gravity a_few() {
  Gravity gravity;
  gravity.observed = 5;
  gravity.expected = 3;
  gravity.hours = 4;
  return gravity;
}

TEST(Severity, StartsAtOne) {
  EXPECT_EQ(grade(a_few()).level, 1);
  EXPECT_THAT(grade(a_few()).why, IsEmpty());
}

TEST(Severity, GivesAPointForEachReasonAndNamesIt) {
  Gravity gravity = a_few();
  gravity.expected = 1;
  EXPECT_THAT(grade(gravity).why, ElementsAre("multiple"));
  gravity.observed = 12;
  EXPECT_THAT(grade(gravity).why, ElementsAre("multiple", "many"));
  gravity.hours = 1;
  EXPECT_THAT(grade(gravity).why, ElementsAre("multiple", "many", "fast"));
  gravity.reach = 80'000;
  EXPECT_EQ(grade(gravity).level, 5);
}

TEST(Severity, NeverPassesFive) {
  Gravity gravity;
  gravity.observed = 500;
  gravity.expected = 2;
  gravity.hours = 30;
  gravity.reach = 1e6;
  gravity.cues = kCueDanger;
  gravity.grave_theme = true;
  EXPECT_EQ(grade(gravity).level, 5);
  EXPECT_THAT(grade(gravity).why, ElementsAre("multiple", "many", "crowd", "fast", "reach", "cue", "theme", "lasting"));
}

TEST(Severity, IsHighAsSoonAsALifeMayBeInDanger) {
  Gravity gravity = a_few();
  gravity.cues = kCueSelfHarm;
  EXPECT_EQ(grade(gravity).level, 4);
}

TEST(Severity, TakesCuesThereAndBack) {
  const std::vector<std::string> all = {"danger", "injury", "legal", "boycott", "press", "self_harm"};
  EXPECT_EQ(cue_names(cue_bits(all)), all);
  EXPECT_EQ(cue_bits({"legal", "unheard_of"}), kCueLegal);
}

}  // namespace
}  // namespace vigie
