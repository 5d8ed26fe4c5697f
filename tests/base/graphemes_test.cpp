#include "base/graphemes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {

TEST(FirstGraphemes, CutsBetweenWhatPeopleTakeForLetters) {
  const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467", flag = "\U0001F1EB\U0001F1F7";

  EXPECT_EQ(first_graphemes("bonjour", 7), "bonjour");
  EXPECT_EQ(first_graphemes("bonjour", 3), "bon…");
  EXPECT_EQ(first_graphemes(family + flag + "x", 1), family + "…");
  EXPECT_EQ(first_graphemes(family + flag + "x", 2), family + flag + "…");
  EXPECT_EQ(first_graphemes("e\u0301te\u0301", 1), "e\u0301…");
  EXPECT_EQ(first_graphemes(family + flag, 2), family + flag);
  EXPECT_EQ(first_graphemes("", 5), "");
}

TEST(Displayable, CapsMarksAndDropsControlsAndNothingElse) {
  std::string tower = "a";
  for (int i = 0; i < 500; ++i) tower += "\u0301";

  EXPECT_EQ(displayable(tower + "b\u0301").size(), 1 + 8 * 2 + 1 + 2);
  EXPECT_EQ(displayable("ligne\nautre\tcolonne\u0001\u007F\u0085"), "ligne\nautre\tcolonne");
  const std::string odd = "\u202Egauche \u2066isolé \U0001F468\u200D\U0001F469 \u200D ไทย Tiê\u0301ng";
  EXPECT_EQ(displayable(odd), odd);
}

}  // namespace vigie
