#include "pipeline/themes.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/sentiment/scorer.h"
#include "pipeline/theme_score.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::Contains;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// An installation's own words, from a file of this text.
Taxonomy with_own(const std::string& toml, config::Problems& problems) {
  const test::TempDir folder;
  return Taxonomy::with({folder.write("own.toml", toml)}, problems);
}

std::vector<std::string> mistakes(const std::string& toml) {
  config::Problems problems;
  with_own(toml, problems);
  std::vector<std::string> lines;
  for (const config::Problem& problem : problems) lines.push_back(problem.text());
  return lines;
}

TEST(Themes, AreFoundInBothLanguagesWithoutAccents) {
  EXPECT_THAT(find_themes("PRELEVEMENT en double").themes, ElementsAre("billing"));
  EXPECT_THAT(find_themes("rude cashier").themes, ElementsAre("staff"));
  EXPECT_THAT(find_themes("rien de spécial").themes, IsEmpty());
}

TEST(Themes, AreSeveralWhereATextSpeaksOfSeveral) {
  EXPECT_THAT(find_themes("Livraison en retard et article défectueux").themes, ElementsAre("delivery", "quality"));
}

TEST(Themes, ReadAStarAsTheBeginningOfAWord) { EXPECT_THAT(find_themes("le livreur").themes, ElementsAre("delivery")); }

TEST(Themes, ReadAStarAloneAsAFewWordsOfTheSameClause) {
  EXPECT_THAT(find_themes("They sent the boots back").themes, Contains("returns"));
  EXPECT_THAT(find_themes("They sent a card, welcome back").themes, Not(Contains("returns")));
  EXPECT_THAT(find_themes("sent one two three four back").themes, Not(Contains("returns"))) << "three words at most";
}

TEST(Themes, DoNotCrossTheEndOfAClause) {
  EXPECT_THAT(find_themes("My data. Breach it was not").themes, Not(Contains("outage")));
}

TEST(Themes, LeaveOutWhatTheExceptionsName) {
  EXPECT_THAT(find_themes("I support this club").themes, IsEmpty());
  EXPECT_THAT(find_themes("their support never answers").themes, Contains("support"));
  EXPECT_THAT(find_themes("livraison de la gare prévue en 2027").themes, IsEmpty());
  EXPECT_THAT(find_themes("he was charged with assault").themes, IsEmpty());
}

TEST(Themes, AreOtherForAComplaintThatNamesNone) {
  Judgement furious, calm;
  furious.p_neg = 0.8;
  calm.p_neg = 0.2;
  ThemesFound none, again, some{{"price"}, {}};

  add_other(none, furious);
  add_other(again, calm);
  add_other(some, furious);

  EXPECT_THAT(none.themes, ElementsAre("other"));
  EXPECT_THAT(again.themes, IsEmpty());
  EXPECT_THAT(some.themes, ElementsAre("price"));
}

TEST(Themes, KeepTheirIdsInTheirOrder) {
  EXPECT_THAT(theme_ids(), ElementsAre("delivery", "billing", "price", "quality", "staff", "support", "outage", "app",
                                       "safety", "privacy", "returns", "availability", "other"));
}

TEST(Taxonomy, TakesAnInstallationsOwnWordsAndThemes) {
  config::Problems problems;
  const Taxonomy taxonomy = with_own(
      "[[theme]]\nid = 'parking'\nwords = ['parking*', 'car park']\nexcept = ['parking brake']\n"
      "[themes]\ndelivery = ['drone*']\n[except]\nprice = ['price list']\n",
      problems);

  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(taxonomy.ids().back(), "parking");
  EXPECT_THAT(taxonomy.find(split_words("the car park was full")).themes, ElementsAre("parking"));
  EXPECT_THAT(taxonomy.find(split_words("the parking brake")).themes, IsEmpty());
  EXPECT_THAT(taxonomy.find(split_words("a drone flew by")).themes, ElementsAre("delivery"));
  EXPECT_THAT(taxonomy.find(split_words("send me the price list")).themes, IsEmpty());
  EXPECT_THAT(find_themes("a drone flew by").themes, IsEmpty()) << "the shipped one is as it was";
}

