#include "pipeline/sentiment.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/sentiment/scorer.h"

namespace vigie {
namespace {

using testing::Contains;
using testing::Field;
using testing::SizeIs;

Judgement judged(std::string_view text, std::string_view lang, std::optional<Rating> rating = {},
                 std::string_view domain = "tweet") {
  return sentiment::make_scorer(sentiment::Model::shipped())->score(text, lang, domain, rating);
}

const std::vector<std::pair<std::string, std::string>>& opinions() {
  static const std::vector<std::pair<std::string, std::string>> texts = {
      {"en", "This is the worst service ever, total scam"},
      {"en", "I love it, thank you so much"},
      {"en", "the train leaves at nine from platform two"},
      {"en", "not happy with the delivery at all"},
      {"fr", "Service catastrophique, à fuir"},
      {"fr", "Très satisfaite, je recommande"},
      {"fr", "toujours pas de nouvelles de mon colis"},
      {"de", "Das ist richtig schlecht, nie wieder"},
      {"de", "Super schnell geliefert, danke"},
      {"es", "qué asco de servicio, no vuelvo nunca"},
      {"it", "pessima esperienza, soldi buttati"},
      {"pt", "adorei, muito obrigada"},
  };
  return texts;
}

TEST(Scorer, GivesProbabilitiesThatSumToOne) {
  for (const std::string_view text : {"", "great", "awful, never again!", "the train leaves at nine"}) {
    const Judgement j = judged(text, "en");
    EXPECT_NEAR(j.p_neg + j.p_neu + j.p_pos, 1, 1e-12) << text;
    EXPECT_FALSE(j.model.empty());
  }
}

TEST(Scorer, KnowsGoodFromBadInSixLanguages) {
  EXPECT_EQ(judged("This is the worst service ever, total scam", "en").label, Label::negative);
  EXPECT_EQ(judged("I love it, thank you so much!", "en").label, Label::positive);
  EXPECT_EQ(judged("Service catastrophique, à fuir", "fr", {}, "review").label, Label::negative);
  EXPECT_EQ(judged("Très satisfaite, je recommande", "fr", {}, "review").label, Label::positive);
  EXPECT_EQ(judged("Das ist richtig schlecht, nie wieder", "de").label, Label::negative);
  EXPECT_EQ(judged("Super schnell geliefert, danke", "de").label, Label::positive);
  EXPECT_EQ(judged("qué asco de servicio, no vuelvo nunca", "es").label, Label::negative);
  EXPECT_EQ(judged("me encanta, muchas gracias", "es").label, Label::positive);
  EXPECT_EQ(judged("pessima esperienza, soldi buttati", "it").label, Label::negative);
  EXPECT_EQ(judged("bellissimo, grazie mille", "it").label, Label::positive);
  EXPECT_EQ(judged("péssimo atendimento, que vergonha", "pt").label, Label::negative);
  EXPECT_EQ(judged("adorei, muito obrigada", "pt").label, Label::positive);
}

TEST(Scorer, TurnsWhatIsNegated) {
  EXPECT_LT(judged("the food was not good", "en").p_pos, judged("the food was good", "en").p_pos);
  EXPECT_LT(judged("je ne suis pas satisfait", "fr", {}, "review").p_pos,
            judged("je suis satisfait", "fr", {}, "review").p_pos);
}

TEST(Scorer, NeverTurnsAComplaintIntoPraiseByExclamationMarks) {
  for (const auto& [lang, text] : opinions()) {
    for (const std::string_view domain : {"tweet", "review"}) {
      const Label plain = judged(text, lang, {}, domain).label;
      const Label loud = judged(text + "!!!", lang, {}, domain).label;
      EXPECT_FALSE(plain == Label::negative && loud == Label::positive) << text;
      EXPECT_FALSE(plain == Label::positive && loud == Label::negative) << text;
    }
  }
}

TEST(Scorer, ReadsThroughCapitalsAndBlanks) {
  for (const auto& [lang, text] : opinions()) {
    std::string shouted, spaced = "  \t";
    for (const char c : text) {
      shouted += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      spaced += c == ' ' ? std::string("  \n ") : std::string(1, c);
    }
    const Judgement plain = judged(text, lang);
    EXPECT_DOUBLE_EQ(judged(shouted, lang).p_neg, plain.p_neg) << shouted;
    EXPECT_DOUBLE_EQ(judged(spaced + "\xC2\xA0 ", lang).p_neg, plain.p_neg) << spaced;
  }
}

TEST(Scorer, JudgesATextAloneWhateverStoodBefore) {
  const auto scorer = sentiment::make_scorer(sentiment::Model::shipped());
  std::vector<double> forwards, backwards;

  for (const auto& [lang, text] : opinions())
    forwards.push_back(scorer->score(text, lang, "tweet", std::nullopt).p_neg);
  for (auto it = opinions().rbegin(); it != opinions().rend(); ++it) {
    backwards.push_back(scorer->score(it->second, it->first, "tweet", std::nullopt).p_neg);
  }

  std::reverse(backwards.begin(), backwards.end());
  EXPECT_EQ(forwards, backwards);
}

TEST(Scorer, SaysUnsureOfTextsThatSayNothing) {
  for (const std::string_view text : {"", "   ", "https://example.org/a/b", "@someone", "...", "12345"}) {
    const Judgement j = judged(text, "en");
    EXPECT_TRUE(j.unsure || j.label == Label::neutral) << text;
  }
  EXPECT_TRUE(judged("", "en").unsure);
}

TEST(Scorer, SurvivesHostileText) {
  std::string zalgo = "b";
  for (int i = 0; i < 2000; ++i) zalgo += "\xCC\x81";
  const std::string megabyte(1 << 20, 'a');
  std::string long_complaint;
  while (long_complaint.size() < (1 << 20)) long_complaint += "terrible service, never again. ";

  for (const std::string& text :
       {zalgo, megabyte, long_complaint,
        std::string("\xE2\x80\xAE"
                    "evil txet"),
        std::string("שירות נורא"), std::string("the service est nul und schlecht"), std::string(5000, '!')}) {
    const Judgement j = judged(text, "en");
    EXPECT_NEAR(j.p_neg + j.p_neu + j.p_pos, 1, 1e-9) << text.substr(0, 40);
  }
  EXPECT_EQ(judged(long_complaint, "en").label, Label::negative);
}

TEST(Scorer, JudgesLanguagesItNeverLearntBySharedSigns) {
  EXPECT_GT(judged("paket 😡", "other").p_neg, judged("paket 😍", "other").p_neg);
}

TEST(Scorer, SaysUnsureWhenNoLabelIsLikelierThanNot) {
  for (const std::string_view text : {"good but bad", "great", "horrible horrible", "no idea", "bof"}) {
    const Judgement j = judged(text, "en");
    const double p = j.label == Label::negative ? j.p_neg : j.label == Label::neutral ? j.p_neu : j.p_pos;
    EXPECT_EQ(j.unsure, p < 0.5) << text;
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

TEST(Scorer, FlagsStarsThatTheWordsContradict) {
  const std::string furious = "Service catastrophique, arnaque, à fuir absolument, je déconseille";

  EXPECT_TRUE(judged(furious, "fr", Rating{5, 1, 5}, "review").contradiction);
  EXPECT_FALSE(judged(furious, "fr", Rating{1, 1, 5}, "review").contradiction);
  EXPECT_FALSE(judged("", "fr", Rating{5, 1, 5}, "review").contradiction);
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
