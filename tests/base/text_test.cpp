#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace vigie {
namespace {

using testing::ElementsAre;

using namespace std::string_literals;

TEST(Utf8, KnowsWellFormedFromIllFormed) {
  for (const std::string& good : {""s, "abc"s, "é"s, "€"s, "😀"s, "\xF4\x8F\xBF\xBF"s, "a\0b"s})
    EXPECT_TRUE(is_valid_utf8(good)) << good;
  for (const std::string& bad : {"\x80"s, "\xC0\x80"s, "\xC3"s, "\xED\xA0\x80"s, "\xF4\x90\x80\x80"s, "\xE2\x82"s,
                                 "\xFF"s, "\xF8\x88\x80\x80\x80"s}) {
    EXPECT_FALSE(is_valid_utf8(bad)) << testing::PrintToString(bad);
  }
}

TEST(Utf8, IsRepairedWithOneMarkAMaximalSubpart) {
  EXPECT_EQ(to_valid_utf8("plain é 😀"), "plain é 😀");
  EXPECT_EQ(to_valid_utf8("a\x80z"), "a\uFFFDz");
  EXPECT_EQ(to_valid_utf8("a\xE2\x82z"), "a\uFFFDz");              // cut short: one
  EXPECT_EQ(to_valid_utf8("\xE2\x82\xE2\x82\xAC"), "\uFFFD€");     // cut short, then whole
  EXPECT_EQ(to_valid_utf8("\xC0\x80"), "\uFFFD\uFFFD");            // overlong: no prefix is well formed
  EXPECT_EQ(to_valid_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(to_valid_utf8("\xF0\x9F\x98"), "\uFFFD");
  EXPECT_EQ(to_valid_utf8("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(to_valid_utf8("caf\xE9"), "caf\uFFFD");
}

TEST(Utf8, LosesItsNuls) {
  EXPECT_EQ(to_valid_utf8("a\0b"s), "ab");
  EXPECT_EQ(to_valid_utf8("\0\xFF\0"s), "\uFFFD");
}

TEST(Utf8, IsValidAfterRepairWhateverTheBytes) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 3 == 0 ? random() : "\xC3\xA9\xE2\x82\xACz"[random() % 6]);

    const std::string repaired = to_valid_utf8(bytes);

    ASSERT_TRUE(is_valid_utf8(repaired)) << testing::PrintToString(bytes);
    ASSERT_EQ(to_valid_utf8(repaired), repaired);
    ASSERT_TRUE(is_valid_utf8(first_code_points(repaired, 7)));
    ASSERT_TRUE(is_valid_utf8(fold_blind(bytes)));
  }
}

TEST(CodePoints, AreCountedAndCutWhole) {
  EXPECT_EQ(count_code_points("aé€😀"), 4u);
  EXPECT_EQ(first_code_points("aé€😀", 3), "aé€");
  EXPECT_EQ(first_code_points("aé€😀", 4), "aé€😀");
  EXPECT_EQ(first_code_points("aé€😀", 99), "aé€😀");
  EXPECT_EQ(first_code_points("aé", 0), "");
  EXPECT_EQ(first_code_points("ab\xFFzz", 5), "ab");
}

TEST(Shorten, EndsOnAWordInTheLastQuarter) {
  EXPECT_EQ(shorten("The parcel never came", 21), "The parcel never came");
  EXPECT_EQ(shorten("The parcel never came", 19), "The parcel never…");
  EXPECT_EQ(shorten("The parcel never came", 17), "The parcel never…");
  EXPECT_EQ(shorten("Donaudampfschifffahrtsgesellschaft today", 20), "Donaudampfschifffah…");
  EXPECT_EQ(shorten("été après été", 6), "été a…");
  EXPECT_EQ(shorten("abc", 1), "…");
  EXPECT_EQ(shorten("abc", 0), "");
}

TEST(Shorten, NeverExceedsItsCount) {
  for (std::size_t count = 0; count < 30; ++count) {
    EXPECT_LE(count_code_points(shorten("Ça marche à moitié — dommage 😀 vraiment", count)), count);
  }
}

TEST(Fold, MakesOneWordOfItsSpellings) {
  EXPECT_EQ(fold("ACME"), "acme");
  EXPECT_EQ(fold("ÉCOLE Œuvre"), "école œuvre");
  EXPECT_EQ(fold("Straße"), "strasse");
  EXPECT_EQ(fold("ﬁn"), "fin");
  EXPECT_EQ(fold("ＡＣＭＥ"), "acme");
  EXPECT_EQ(fold("e\u0301"), "é");
  EXPECT_EQ(fold("ΣΊΣΥΦΟΣ"), fold("σίσυφος"));
  EXPECT_EQ(fold("½"), "1⁄2");
  EXPECT_EQ(fold("a\u00A0b"), "a b");
  EXPECT_EQ(fold(""), "");
}

TEST(Fold, RepairsInvalidText) { EXPECT_EQ(fold("AB\xFF"), "ab\uFFFD"); }

TEST(FoldBlind, DropsAccents) {
  EXPECT_EQ(fold_blind("Problème"), fold_blind("PROBLEME"));
  EXPECT_EQ(fold_blind("Ça été où"), "ca ete ou");
  EXPECT_EQ(fold_blind("Łódź Århus"), "łodz arhus");
  EXPECT_EQ(fold_blind("Ιούλ"), "ιουλ");
  EXPECT_EQ(fold_blind("e\u0301\u0302"), "e");
}

TEST(FoldBlind, KeepsMarksThatAreLetters) {
  EXPECT_EQ(fold_blind("が"), "が");
  EXPECT_EQ(fold_blind("한국어"), "한국어");
  EXPECT_EQ(fold_blind("हिन्दी"), "हिन्दी");
}

// The table must say what ICU says: a character it does not know ("ﬀ") sends the same text through ICU.
TEST(Fold, SaysTheSameByTableAndByIcu) {
  for (char32_t c = 0x20; c <= 0xFF; ++c) {
    if (c >= 0x7F && c < 0xA0) continue;
    std::string text = c < 0x80 ? std::string(1, static_cast<char>(c))
                                : std::string{static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};

    EXPECT_EQ(fold(text) + "ff", fold(text + "ﬀ")) << text;
    EXPECT_EQ(fold_blind(text) + "ff", fold_blind(text + "ﬀ")) << text;
  }
  for (const std::string_view text : {"Œ", "œ", "’", "‘", "–", "«", "😀", "😿"}) {
    EXPECT_EQ(fold(text) + "ff", fold(std::string(text) + "ﬀ")) << text;
  }
}

TEST(Spaces, AreTrimmedAndSqueezed) {
  EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(squeeze_spaces("\u00A0 a \n\u2003\u3000 b\u2028"), "a b");
  EXPECT_EQ(squeeze_spaces(" \t "), "");
  EXPECT_EQ(squeeze_spaces("a\xFF  b"), "a\xFF b");
  EXPECT_EQ(squeeze_spaces("\x01 d\u00E9j\u00E0\u00A0vu\x7F"), "\x01 d\u00E9j\u00E0 vu\x7F");
}

TEST(Ascii, IsLoweredAndComparedWithoutTouchingTheRest) {
  EXPECT_EQ(ascii_lower("ÀB"), "Àb");
  EXPECT_TRUE(iequals("Content-TYPE", "content-type"));
  EXPECT_FALSE(iequals("a", "ab"));
  EXPECT_FALSE(iequals("É", "é"));
}

TEST(Split, KeepsEmptyPieces) {
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(EscapeHtml, LeavesNoWayOutOfTextOrAttribute) {
  EXPECT_EQ(escape_html("<a href=\"x\" o='y'>&é"), "&lt;a href=&quot;x&quot; o=&#39;y&#39;&gt;&amp;é");
}

TEST(UrlCoding, KeepsOnlyUnreservedCharacters) {
  EXPECT_EQ(url_encode("aZ09-._~ /?&=é\0"s), "aZ09-._~%20%2F%3F%26%3D%C3%A9%00");
  EXPECT_EQ(url_decode("a%20b+c%2", false), "a b+c%2");
  EXPECT_EQ(url_decode("a%20b+c%zz%C3%a9", true), "a b c%zzé");
  EXPECT_EQ(url_decode("%", true), "%");
}

TEST(UrlCoding, ReadsBackEveryByte) {
  std::string all;
  for (int c = 0; c < 256; ++c) all.push_back(static_cast<char>(c));

  EXPECT_EQ(url_decode(url_encode(all), true), all);
}

TEST(EditDistance, CountsASwapAsOne) {
  EXPECT_EQ(edit_distance("hashtag", "hashtag"), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("hahstag", "hashtag"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("été", "ete"), 2u);
  EXPECT_EQ(edit_distance("ca", "abc"), 3u);  // optimal string alignment, not the unrestricted distance of 2
}

TEST(Nearest, SuggestsOnlyWhatIsAlike) {
  EXPECT_EQ(nearest("hastag", {"host", "hashtag", "language"}), "hashtag");
  EXPECT_EQ(nearest("languag", {"host", "language"}), "language");
  EXPECT_EQ(nearest("zzzzzz", {"host", "hashtag"}), "");
  EXPECT_EQ(nearest("zz", {"ab", "host"}), "");
  EXPECT_EQ(nearest("x", {}), "");
}

}  // namespace
}  // namespace vigie
