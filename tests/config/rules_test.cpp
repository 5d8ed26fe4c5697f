// [[rule]]: what each kind asks for, and how a mistake is told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/settings.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Kind = RuleSettings::Kind;

const std::string kHead =
    "[[brand]]\nid = 'acme'\nname = 'Acme'\n[[source]]\nid = 'hn'\nkind = 'hackernews'\nquery = 'acme'\n";
constexpr int kHeadLines = 7;

std::string no_brackets(std::string_view query) {
  return query.find('(') == std::string_view::npos ? "" : "character 1: expected no bracket";
}

struct Outcome {
  Settings settings;
  std::string problems;
  const RuleSettings& rule() const { return settings.rules.at(0); }
};

Outcome read(const std::string& rule) {
  Kinds kinds;
  kinds.definitions["hackernews"] = {{"query"}, {}};
  kinds.check_query = no_brackets;
  kinds.theme_ids = [](const std::vector<std::string>&) { return std::vector<std::string>{"delivery", "price"}; };
  const config::Tree tree = config::Tree::parse(kHead + "[[rule]]\n" + rule, "v.toml");
  Outcome outcome{read_settings(tree, kinds), ""};
  for (const config::Problem& problem : tree.problems()) outcome.problems += problem.text() + "\n";
  return outcome;
}

// Line `line` of the rule, counted from its heading.
std::string at(int line, const std::string& rest) {
  return concat("v.toml:", std::to_string(kHeadLines + line), ":", rest, "\n");
}

TEST(RuleSettings, OfAThresholdSayHowManyWithinWhatTime) {
  const Outcome read_one = read("id = 'ten'\nkind = 'threshold'\ncount = 10\nwindow = '1h'\nthemes = ['delivery']\n");

  ASSERT_EQ(read_one.problems, "");
  const RuleSettings& rule = read_one.rule();
  EXPECT_EQ(rule.kind, Kind::threshold);
  EXPECT_EQ(rule.measure, Measure::negatives);
  EXPECT_EQ(rule.count, 10);
  EXPECT_EQ(rule.window, hours(1));
  EXPECT_EQ(rule.hold, minutes(15));
  EXPECT_EQ(rule.severity, 3);
  EXPECT_EQ(rule.name, "ten") << "without a name, messages say the id";
  EXPECT_THAT(rule.themes, ElementsAre("delivery"));
  EXPECT_FALSE(rule.shadow);
  EXPECT_TRUE(rule.covers("acme")) << "no brands named: all";
}

TEST(RuleSettings, OfEachKindHaveTheirOwnDefaults) {
  const Outcome share = read("id = 'a'\nkind = 'threshold'\nmeasure = 'share'\nshare = 0.5\nwindow = '1d'\n");
  const Outcome keyword = read("id = 'a'\nkind = 'keyword'\nmatch = 'boycott'\nseverity = 'critical'\n");
  const Outcome rating = read("id = 'a'\nkind = 'rating'\ndrop = 0.5\n");
  const Outcome unanswered = read("id = 'a'\nkind = 'unanswered'\nwindow = '2d'\n");
  const Outcome silence = read("id = 'a'\nkind = 'silence'\n");
  const Outcome budget = read("id = 'a'\nkind = 'budget'\nbudget = 4\nbrands = ['acme']\nshadow = true\n");

  for (const Outcome* each : {&share, &keyword, &rating, &unanswered, &silence, &budget}) EXPECT_EQ(each->problems, "");
  EXPECT_EQ(share.rule().measure, Measure::share);
  EXPECT_EQ(share.rule().count, 10);
  EXPECT_EQ(keyword.rule().window, kDay);
  EXPECT_EQ(keyword.rule().severity, 5);
  EXPECT_EQ(rating.rule().measure, Measure::stars);
  EXPECT_EQ(rating.rule().window, 7 * kDay);
  EXPECT_EQ(rating.rule().before, 28 * kDay);
  EXPECT_THAT(unanswered.rule().types, ElementsAre("review", "ticket", "message"));
  EXPECT_EQ(silence.rule().count, 12);
  EXPECT_EQ(budget.rule().budget, 4);
  EXPECT_THAT(budget.rule().brands, ElementsAre("acme"));
  EXPECT_FALSE(budget.rule().covers("other"));
  EXPECT_TRUE(budget.rule().shadow);
}

struct Mistake {
  std::string rule, told;
};

class RuleMistake : public testing::TestWithParam<Mistake> {};