TEST(Taxonomy, TellsAnUnknownThemeWithItsPlaceAndTheNearestName) {
  EXPECT_THAT(
      mistakes("[themes]\ndelvery = ['late']\n"),
      ElementsAre(HasSubstr(
          "own.toml:2:1: themes.delvery: expected a known key, found \"delvery\"; did you mean \"delivery\"?")));
  EXPECT_THAT(mistakes("[excpt]\n"), ElementsAre(HasSubstr("did you mean \"except\"?")));
}

TEST(Taxonomy, RefusesWhatCannotBeATheme) {
  EXPECT_THAT(mistakes("[[theme]]\nid = 'delivery'\n"), ElementsAre(HasSubstr("which exists")));
  EXPECT_THAT(mistakes("[[theme]]\nid = 'Car Park'\n"), ElementsAre(HasSubstr("a-z, 0-9 and _")));
  EXPECT_THAT(mistakes("[themes]\nprice = ['!?']\n"), ElementsAre(HasSubstr("expected words")));
  EXPECT_THAT(mistakes("[themes]\nprice = [3]\n"), ElementsAre(HasSubstr("expected text")));
  EXPECT_THAT(mistakes("[[theme]]\nid='a1'\n[[theme]]\nid='a2'\n[[theme]]\nid='a3'\n[[theme]]\nid='a4'\n"),
              ElementsAre(HasSubstr("at most 3 themes of your own")));
  config::Problems problems;
  Taxonomy::with({"/nowhere/own.toml"}, problems);
  EXPECT_THAT(problems, SizeIs(1));
}

TEST(Taxonomy, ShipsWithoutAMistake) {
  for (const char* name : {"en", "fr"}) {
    config::Problems problems;
    Taxonomy::with({std::string(VIGIE_SOURCE_DIR "/config/themes/") + name + ".toml"}, problems);
    for (const config::Problem& problem : problems) ADD_FAILURE() << problem.text();
  }
}

TEST(ThemeScores, CountHitsFalseAlarmsAndMisses) {
  const std::vector<LabelledThemes> rows = {
      {"1", "en", {"delivery", "price"}, "a"}, {"2", "en", {}, "b"}, {"3", "en", {"price"}, "c"}};

  const ThemeScores scores = score_themes(rows, {{"delivery"}, {"staff"}, {"price"}});

  EXPECT_EQ(scores.all.hits, 2);
  EXPECT_EQ(scores.all.false_alarms, 1);
  EXPECT_EQ(scores.all.misses, 1);
  EXPECT_THAT(scores.all.f1(), DoubleNear(2.0 / 3, 1e-9));
  EXPECT_THAT(scores.macro_f1, DoubleNear((1.0 + 2.0 / 3 + 0) / 3, 1e-9));
  EXPECT_EQ(scores.exact, 1);
}

TEST(ThemeScores, RefuseAThemeThatDoesNotExist) {
  std::istringstream lines("# about\n1\ten\tdelivery\tlate\n2\ten\tdelvery\tlate\n");

  const auto rows = read_labelled_themes(lines);

  ASSERT_FALSE(rows);
  EXPECT_THAT(rows.error().what, HasSubstr("line 3"));
}

// Both halves of the labelled sample; docs/benchmarks.md has the figures and what they are worth.
TEST(ThemeScores, HoldOnTheLabelledSample) {
  std::ifstream file(VIGIE_SOURCE_DIR "/tests/pipeline/data/themes-300.tsv");
  const auto rows = read_labelled_themes(file);
  ASSERT_TRUE(rows) << rows.error().what;
  ASSERT_THAT(*rows, SizeIs(300));
  const auto scorer = sentiment::make_scorer(sentiment::Model::shipped());

  for (const bool half : {false, true}) {
    std::vector<LabelledThemes> part;
    std::vector<std::vector<std::string>> found;
    for (const LabelledThemes& row : *rows) {
      if (held_out(row) != half) continue;
      part.push_back(row);
      found.push_back(judged_themes(row, Taxonomy::shipped(), *scorer));
    }
    const ThemeScores scores = score_themes(part, found);

    EXPECT_GE(scores.all.f1(), 0.92) << (half ? "held out" : "words were chosen on");
    EXPECT_GE(scores.all.precision(), 0.90);
    EXPECT_GE(scores.all.recall(), 0.90);
    EXPECT_GE(scores.macro_f1, 0.90);
  }
}

}  // namespace
}  // namespace vigie
