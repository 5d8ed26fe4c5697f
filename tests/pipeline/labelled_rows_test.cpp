#include "pipeline/labelled_rows.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::HasSubstr;

std::string refused(const std::string& text, LabelOf label_of = LabelOf::opinion) {
  std::istringstream lines(text);
  const auto rows = read_labelled_rows(lines, "rows.tsv", label_of);
  return rows ? "" : rows.error().what;
}

TEST(LabelledRows, AreReadWithTheirSet) {
  std::istringstream lines("shop:en:1\tEN\ttweet\tpos\tfine\r\n\n2\tfr\treview\tneg\tnul \xFF\n");
  const auto rows = read_labelled_rows(lines, "rows.tsv", LabelOf::opinion);

  ASSERT_TRUE(rows) << rows.error().what;
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].set(), "shop");
  EXPECT_EQ((*rows)[0].lang, "en");
  EXPECT_EQ((*rows)[0].label, Label::positive);
  EXPECT_EQ((*rows)[0].text, "fine");
  EXPECT_EQ((*rows)[1].set(), "2") << "an id without a set is a set of its own";
  EXPECT_THAT((*rows)[1].text, HasSubstr("nul"));
}

TEST(LabelledRows, NameTheLineTheyCannotRead) {
  EXPECT_EQ(refused("1\ten\ttweet\tpos\tfine\n2\ten\ttweet\tgood\tfine\n"),
            "rows.tsv:2: expected the label neg, neu or pos, found \"good\"");
  EXPECT_EQ(refused("1\ten\tnovel\tpos\tfine\n"), "rows.tsv:1: expected the domain tweet or review, found \"novel\"");
  EXPECT_EQ(refused("1\ten\n"),
            "rows.tsv:1: expected ID, LANG, DOMAIN, LABEL and TEXT with tabs between, found 2 fields");
}

TEST(LabelledRows, NeedNoOpinionToTeachALanguage) {
  EXPECT_EQ(refused("1\tnl\twords\t-\thet pakket\n", LabelOf::language), "");
  EXPECT_THAT(refused("1\tnl\n", LabelOf::language), HasSubstr("found 2 fields"));
}

TEST(SetRule, IsReadWithItsLanguageAndPolarity) {
  const SetRule rule = parse_set_rule("mozetic:de=0.5p").value();

  EXPECT_EQ(rule.set, "mozetic");
  EXPECT_EQ(rule.lang, "de");
  EXPECT_FLOAT_EQ(rule.weight, 0.5F);
  EXPECT_TRUE(rule.polar);
  EXPECT_FALSE(rule.doubted);
}

TEST(SetRule, MayDoubtASetsLabels) {
  EXPECT_TRUE(parse_set_rule("stars=1d").value().doubted);
  EXPECT_FALSE(parse_set_rule("stars=1d").value().polar);
  for (const std::string_view both : {"stars:fr=4pd", "stars:fr=4dp"}) {
    const SetRule rule = parse_set_rule(both).value();
    EXPECT_TRUE(rule.doubted && rule.polar) << both;
    EXPECT_FLOAT_EQ(rule.weight, 4) << both;
  }
}

TEST(SetRule, IsRefusedWhenItIsNone) {
  for (const std::string_view text : {"", "a", "=1", "a=", "a=x", "a=1x", "a=-1", "a=nan", "a=1001", "a=d", "a=1dx"}) {
    EXPECT_FALSE(parse_set_rule(text)) << text;
  }
}

TEST(SetRule, ThatNamesTheLanguageGoesFirst) {
  std::vector<LabelledRow> rows(2);
  rows[0].id = rows[1].id = "set:1";
  rows[0].lang = "de";
  rows[1].lang = "fr";

  weigh({parse_set_rule("set:de=2d").value(), parse_set_rule("set=0").value()}, rows);

  EXPECT_EQ(rows[0].weight, 2);
  EXPECT_TRUE(rows[0].doubted);
  EXPECT_EQ(rows[1].weight, 0);
}

}  // namespace
}  // namespace vigie