TEST_P(RuleMistake, IsToldInItsPlace) { EXPECT_EQ(read(GetParam().rule).problems, GetParam().told); }

INSTANTIATE_TEST_SUITE_P(
    OfTheFile, RuleMistake,
    testing::Values(
        Mistake{"id = 'a'\nkind = 'threshhold'\n",
                at(3,
                   "8: rule[0].kind: expected \"budget\", \"threshold\", \"keyword\", \"rating\", \"unanswered\", "
                   "\"silence\", \"each\" or \"drift\", found \"threshhold\"; did you mean \"threshold\"?")},
        Mistake{"id = 'negative'\nkind = 'silence'\n",
                at(2, "6: rule[0].id: expected an id of its own, found \"negative\", which [detect] has")},
        Mistake{"id = 'a'\nkind = 'silence'\nbrands = ['acne']\n",
                at(4, "11: rule[0].brands[0]: expected the id of a [[brand]], found \"acne\"; did you mean \"acme\"?")},
        Mistake{"id = 'a'\nkind = 'keyword'\nmatch = '(boycott'\n",
                at(4, "9: rule[0].match: expected a query, found a mistake: character 1: expected no bracket")},
        Mistake{"id = 'a'\nkind = 'keyword'\n",
                at(1, "1: rule[0].match: expected a query, found nothing: these are the words to tell of")},
        Mistake{"id = 'a'\nkind = 'threshold'\nwindow = '1h'\n",
                at(1, "1: rule[0].count: expected a number, found nothing: it is the threshold")},
        Mistake{"id = 'a'\nkind = 'threshold'\nmeasure = 'share'\nwindow = '1h'\n",
                at(1, "1: rule[0].share: expected a number, found nothing: it is the threshold")},
        Mistake{"id = 'a'\nkind = 'silence'\nthemes = ['delivry']\n",
                at(4, "11: rule[0].themes[0]: expected a theme, found \"delivry\"; did you mean \"delivery\"?")},
        Mistake{"id = 'a'\nkind = 'unanswered'\nwindow = '2d'\ntypes = ['reviews']\n",
                at(5, "10: rule[0].types[0]: expected a type of mention, found \"reviews\"; did you mean \"review\"?")},
        Mistake{"id = 'a'\nkind = 'keyword'\nmatch = 'x'\ndrop = 0.5\n",
                at(5, "8: rule[0].drop: expected no drop for kind \"keyword\", found one")},
        Mistake{"id = 'a'\nkind = 'threshold'\nmeasure = 'nps'\ncount = 3\nwindow = '1h'\n",
                at(4, "11: rule[0].measure: expected a measure of kind \"threshold\", found \"nps\"")},
        Mistake{"id = 'a'\nkind = 'threshold'\ncount = 3\nwindow = '200d'\n",
                at(5, "10: rule[0].window: expected 1m to 92d, found 200d")},
        Mistake{"id = 'a'\nkind = 'threshold'\nmeasure = 'share'\nshare = 'half'\nwindow = '1h'\n",
                at(5, "9: rule[0].share: expected number, found text")},
        Mistake{"id = 'a'\nkind = 'rating'\ndrop = 0.5\nwindow = '1d'\nbefore = '28d'\n",
                at(6,
                   "10: rule[0].before: expected the time before to be 1 to 12 times the window, found 28d before a "
                   "window of 1d")},
        Mistake{"id = 'a'\nkind = 'silence'\nwindw = '1h'\n",
                at(4, "1: rule[0].windw: expected a known key, found \"windw\"; did you mean \"window\"?")}));

TEST(RuleSettings, HaveAnIdOfTheirOwn) {
  EXPECT_THAT(read("id = 'a'\nkind = 'silence'\n[[rule]]\nid = 'a'\nkind = 'silence'\n").problems,
              HasSubstr("rule[1].id: expected an id of its own, found \"a\", which rule[0] has"));
}

TEST(RuleSettings, LeaveTheBudgetOfDetectAloneUnlessItIsAShadow) {
  const Outcome plain = read("id = 'a'\nkind = 'silence'\n");
  const Outcome shadow = read("id = 'a'\nkind = 'silence'\n[detect]\nshadow = true\n");

  EXPECT_FALSE(plain.settings.detect.shadow);
  EXPECT_EQ(shadow.problems, "");
  EXPECT_TRUE(shadow.settings.detect.shadow);
}

}  // namespace
}  // namespace vigie
