#include "alerts/notifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using testing::ElementsAre, testing::IsEmpty;

Error transient() { return {ErrorKind::transient, "", std::nullopt}; }

TEST(RetryAfter, DoublesItsBoundUpToAQuarterOfAnHour) {
  EXPECT_EQ(retry_after(1, transient(), 1.0), seconds(2));
  EXPECT_EQ(retry_after(2, transient(), 1.0), seconds(4));
  EXPECT_EQ(retry_after(5, transient(), 1.0), seconds(32));
  EXPECT_EQ(retry_after(12, transient(), 1.0), minutes(15));
  EXPECT_EQ(retry_after(2000000000, transient(), 1.0), minutes(15));
}

TEST(RetryAfter, IsSpreadOverTheWholeBound) {
  EXPECT_EQ(retry_after(4, transient(), 0.0), seconds(0));
  EXPECT_EQ(retry_after(4, transient(), 0.5), seconds(8));
}

TEST(RetryAfter, IsNeverSoonerThanTheRemoteAsked) {
  const Error limited{ErrorKind::rate_limited, "", seconds(90)};

  EXPECT_EQ(retry_after(1, limited, 0.5), seconds(90));
  EXPECT_EQ(retry_after(12, limited, 1.0), minutes(15));
}

}  // namespace
}  // namespace vigie
