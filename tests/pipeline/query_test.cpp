#include "pipeline/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/match.h"
#include "pipeline/pipeline.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

bool holds(std::string_view query, std::string_view text) {
  const auto matcher = Matcher::make({{"acme", "Acme", std::string(query), "en"}});
  EXPECT_TRUE(matcher) << matcher.error().what;
  return matcher && !(*matcher)->brands_in(split_words(text)).empty();
}

TEST(Query, FindsAWordWhateverItsCaseAndAccents) {
  EXPECT_TRUE(holds("citroën", "Ma CITROEN est en panne"));
  EXPECT_TRUE(holds("citroen", "La citroën"));
}

TEST(Query, FindsWholeWordsOnly) {
  EXPECT_FALSE(holds("orange", "oranges pressées"));
  EXPECT_FALSE(holds("été", "ététage"));
  EXPECT_TRUE(holds("acme", "l'acme, (acme)"));
}

TEST(Query, FindsAPhraseOnlyInItsOrder) {
  EXPECT_TRUE(holds("\"acme shop\"", "the Acme-Shop opened"));
  EXPECT_FALSE(holds("\"acme shop\"", "shop at acme"));
}

TEST(Query, TakesWordsSideBySideAsAnd) {
  EXPECT_TRUE(holds("acme app", "the app of acme"));
  EXPECT_FALSE(holds("acme app", "acme alone"));
}

TEST(Query, BindsNotBeforeAndBeforeOr) {
  EXPECT_TRUE(holds("zeta OR acme NOT inc", "zeta inc"));
  EXPECT_FALSE(holds("zeta OR acme NOT inc", "acme inc"));
  EXPECT_TRUE(holds("acme AND (app OR site) NOT \"acme inc\"", "Acme site down"));
  EXPECT_FALSE(holds("acme AND (app OR site) NOT \"acme inc\"", "acme inc site down"));
}

TEST(Query, ReadsAStarAsTheBeginningOfAWord) {
  EXPECT_TRUE(holds("acme*", "acmebank"));
  EXPECT_FALSE(holds("acme*", "xacmebank"));
}

TEST(Query, FindsBrandsWrittenWithMarksOrWithoutBlanks) {
  EXPECT_TRUE(holds("H&M", "love H&M so much"));
  EXPECT_TRUE(holds("東京", "私は東京が好き"));
}

TEST(Query, TakesOperatorsOnlyInUpperCase) { EXPECT_TRUE(holds("or noir", "Or noir, le film")); }

struct Broken {
  const char* query;
  const char* error;
};

class QueryError : public testing::TestWithParam<Broken> {};

TEST_P(QueryError, NamesTheColumn) { EXPECT_EQ(check_query(GetParam().query), GetParam().error); }

INSTANTIATE_TEST_SUITE_P(
    All, QueryError,
    testing::Values(Broken{"acme (shop", "column 11: expected \")\""},
                    Broken{"", "column 1: expected a word, found nothing"},
                    Broken{"acme)", "column 5: expected the end, AND or OR, found \")\""},
                    Broken{"acme AND", "column 9: expected a word, found the end"},
                    Broken{"OR acme", "column 1: expected a word, found OR"},
                    Broken{"été \"acme", "column 5: expected a closing quotation mark"},
                    Broken{"acme +", "column 6: expected a letter or a digit in this word"},
                    Broken{"a*", "column 1: expected two letters or more before *"},
                    Broken{"NOT acme",
                           "column 1: everything here is optional or excluded; at least one word must be required"},
                    Broken{"acme OR NOT inc",
                           "column 1: everything here is optional or excluded; at least one word must be required"}));

TEST(Query, RefusesBracketsWithoutEndInsteadOfFollowingThem) {
  EXPECT_THAT(check_query(std::string(5000, '(')), testing::HasSubstr("expected at most 50 levels of brackets"));
}

TEST(Query, IsWellFormedWithoutAnError) { EXPECT_EQ(check_query("acme AND (\"my shop\" OR app*) NOT inc"), ""); }

TEST(Query, TriggersOnWhatEveryMatchHolds) {
  const auto query = Query::parse("(app OR site) AND acme NOT inc");

  ASSERT_TRUE(query);
  ASSERT_EQ(query->triggers().size(), 1u);
  EXPECT_EQ(query->literals()[query->triggers()[0]], " acme ");
}

TEST(Matcher, NamesTheBrandOfABrokenQuery) {
  const auto matcher = Matcher::make({{"good", "", "good", "en"}, {"bad", "", "(bad", "en"}});

  ASSERT_FALSE(matcher);
  EXPECT_EQ(matcher.error().kind, ErrorKind::bad_config);
  EXPECT_EQ(matcher.error().what, "brand \"bad\": match: column 5: expected \")\"");
}

TEST(Matcher, FindsEveryBrandOfAText) {
  const auto matcher =
      Matcher::make({{"zeta", "", "zeta", "en"}, {"acme", "", "acme NOT inc", "en"}, {"b", "", "beta", "en"}});
  ASSERT_TRUE(matcher);

  EXPECT_THAT((*matcher)->brands_in(split_words("zeta sues acme")), ElementsAre("acme", "zeta"));
  EXPECT_THAT((*matcher)->brands_in(split_words("nothing here")), IsEmpty());
}

TEST(Matcher, HoldsThousandsOfBrandsApart) {
  std::vector<BrandSettings> brands;
  for (int i = 0; i < 5000; ++i) brands.push_back({"b" + std::to_string(i), "", "name" + std::to_string(i), "en"});

  const auto matcher = Matcher::make(brands);

  ASSERT_TRUE(matcher);
  EXPECT_THAT((*matcher)->brands_in(split_words("I prefer Name4999 to name49")), ElementsAre("b49", "b4999"));
}

TEST(Matcher, MatchesNothingWithoutBrands) {
  const auto matcher = Matcher::make({});

  ASSERT_TRUE(matcher);
  EXPECT_THAT((*matcher)->brands_in(split_words("acme")), IsEmpty());
}

}  // namespace
}  // namespace vigie
