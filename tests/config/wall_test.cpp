// [wall] and [[survey]]: what they mean, and how a mistake is told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "config/settings.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kHead =
    "[[brand]]\nid = 'acme'\nname = 'Acme'\nlanguage = 'fr'\n[[source]]\nid = 'hn'\nkind = 'hackernews'\n"
    "query = 'acme'\n[[endpoint]]\nid = 'out'\nkind = 'file'\nfolder = 'm'\n[[endpoint]]\nid = 'chat'\nkind = 'slack'\n"
    "url = 'https://hooks.slack.example/x'\n";

struct Outcome {
  Settings settings;
  std::string problems;
};

Outcome read(const std::string& rest) {
  Kinds kinds;
  kinds.definitions["hackernews"] = {{"query"}, {}};
  const config::Tree tree = config::Tree::parse(kHead + rest, "v.toml");
  Outcome outcome{read_settings(tree, kinds), ""};
  for (const config::Problem& problem : tree.problems()) outcome.problems += problem.text() + "\n";
  return outcome;
}

TEST(WallSettings, AnnounceTheSameForEveryReview) {
  const Outcome outcome = read("[wall]\ndecide_within = '3d'\nstaff = ['@acme.example']\n");

  EXPECT_EQ(outcome.problems, "");
  EXPECT_EQ(outcome.settings.wall.decide_within, 3 * kDay);
  EXPECT_EQ(outcome.settings.wall.keep, 1096 * kDay);
  EXPECT_THAT(outcome.settings.wall.staff, ElementsAre("@acme.example"));
}

TEST(WallSettings, KeepReviewsForAYearAtLeast) {
  EXPECT_THAT(read("[wall]\nkeep = '30d'\n").problems, HasSubstr("wall.keep: expected 365d to 3650d, found 30d"));
}

TEST(WallSettings, LetOriginsAloneFrameTheWidget) {
  EXPECT_EQ(read("[wall]\nembed_on = ['https://www.acme.example', 'http://localhost:8000']\n").problems, "");
  for (const char* wrong : {"acme.example", "https://acme.example/page", "https://a.example; script-src *", "*", "https://"}) {
    EXPECT_THAT(read(concat("[wall]\nembed_on = ['", wrong, "']\n")).problems,
                HasSubstr("wall.embed_on[0]: expected an origin such as \"https://www.acme.example\""))
        << wrong;
  }
}

TEST(WallSettings, KnowNoThresholdOfRatings) {
  EXPECT_THAT(read("[wall]\nmin_rating = 4\n").problems, HasSubstr("min_rating"));
}

TEST(SurveySettings, AskAboutTheBrandUnlessToldOtherwise) {
  const Outcome outcome =
      read("[[survey]]\nid = 'delivery'\nbrand = 'acme'\nmeasure = 'nps'\nplaces = ['paris']\nendpoint = 'out'\n");

  EXPECT_EQ(outcome.problems, "");
  const SurveySettings& survey = outcome.settings.surveys.at(0);
  EXPECT_EQ(survey.subject, "Acme");
  EXPECT_EQ(survey.language, "fr");
  EXPECT_EQ(to_text(survey.measure), "nps");
  EXPECT_EQ(scale_of(survey.measure), "0-10");
  EXPECT_THAT(survey.places, ElementsAre("paris"));
}

TEST(SurveySettings, TellWhatIsWrongInPlace) {
  const std::string problems =
      read(
          "[[survey]]\nid = 'a'\nbrand = 'acne'\nmeasure = 'stars'\nendpoint = 'chat'\nquarantine = '1d'\n"
          "places = ['Paris Nation']\n[[survey]]\nid = 'a'\nbrand = 'acme'\nmeasure = 'ces'\nendpoint = 'outt'\n")
          .problems;

  EXPECT_THAT(problems,
              HasSubstr("survey[0].brand: expected the id of a [[brand]], found \"acne\"; did you mean \"acme\"?"));
  EXPECT_THAT(problems, HasSubstr("survey[0].measure"));
  EXPECT_THAT(
      problems,
      HasSubstr(
          "survey[0].endpoint: expected an endpoint of kind email, ovh or twilio, found one of kind \"slack\""));
  EXPECT_THAT(problems, HasSubstr("survey[0].quarantine: expected 7d to 3650d, found 1d"));
  EXPECT_THAT(problems, HasSubstr("survey[0].places[0]"));
  EXPECT_THAT(problems, HasSubstr("survey[1].id: expected an id of its own"));
  EXPECT_THAT(
      problems,
      HasSubstr("survey[1].endpoint: expected the id of an [[endpoint]], found \"outt\"; did you mean \"out\"?"));
}

}  // namespace
}  // namespace vigie
