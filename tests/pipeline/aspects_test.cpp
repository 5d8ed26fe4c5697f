#include "pipeline/aspects.h"

#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "pipeline/detect.h"
#include "pipeline/pipeline.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

const Pipeline& watching_two() {
  static const auto made =
      Pipeline::make({{"acme", "Acme", "acme", "en"}, {"globex", "Globex", "globex", "en"}}, {}).value();
  return *made;
}

Judgement judged(std::string text, std::string lang = "") {
  Mention m;
  m.source = "posts";
  m.id = "1";
  m.text = std::move(text);
  m.lang = std::move(lang);
  return watching_two().judge(m).judgement;
}

using Says = std::map<std::string, std::string>;

// What the aspects say: brand or theme -> label.
Says says(const Judgement& judgement) {
  Says labels;
  for (const Aspect& aspect : judgement.aspects) {
    labels[aspect.brand.empty() ? aspect.theme : aspect.brand] = to_text(aspect.label);
  }
  return labels;
}

TEST(Aspects, TellTwoBrandsApartByTheirClauses) {
  EXPECT_THAT(says(judged("Acme est nul, mais Globex est génial.", "fr")),
              AllOf(Contains(Pair("acme", "neg")), Contains(Pair("globex", "pos"))));
  EXPECT_THAT(says(judged("I love Acme and I hate Globex", "en")),
              AllOf(Contains(Pair("acme", "pos")), Contains(Pair("globex", "neg"))));
}

TEST(Aspects, GiveTwoBrandsNamedTogetherTheSameOpinion) {
  EXPECT_THAT(says(judged("Acme and Globex are both terrible", "en")),
              AllOf(Contains(Pair("acme", "neg")), Contains(Pair("globex", "neg"))));
}

TEST(Aspects, SayOfAComparisonWhoIsTheBetterOne) {
  EXPECT_THAT(says(judged("Globex is better than Acme", "en")),
              ElementsAre(Pair("acme", "neg"), Pair("globex", "pos")));
  EXPECT_THAT(says(judged("Acme est pire que Globex", "fr")), ElementsAre(Pair("acme", "neg"), Pair("globex", "pos")));
  EXPECT_THAT(says(judged("I prefer Acme to Globex", "en")), ElementsAre(Pair("acme", "pos"), Pair("globex", "neg")));
}

TEST(Aspects, SideWithNeitherWhenAComparisonIsDeniedOrAsked) {
  EXPECT_THAT(says(judged("Acme is no better than Globex", "en")), Not(Contains(Pair("acme", "pos"))));
  EXPECT_THAT(says(judged("Is Acme better than Globex?", "en")), Not(Contains(Pair("globex", "neg"))));
}

TEST(Aspects, SayThatABrandThatIsLeftComesOffWorse) {
  EXPECT_THAT(says(judged("Je quitte Acme pour Globex", "fr")),
              ElementsAre(Pair("acme", "neg"), Pair("globex", "pos")));
  EXPECT_THAT(says(judged("Switched from Acme to Globex", "en")),
              ElementsAre(Pair("acme", "neg"), Pair("globex", "pos")));
}

TEST(Aspects, KnowTheWatchedBrandAmongUnwatchedOnes) {
  EXPECT_THAT(says(judged("Initech is better than Acme", "en")), ElementsAre(Pair("acme", "neg")));
  EXPECT_THAT(says(judged("Acme is better than Initech", "en")), ElementsAre(Pair("acme", "pos")));
}

TEST(Aspects, TellThemesOfDifferentClausesApart) {
  EXPECT_THAT(says(judged("Livraison rapide mais produit cassé", "fr")),
              UnorderedElementsAre(Pair("delivery", "pos"), Pair("quality", "neg")));
}

TEST(Aspects, AreNotGivenWhereTheWholeTextSaysItAll) {
  EXPECT_THAT(judged("Acme is hopeless, never again", "en").aspects, IsEmpty()) << "one brand";
  EXPECT_THAT(judged("late delivery, awful delivery", "en").aspects, IsEmpty()) << "one theme";
  EXPECT_THAT(judged("the delivery price is terrible", "en").aspects, IsEmpty()) << "two themes in one clause";
  EXPECT_THAT(judged("").aspects, IsEmpty());
}

TEST(Aspects, AreProbabilities) {
  for (const Aspect& aspect : judged("Acme is awful, but Globex is great. Late delivery, nice staff!", "en").aspects) {
    EXPECT_NEAR(aspect.p_neg + aspect.p_neu + aspect.p_pos, 1, 1e-9);
    EXPECT_NE(aspect.brand.empty(), aspect.theme.empty());
  }
}

TEST(Aspects, ComeToAnEndWithAnyText) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += i % 2 == 0 ? "Acme late delivery, " : "but Globex better than Acme. ";
  EXPECT_THAT(judged(text, "en").aspects, Not(IsEmpty()));
  for (const Aspect& aspect : judged("than better Acme , , but but ?? Globex !! leaving", "en").aspects)
    EXPECT_NEAR(aspect.p_neg + aspect.p_neu + aspect.p_pos, 1, 1e-9);
}

TEST(Aspects, CountForEachBrandByItself) {
  StoredMention stored;
  stored.brands = {"acme", "globex"};
  stored.judgement = judged("Acme est nul, heureusement Globex est génial et répond vite.", "fr");

  const std::vector<Observation> seen = observations(stored);

  ASSERT_EQ(seen.size(), 2u);
  EXPECT_GE(seen[0].p_neg, kNegative);
  EXPECT_LT(seen[1].p_neg, kNegative);
}

TEST(Aspects, LeaveAThemeThatIsPraisedOutOfWhatIsComplainedOf) {
  StoredMention stored;
  stored.brands = {"acme"};
  stored.judgement = judged("Acme : livraison rapide mais produit cassé, quelle honte", "fr");

  const std::vector<Observation> seen = observations(stored);

  ASSERT_EQ(seen.size(), 1u);
  EXPECT_THAT(seen[0].themes, ElementsAre("quality"));
}

TEST(Aspects, GiveWayToAPersonsCorrection) {
  Judgement judgement = judged("Acme est nul, heureusement Globex répond vite.", "fr");
  judgement.human = Label::neutral;

  EXPECT_EQ(judgement.effective_for("acme"), Label::neutral);
  EXPECT_EQ(judgement.p_neg_for("acme"), 0);
}

TEST(Aspects, AreReadAsLabelledInMostTexts) {
  std::ifstream file(VIGIE_SOURCE_DIR "/tests/pipeline/data/aspects.tsv");
  int all = 0, right = 0, by_whole = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.front() == '#') continue;
    const std::vector<std::string_view> fields = split(line, '\t');
    ASSERT_EQ(fields.size(), 4u) << line;
    const Judgement judgement = judged(std::string(fields[3]), std::string(fields[1]));
    const Says said = says(judgement);
    for (const std::string_view expected : split(fields[2], ',')) {
      const std::size_t equal = expected.find('=');
      const auto found = said.find(std::string(expected.substr(0, equal)));
      const std::string label = found == said.end() ? std::string(to_text(judgement.label)) : found->second;
      ++all;
      right += label == expected.substr(equal + 1) ? 1 : 0;
      by_whole += to_text(judgement.label) == expected.substr(equal + 1) ? 1 : 0;
    }
  }
  RecordProperty("right", right);
  RecordProperty("by_whole_text", by_whole);
  EXPECT_EQ(all, 140);
  EXPECT_GE(right, 126);
  EXPECT_GE(right, by_whole + 35);
}

}  // namespace
}  // namespace vigie
