#include "pipeline/sentiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/lexicon.h"

namespace vigie {
namespace {

using testing::Contains;
using testing::Field;
using testing::SizeIs;

double balance(std::string_view text, std::string_view lang) {
  const Opinion opinion = lexicon_of(lang).read(split_words(text));
  return opinion.positive - opinion.negative;
}

Judgement judged(std::string_view text, std::string_view lang, std::optional<Rating> rating = {},
                 std::string_view domain = "tweet") {
  return make_lexicon_scorer()->score(text, lang, domain, rating);
}

TEST(Lexicon, TurnsWhatIsNegated) {
  EXPECT_GT(balance("the shop is good", "en"), 0);
  EXPECT_LT(balance("the shop isn't good", "en"), 0);
  EXPECT_LT(balance("je ne suis pas satisfait", "fr"), 0);
  EXPECT_LT(balance("ce n'est pas bon", "fr"), 0);
}

TEST(Lexicon, DoesNotNegateAcrossAClause) { EXPECT_GT(balance("no, the shop is good", "en"), 0); }

TEST(Lexicon, ReadsPhrasesBeforeTheirWords) {
  EXPECT_GT(balance("pas mal du tout", "fr"), 0);
  EXPECT_GT(balance("aucun problème", "fr"), 0);
  EXPECT_LT(balance("je ne recommande pas", "fr"), 0);
}

TEST(Lexicon, WeighsStrengthCapitalsAndLengthenedWords) {
  EXPECT_GT(balance("very good", "en"), balance("good", "en"));
  EXPECT_LT(balance("a bit good", "en"), balance("good", "en"));
  EXPECT_GT(balance("it was GOOD today", "en"), balance("it was good today", "en"));
  EXPECT_DOUBLE_EQ(balance("IT WAS GOOD TODAY", "en"), balance("it was good today", "en"))
      << "who shouts all, shouts nothing";
  EXPECT_GT(balance("good!!!", "en"), balance("good", "en"));
}

TEST(Lexicon, LetsWhatFollowsButCountMore) {
  EXPECT_LT(balance("good but bad", "en"), 0);
  EXPECT_GT(balance("bad but good", "en"), 0);
}

TEST(Lexicon, ReadsSignsInEveryLanguage) {
  EXPECT_LT(balance("paket 😡", "de"), 0);
  EXPECT_GT(balance("paket :-)", "de"), 0);
}

TEST(Scorer, GivesProbabilitiesThatSumToOne) {
  for (const std::string_view text : {"", "great", "awful, never again!", "the train leaves at nine"}) {
    const Judgement j = judged(text, "en");
    EXPECT_NEAR(j.p_neg + j.p_neu + j.p_pos, 1, 1e-12) << text;
    EXPECT_EQ(j.model, "lexicon-1");
  }
}

TEST(Scorer, KnowsGoodFromBad) {
  EXPECT_EQ(judged("This is the worst service ever, total scam", "en").label, Label::negative);
  EXPECT_EQ(judged("I love it, thank you so much!", "en").label, Label::positive);
  EXPECT_EQ(judged("Service catastrophique, à fuir", "fr", {}, "review").label, Label::negative);
  EXPECT_EQ(judged("Très satisfaite, je recommande", "fr", {}, "review").label, Label::positive);
}

TEST(Scorer, SaysUnsureWhenNoLabelIsLikelierThanNot) {
  for (const std::string_view text : {"good but bad", "great", "horrible horrible", "no idea", "bof"}) {
    const Judgement j = judged(text, "en");
    EXPECT_EQ(j.unsure, std::max({j.p_neg, j.p_neu, j.p_pos}) < 0.5) << text;
  }
}

TEST(Scorer, NamesTheWordsThatDroveItAsWritten) {
  const Judgement j = judged("HORRIBLE delivery and rude staff", "en");

  EXPECT_THAT(j.drivers, Contains(Field(&DrivingWord::word, "HORRIBLE")));
  EXPECT_LT(j.drivers.front().weight, 0);
}

TEST(Scorer, NamesAtMostFiveWordsEachOnce) {
  EXPECT_THAT(judged("bad bad awful terrible horrible rude scam fraud", "en").drivers, SizeIs(5));
  EXPECT_THAT(judged("bad bad bad", "en").drivers, SizeIs(1));
}

TEST(Scorer, LetsTheStarsSpeakFirst) {
  EXPECT_EQ(judged("great, just great", "en", Rating{1, 1, 5}, "review").label, Label::negative);
  EXPECT_EQ(judged("", "en", Rating{10, 0, 10}, "review").label, Label::positive);
  EXPECT_EQ(judged("", "fr", Rating{3, 1, 5}, "review").label, Label::neutral);
}

TEST(Scorer, LeavesARatingWithoutAScaleAside) {
  EXPECT_DOUBLE_EQ(judged("great", "en", Rating{5, 0, 0}).p_pos, judged("great", "en").p_pos);
}

TEST(Language, IsFoundInSentences) {
  EXPECT_EQ(detect_language("Toujours pas de colis et personne ne répond au téléphone", ""), "fr");
  EXPECT_EQ(detect_language("Still no parcel and nobody answers the phone", ""), "en");
  EXPECT_EQ(detect_language("Das Paket ist immer noch nicht da und niemand geht ans Telefon", ""), "de");
  EXPECT_EQ(detect_language("El paquete no ha llegado y nadie contesta al teléfono", ""), "es");
  EXPECT_EQ(detect_language("Il pacco non è arrivato e nessuno risponde al telefono", ""), "it");
  EXPECT_EQ(detect_language("O pacote não chegou e ninguém atende o telefone", ""), "pt");
}

TEST(Language, IsFoundInFewWordsBySmallOnes) {
  EXPECT_EQ(detect_language("c'est nul", ""), "fr");
  EXPECT_EQ(detect_language("what is this", ""), "en");
}

TEST(Language, TakesWhatIsDeclaredAsAHintOnly) {
  EXPECT_EQ(detect_language("ok", "fr-FR"), "fr");
  EXPECT_EQ(detect_language("Still no parcel and nobody answers the phone", "fr"), "en");
}

TEST(Language, IsOtherWhenNothingSpeaks) {
  EXPECT_EQ(detect_language("", ""), "other");
  EXPECT_EQ(detect_language("😡😡 12345", ""), "other");
}

TEST(Language, SurvivesATextCutInsideACharacter) { EXPECT_NO_FATAL_FAILURE(detect_language("d\xC3\xA9j\xC3", "")); }

}  // namespace
}  // namespace vigie
