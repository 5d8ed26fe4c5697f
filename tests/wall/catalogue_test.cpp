#include "tests/support/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {

TEST(WallCatalogue, SaysTheSameThingsInBothLanguages) {
  EXPECT_THAT(test::catalogue_faults("wall"), testing::IsEmpty());
}

TEST(SurveyCatalogue, SaysTheSameThingsInBothLanguages) {
  EXPECT_THAT(test::catalogue_faults("survey"), testing::IsEmpty());
}

TEST(ModerationCatalogue, SaysTheSameThingsInBothLanguages) {
  EXPECT_THAT(test::catalogue_faults("moderation"), testing::IsEmpty());
}

}  // namespace vigie
