#include "pipeline/language.h"

#include <array>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "pipeline/language/tongues.h"
#include "pipeline/sentiment.h"
#include "tests/support/files.h"

namespace vigie {
namespace {

std::string found(std::string_view text, std::string_view declared = "") { return detect_language(text, declared); }

bool is_read(std::string_view code) {
  const auto tongue = language::tongue_of(code);
  return tongue < language::kRead;
}

TEST(LanguageOfAText, IsNeverOneOfTheSixWhenItIsAnother) {
  std::size_t right = 0, all = 0;
  for (const std::string& line : test::read_lines("tests/pipeline/data/languages.tsv")) {
    const std::vector<std::string_view> fields = split(line, '\t');
    ASSERT_EQ(fields.size(), 2u) << line;
    const std::string code = found(fields[1]);
    EXPECT_FALSE(is_read(code)) << code << ": " << line;
    ++all;
    if (code == fields[0]) ++right;
  }

  EXPECT_GE(all, 60u);
  EXPECT_GE(right * 100, all * 95) << right << " of " << all << " named";
}

TEST(LanguageOfAText, IsToldFromOneOrTwoWords) {
  EXPECT_EQ(found("merci !"), "fr");
  EXPECT_EQ(found("génial"), "fr");
  EXPECT_EQ(found("great"), "en");
  EXPECT_EQ(found("lol"), "en");
  EXPECT_EQ(found("bad"), "en");
  EXPECT_EQ(found("danke"), "de");
  EXPECT_EQ(found("Schrott"), "de");
  EXPECT_EQ(found("gracias"), "es");
  EXPECT_EQ(found("grazie mille"), "it");
  EXPECT_EQ(found("obrigado"), "pt");
}

TEST(LanguageOfAText, IsToldFromTheSpellingOfPosts) {
  EXPECT_EQ(found("pk sa marche pa votre appli ???"), "fr");
  EXPECT_EQ(found("jsuis deg, ils ont encore annulé mon vol"), "fr");
  EXPECT_EQ(found("q mal servicio x dios"), "es");
  EXPECT_EQ(found("vcs sao pessimos, quero meu dinheiro d volta"), "pt");
  EXPECT_EQ(found("xke nn funziona???"), "it");
  EXPECT_EQ(found("Na toll, schon wieder Ausfall"), "de");
}

TEST(LanguageOfAText, IsThatOfItsWordsWhateverNamesAndTagsItHolds) {
  EXPECT_EQ(found("Bonjour @AcmeUK, toujours pas de réponse #CustomerService https://acme.example/help"), "fr");
  EXPECT_EQ(found("Worst customer service ever @AcmeFrance #Lyon"), "en");
  EXPECT_EQ(found("Le nouveau Galaxy Note Edge est une vraie déception"), "fr");
}

TEST(LanguageOfAText, IsThatOfMostOfItWhenMixed) {
  EXPECT_EQ(found("Super service client, merci beaucoup pour tout, best shop ever"), "fr");
  EXPECT_EQ(found("I ordered it last week from Paris, très déçu, and nobody ever answered my mails"), "en");
}

TEST(LanguageOfAText, IsReadInLettersDrawnOtherwise) {
  EXPECT_EQ(found("𝐌𝐞𝐫𝐜𝐢 𝐛𝐞𝐚𝐮𝐜𝐨𝐮𝐩 𝐩𝐨𝐮𝐫 𝐭𝐨𝐮𝐭"), "fr");
  EXPECT_EQ(found("ＴＨＩＳ ＩＳ ＴＨＥ ＷＯＲＳＴ"), "en");
  EXPECT_EQ(found("T̷̢h̵e̶ ̸p̷a̵r̶c̸e̷l̵ ̶n̸e̷v̵e̶r̸ ̷c̵a̶m̸e̷"), "en");
}

TEST(LanguageOfAText, DoesNotTurnOnCapitalsSpacesOrExclamationMarks) {
  for (const std::string_view text :
       {"the parcel never came and nobody answers", "le colis n'est jamais venu et personne ne répond",
        "das paket kam nie an und niemand antwortet", "el paquete nunca llegó y nadie contesta",
        "il pacco non è mai arrivato e nessuno risponde", "o pacote nunca chegou e ninguém responde"}) {
    std::string loud(text);
    for (char& c : loud) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    std::string wide;
    for (const char c : text) wide += c == ' ' ? "  \t" : std::string(1, c);

    EXPECT_EQ(found(loud), found(text)) << text;
    EXPECT_EQ(found(wide + " !!!!! 😡"), found(text)) << text;
  }
}

TEST(LanguageOfAText, WithoutAWordIsWhatIsDeclared) {
  for (const std::string_view text : {"👍👍", "12345", "5/5", "@acme", "https://acme.example/le-colis", "?!"}) {
    EXPECT_EQ(found(text), "other") << text;
  }
  EXPECT_EQ(found("👍👍", "pt-BR"), "pt");
  EXPECT_EQ(found("5/5", "DE_at"), "de");
  EXPECT_EQ(found("5/5", "not a code"), "other");
  EXPECT_EQ(found("", "fr"), "other") << "an empty text is in no language";
}

TEST(LanguageOfAText, LeansOnWhatIsDeclaredOnlyWhenItIsShort) {
  EXPECT_EQ(found("top", "de"), "de");
  EXPECT_EQ(found("top", "fr"), "fr");
  for (const std::string_view declared : {"de", "es", "it", "pt", "en", "ja", "xx"}) {
    EXPECT_EQ(found("Toujours pas de colis et personne ne répond au téléphone", declared), "fr") << declared;
  }
}

TEST(LanguageOfAText, OfAMegabyteIsFoundInItsBeginning) {
  std::string text;
  while (text.size() < 1'000'000) text += "le colis n'est jamais venu et personne ne répond ";
  EXPECT_EQ(language_of(split_words(text), ""), "fr");
}

TEST(LanguageOfAText, SurvivesWhatNobodyWrites) {
  EXPECT_EQ(found(std::string(1'000'000, 'a')), found(std::string(1'000'001, 'a')));
  EXPECT_EQ(found(std::string(1000, '\0')), "other");
  EXPECT_EQ(found("\xF0\x9F\x98"), "other");
  EXPECT_EQ(found(to_valid_utf8("\xFF\xFE merci beaucoup pour votre aide \xC3")), "fr");
  std::string marks = "a";
  for (int i = 0; i < 100'000; ++i) marks += "\u0301";
  EXPECT_EQ(found(marks), found(marks + "\u0301"));
  EXPECT_EQ(found("\u202E\u200F"
                  "שירות גרוע"
                  "\u202C thanks"),
            "he");
}

// A thread remembers what its words say; that must not show.
TEST(LanguageOfAText, DoesNotTurnOnTheTextsBeforeIt) {
  std::vector<std::string> texts;
  for (const std::string& line : test::read_lines("tests/pipeline/data/languages.tsv")) texts.push_back(line.substr(3));
  for (int i = 0; i < 20'000; ++i)
    texts.push_back("word" + std::to_string(i) + " eine palabra del mot" + std::to_string(i));
  std::map<std::string, std::string> forwards;
  for (const std::string& text : texts) forwards[text] = found(text);

  for (auto text = texts.rbegin(); text != texts.rend(); ++text) ASSERT_EQ(found(*text), forwards[*text]) << *text;
}

TEST(LanguageOfAText, IsRightForNinetyEightPostsOfAHundredInSixLanguages) {
  VIGIE_SHARED_OR_SKIP(file, "data/sentiment/dev.tsv");
  std::map<std::string, std::array<double, 2>> counts;
  const std::string bytes = test::read_bytes(file);
  for (const std::string_view line : split(bytes, '\n')) {
    const std::vector<std::string_view> fields = split(line, '\t');
    if (fields.size() < 5 || !is_read(fields[1])) continue;
    auto& [right, all] = counts[std::string(fields[1])];
    ++all;
    if (found(fields[4]) == fields[1]) ++right;
  }

  double sum = 0;
  for (const auto& [lang, count] : counts) sum += 100 * count[0] / count[1];
  ASSERT_EQ(counts.size(), language::kRead);
  EXPECT_GE(sum / language::kRead, 98.0);
}

}  // namespace
}  // namespace vigie
