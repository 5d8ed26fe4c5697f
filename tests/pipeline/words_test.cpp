#include "pipeline/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

std::string folded(std::string_view text) { return std::string(split_words(text).folded()); }

TEST(Words, StandBetweenBlanksWithoutCaseAndAccents) {
  EXPECT_EQ(folded("Problème à l'Hôtel ACME !"), " probleme a l hotel acme ");
}

TEST(Words, KeepDigitsWithLettersAndPartAtHyphens) { EXPECT_EQ(folded("O2, Coca-Cola, h_m"), " o2 coca cola h m "); }

TEST(Words, FoldCompatibilityFormsAndLettersBeyondLatin) {
  EXPECT_EQ(folded("ＡＣＭＥ Straße ΑΘΗΝΑ"), " acme strasse αθηνα ");
  EXPECT_EQ(folded("cafe\u0301"), " cafe ");
}

TEST(Words, AreSingleCharactersWhereNoBlanksAreWritten) { EXPECT_EQ(folded("東京 ok"), " 東 京 ok "); }

TEST(Words, LeaveLinksOutOfTheFoldedText) {
  const Words words = split_words("see https://acme.example/x?y now");

  EXPECT_EQ(words.folded(), " see now ");
  ASSERT_EQ(words.size(), 3u);
  EXPECT_EQ(words[1].kind, Word::Kind::url);
  EXPECT_EQ(words.written(1), "https://acme.example/x?y");
}

TEST(Words, KnowHandlesHashtagsAndEmoji) {
  const Words words = split_words("@acme #fail 😡 :-( mail me@acme.example");

  ASSERT_EQ(words.size(), 8u);
  EXPECT_EQ(words[0].kind, Word::Kind::handle);
  EXPECT_EQ(words[1].kind, Word::Kind::hashtag);
  EXPECT_EQ(words[2].kind, Word::Kind::emoji);
  EXPECT_EQ(words[3].kind, Word::Kind::emoji);
  EXPECT_EQ(words.folded(3), ":(");
  EXPECT_EQ(words[6].kind, Word::Kind::word) << "the host of an address is nobody's handle";
}

TEST(Words, TellWhatOnlyTheWritingShows) {
  const Words words = split_words("SOOOO late! Really?");

  ASSERT_EQ(words.size(), 3u);
  EXPECT_TRUE(words[0].capitals);
  EXPECT_TRUE(words[0].lengthened);
  EXPECT_EQ(words.folded(0), "soo");
  EXPECT_EQ(words[1].marks_after, 1);
  EXPECT_TRUE(words[2].after_break);
  EXPECT_TRUE(words[2].question_after);
}

TEST(Words, CutLetterRunsToTwoWhereverTheyStand) {
  EXPECT_EQ(folded("sooo coool aaah zzz ééé looong"), " soo cool aah zz ee loong ");
}

TEST(Words, KeepNumbersWithRepeatedDigits) { EXPECT_EQ(folded("1000 euros"), " 1000 euros "); }

TEST(Words, StopAtTheirCap) {
  std::string text;
  for (int i = 0; i < 10000; ++i) text += "word ";

  EXPECT_EQ(split_words(text).size(), 4096u);
}

TEST(Words, AreNoneInATextOfMarks) { EXPECT_EQ(as_literal("--- ... !!!"), ""); }

}  // namespace
}  // namespace vigie
