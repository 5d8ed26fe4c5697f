#include "pipeline/pipeline.h"

#include <bit>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/clean.h"
#include "pipeline/fingerprint.h"
#include "pipeline/themes.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Mention mention(std::string text) {
  Mention m;
  m.source = "feed-acme";
  m.id = "1";
  m.text = std::move(text);
  return m;
}

std::unique_ptr<Pipeline> pipeline(std::vector<SourceSettings> sources = {}) {
  auto made = Pipeline::make({{"acme", "Acme", "acme", "en"}, {"zeta", "Zeta", "zeta", "en"}}, sources);
  EXPECT_TRUE(made);
  return std::move(*made);
}

TEST(Pipeline, JudgesAMentionWhole) {
  const Judged judged = pipeline()->judge(mention("  Colis jamais reçu, c'est   honteux. Acme, plus jamais ! "));

  EXPECT_EQ(judged.mention.text, "Colis jamais reçu, c'est honteux. Acme, plus jamais !");
  EXPECT_THAT(judged.brands, ElementsAre("acme"));
  EXPECT_EQ(judged.judgement.lang, "fr");
  EXPECT_EQ(judged.judgement.label, Label::negative);
  EXPECT_THAT(judged.judgement.themes, ElementsAre("delivery"));
  EXPECT_THAT(judged.judgement.cues, ElementsAre("boycott"));
  EXPECT_FALSE(judged.judgement.model.empty());
  EXPECT_NE(judged.near, 0u);
}

TEST(Pipeline, TakesTheBrandOfTheSourceWhateverTheText) {
  SourceSettings source;
  source.id = "feed-acme";
  source.brand = "acme";

  EXPECT_THAT(pipeline({source})->judge(mention("better than zeta")).brands, ElementsAre("acme"));
}

TEST(Pipeline, LooksForBrandsInTheTitleToo) {
  Mention m = mention("I am lost.");
  m.title = "Acme again";

  EXPECT_THAT(pipeline()->judge(m).brands, ElementsAre("acme"));
}

TEST(Pipeline, JudgesTheSameMentionAlikeTwice) {
  const auto steps = pipeline();
  const Judged first = steps->judge(mention("Zeta is great, thanks!")),
               second = steps->judge(mention("Zeta is great, thanks!"));

  EXPECT_EQ(first.judgement.p_pos, second.judgement.p_pos);
  EXPECT_EQ(first.exact, second.exact);
}

TEST(Pipeline, SurvivesBytesThatAreNoText) {
  const Judged judged = pipeline()->judge(mention(std::string("\xFF\xC3 acme \xE2\x82", 10)));

  EXPECT_THAT(judged.brands, ElementsAre("acme"));
}

TEST(Clean, KeepsParagraphsAndPutsBlanksInOrder) {
  EXPECT_EQ(clean_paragraphs(" a  b \n\n\n\n c\u00A0d \n e"), "a b\n\nc d\ne");
  EXPECT_EQ(clean_line("a\n b"), "a b");
}

TEST(Clean, ComposesAccents) { EXPECT_EQ(clean_line("cafe\u0301"), "caf\u00E9"); }

Fingerprint print_of(const std::string& text, const std::string& id = "1") {
  Mention m = mention(text);
  m.id = id;
  return fingerprint(m, split_words(m.text));
}

TEST(Fingerprint, IsOneForCopiesThatDifferInWritingLinksAndHandles) {
  const auto a = print_of("The parcel never arrived, shame on you! https://x.example/1", "1");
  const auto b = print_of("RT @someone the PARCEL never arrived — shame on you", "2");
  const auto c = print_of("the parcel never arrived shame on you", "3");

  EXPECT_EQ(a.exact, c.exact);
  EXPECT_NE(b.exact, c.exact) << "RT is a word more";
  EXPECT_NE(a.content, c.content);
}

TEST(Fingerprint, IsNearForTextsThatDifferInAWord) {
  const std::string text =
      "the new phone of this brand broke after two days and nobody at the shop wanted to hear about it at all";

  const auto a = print_of(text), b = print_of(text + " sadly");
  const auto other =
      print_of("what a lovely day in the park with all my friends and their dogs running around the lake today");

  EXPECT_LE(std::popcount(a.near ^ b.near), 12);
  EXPECT_GT(std::popcount(a.near ^ other.near), 16);
}

TEST(Fingerprint, TellsShortTextsOfTwoMentionsApart) {
  EXPECT_NE(print_of("Très bien merci", "1").exact, print_of("Très bien merci", "2").exact);
  EXPECT_EQ(print_of("Très bien merci").near, 0u);
}

TEST(Fingerprint, ChangesItsContentWithTheRatingAndTheAnswer) {
  Mention m = mention("fine");
  const auto words = split_words(m.text);
  const auto plain = fingerprint(m, words).content;
  m.rating = Rating{1, 1, 5};
  const auto rated = fingerprint(m, words).content;
  m.reply = OwnReply{"sorry", std::nullopt};

  EXPECT_NE(plain, rated);
  EXPECT_NE(rated, fingerprint(m, words).content);
}

TEST(Themes, AreFoundInBothLanguagesWithoutAccents) {
  EXPECT_THAT(find_themes("PRELEVEMENT en double").themes, ElementsAre("billing"));
  EXPECT_THAT(find_themes("hung up on by a rude agent").themes, ElementsAre("staff"));
  EXPECT_THAT(find_themes("rien de spécial").themes, IsEmpty());
}

TEST(Themes, ReadAStarAsTheBeginningOfAWord) { EXPECT_THAT(find_themes("le livreur").themes, ElementsAre("delivery")); }

TEST(Themes, TellCuesOfSeverityApart) {
  const ThemesFound found = find_themes("the battery caught fire, I am calling my lawyer");

  EXPECT_THAT(found.themes, ElementsAre("safety"));
  EXPECT_THAT(found.cues, ElementsAre("danger", "legal"));
}

TEST(Themes, KeepTheirIdsInTheirOrder) {
  EXPECT_THAT(theme_ids(), ElementsAre("delivery", "billing", "price", "quality", "staff", "support", "outage", "app",
                                       "safety", "privacy", "returns", "availability", "other"));
}

}  // namespace
}  // namespace vigie
