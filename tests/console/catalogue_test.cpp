#include "tests/support/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {

TEST(ConsoleCatalogue, SaysTheSameThingsInBothLanguages) {
  EXPECT_THAT(test::catalogue_faults("console"), testing::IsEmpty());
}

TEST(SurveysCatalogue, SaysTheSameThingsInBothLanguages) {
  EXPECT_THAT(test::catalogue_faults("surveys"), testing::IsEmpty());
}

}  // namespace vigie
