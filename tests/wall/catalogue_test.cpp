#include "tests/support/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {

TEST(WallCatalogue, SaysTheSameThingsInBothLanguages) {
  EXPECT_THAT(test::catalogue_faults("wall"), testing::IsEmpty());
}

}  // namespace vigie
