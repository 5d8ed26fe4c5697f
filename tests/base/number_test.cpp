#include "base/number.h"

#include <gtest/gtest.h>

namespace vigie {
namespace {

TEST(Number, IsTheWholeTextOrNone) {
  EXPECT_EQ(whole_number("-42"), -42);
  EXPECT_EQ(whole_number("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(real_number("4.5"), 4.5);

  for (const char* text : {"", " 1", "1 ", "+1", "1x", "1.5", "0x1f", "9223372036854775808"})
    EXPECT_EQ(whole_number(text), std::nullopt) << text;
  for (const char* text : {"", "1,5", "nan", "inf", "1e999", "4 stars"})
    EXPECT_EQ(real_number(text), std::nullopt) << text;
}

}  // namespace
}  // namespace vigie
