#include "pipeline/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/match.h"
#include "pipeline/pipeline.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using testing::HasSubstr;

Mention saying(std::string_view text) {
  Mention mention;
  mention.source = "hn-acme";
  mention.id = "1";
  mention.text = text;
  return mention;
}

std::vector<std::string> brands_in(const Matcher& matcher, const Mention& mention, std::string_view lang = "en") {
  const std::string text = title_and_text(mention);
  const Words words = split_words(text);
  return matcher.brands_in({words, mention, lang});
}

bool holds(std::string_view query, const Mention& mention, std::string_view lang = "en") {
  const auto matcher = Matcher::make({{"acme", "Acme", std::string(query), "en"}});
  EXPECT_TRUE(matcher) << matcher.error().what;
  return matcher && !brands_in(**matcher, mention, lang).empty();
}

bool holds(std::string_view query, std::string_view text) { return holds(query, saying(text)); }

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

TEST(Query, ReadsAStarAnywhereInAWord) {
  EXPECT_TRUE(holds("*bank", "the Acmebank"));
  EXPECT_FALSE(holds("*bank", "the banker"));
  EXPECT_TRUE(holds("organi*ation", "an ORGANISATION, an organization"));
  EXPECT_FALSE(holds("organi*ation", "organi ation"));
  EXPECT_TRUE(holds("*bank*", "embankment"));
  EXPECT_TRUE(holds("\"acme deliver*\"", "Acme delivered late"));
  EXPECT_FALSE(holds("\"acme deliver* late\"", "acme delivered very late"));
  EXPECT_TRUE(holds("livré*", "LIVREE hier"));
  EXPECT_TRUE(holds("東京*", "私は東京が好き"));
}

TEST(Query, FindsWordsNearEachOther) {
  EXPECT_TRUE(holds("acme NEAR/2 refund", "refund from Acme"));
  EXPECT_TRUE(holds("acme NEAR/2 refund", "acme's refund"));
  EXPECT_FALSE(holds("acme NEAR/2 refund", "acme, again: no refund"));
  EXPECT_TRUE(holds("acme NEAR/1 shop", "shop acme"));
  EXPECT_FALSE(holds("acme NEAR/5 acme", "acme alone"));
  EXPECT_TRUE(holds("acme NEAR/5 acme", "acme and acme"));
}

TEST(Query, FindsWordsInTheirOrder) {
  EXPECT_TRUE(holds("acme ONEAR/3 refund", "acme owes a refund"));
  EXPECT_FALSE(holds("acme ONEAR/3 refund", "refund from acme"));
}

TEST(Query, CountsEachWordOfAChainFromTheOneBefore) {
  EXPECT_TRUE(holds("acme ONEAR/2 lost ONEAR/2 parcel", "acme has lost my parcel"));
  EXPECT_FALSE(holds("acme ONEAR/2 lost ONEAR/2 parcel", "acme has lost my big parcel"));
  // Both pairs are there, but not around one and the same "lost".
  EXPECT_FALSE(holds("acme NEAR/2 lost NEAR/2 parcel", "acme lost it; then somebody else lost one parcel"));
}

TEST(Query, MeasuresFromAnyOfSeveralWordsAndFromTheEndOfAPhrase) {
  EXPECT_TRUE(holds("(acme OR \"acme shop\") NEAR/1 (closed OR clos*)", "the acme shop closes"));
  EXPECT_FALSE(holds("\"acme shop\" NEAR/1 closed", "the acme shop has closed"));
}

TEST(Query, LeavesLinksOutWhenItCountsWords) {
  EXPECT_TRUE(holds("acme NEAR/1 down", "acme https://status.acme.example/incident/1 down"));
}

TEST(Query, ExcludesWithNotOrWithAMinusSign) {
  EXPECT_FALSE(holds("acme -bank", "acme bank"));
  EXPECT_FALSE(holds("acme -(bank OR inc)", "acme inc"));
  EXPECT_TRUE(holds("acme -\"acme inc\"", "acme and inc"));
  EXPECT_TRUE(holds("wi-fi", "my wi-fi"));
}

TEST(Query, ReadsTheQuotationMarksOfWordProcessors) {
  EXPECT_TRUE(holds("“acme shop”", "the acme shop"));
  EXPECT_FALSE(holds("«acme shop»", "shop acme"));
}

TEST(Query, AsksForTheLanguageOfTheText) {
  EXPECT_TRUE(holds("acme lang:fr", saying("acme"), "fr"));
  EXPECT_FALSE(holds("acme lang:fr", saying("acme"), "en"));
  EXPECT_TRUE(holds("acme lang:de,fr", saying("acme"), "fr"));
  EXPECT_TRUE(holds("acme -lang:en", saying("acme"), "fr"));
}

TEST(Query, AsksForTheSource) {
  EXPECT_TRUE(holds("source:hn-*", saying("anything")));
  EXPECT_FALSE(holds("source:hn", saying("anything")));
  EXPECT_FALSE(holds("acme NOT source:hn-acme", saying("acme")));
}

TEST(Query, AsksForTheAuthorByHandleNameOrId) {
  Mention mention = saying("acme");
  mention.author = {"42", "Zoé Martin", "@client-0042@social.example", std::nullopt};

  EXPECT_TRUE(holds("acme author:client-0042@social.example", mention));
  EXPECT_TRUE(holds("acme author:@client-*", mention));
  EXPECT_TRUE(holds("acme author:\"zoe martin\"", mention));
  EXPECT_TRUE(holds("acme author:42", mention));
  EXPECT_FALSE(holds("acme author:zoe", mention));
  EXPECT_FALSE(holds("acme author:client*", saying("acme")));
}

TEST(Query, AsksForWholeStarsWhateverTheSourcesScale) {
  Mention two = saying("acme");
  two.rating = Rating{2, 1, 5};
  Mention eight_of_ten = saying("acme");
  eight_of_ten.rating = Rating{8, 0, 10};

  EXPECT_TRUE(holds("acme rating:2", two));
  EXPECT_TRUE(holds("acme rating:<=2", two));
  EXPECT_FALSE(holds("acme rating:<2", two));
  EXPECT_TRUE(holds("acme rating:2..4", two));
  EXPECT_FALSE(holds("acme rating:>2", two));
  EXPECT_TRUE(holds("acme rating:>=4", eight_of_ten));
  EXPECT_FALSE(holds("acme rating:1..5", saying("acme without stars")));
}

TEST(Query, AsksForTheHostOfTheLink) {
  Mention mention = saying("nothing of note");
  mention.url = "https://Shop.Example.org:8443/a?x=@other.example";

  EXPECT_TRUE(holds("site:example.org", mention));
  EXPECT_TRUE(holds("site:shop.example.org", mention));
  EXPECT_FALSE(holds("site:ple.org", mention));
  EXPECT_FALSE(holds("site:other.example", mention));
  EXPECT_FALSE(holds("site:example.org", saying("https://example.org")));
}

TEST(Query, TakesAColonThatNamesNoFieldAsPunctuation) {
  EXPECT_TRUE(holds("Trek: Picard", "trek picard"));
  EXPECT_TRUE(holds("\"error: disk\"", "Error: disk full"));
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

TEST_P(QueryError, NamesThePlace) { EXPECT_EQ(check_query(GetParam().query), GetParam().error); }

constexpr const char* kOptional =
    "column 1: everything here is optional or excluded; at least one word must be required";
constexpr const char* kStars = "expected stars from 1 to 5, as in rating:2, rating:<=2, rating:>3 or rating:2..4";

INSTANTIATE_TEST_SUITE_P(
    All, QueryError,
    testing::Values(
        Broken{"acme (shop", "column 11: expected \")\""}, Broken{"", "column 1: expected a word, found nothing"},
        Broken{"acme)", "column 5: expected the end, AND or OR, found \")\""},
        Broken{"acme AND", "column 9: expected a word, found the end"},
        Broken{"OR acme", "column 1: expected a word, found OR"},
        Broken{"été \"acme", "column 5: expected a closing quotation mark"},
        Broken{"acme +", "column 6: expected a letter or a digit in this word"},
        Broken{"acme\nAND (été\n  OR +)", "line 3, column 6: expected a letter or a digit in this word"},
        Broken{"a*", "column 1: expected two letters or more beside *"},
        Broken{"\"acme * shop\"", "column 1: expected two letters or more beside *"}, Broken{"NOT acme", kOptional},
        Broken{"acme OR NOT inc", kOptional}, Broken{"lang:fr", kOptional}, Broken{"rating:1 OR acme", kOptional},
        Broken{"acme https://acme.example",
               "column 6: expected a word, found a link; site:HOST finds mentions by the host of their own link"}));

INSTANTIATE_TEST_SUITE_P(
    Near, QueryError,
    testing::Values(
        Broken{
            "acme NEAR shop",
            "column 6: expected a distance from 1 to 100 words, as in NEAR/5 (to look for the word itself, put it in "
            "quotation marks)"},
        Broken{
            "acme ONEAR/0 shop",
            "column 6: expected a distance from 1 to 100 words, as in ONEAR/5 (to look for the word itself, put it in "
            "quotation marks)"},
        Broken{"NEAR/5 shop", "column 1: expected a word before NEAR"},
        Broken{"acme NEAR/5", "column 12: expected a word, found the end"},
        Broken{"acme NEAR/5 NOT shop",
               "column 13: expected words or phrases beside NEAR, at most joined by OR in brackets"},
        Broken{"acme NEAR/5 (shop AND app)",
               "column 13: expected words or phrases beside NEAR, at most joined by OR in brackets"},
        Broken{"lang:fr NEAR/5 acme",
               "column 1: expected words or phrases beside NEAR, at most joined by OR in brackets"}));

INSTANTIATE_TEST_SUITE_P(
    Fields, QueryError,
    testing::Values(
        Broken{
            "acme langs:fr",
            "column 6: expected lang:, source:, author:, rating: or site:, found \"langs:\"; did you mean lang:? (to "
            "look for these words as text, put them in quotation marks)"},
        Broken{"acme lang:french", "column 6: expected a language such as fr or en, found \"french\""},
        Broken{"acme site:example", "column 6: expected a host name such as example.org, found \"example\""},
        Broken{"acme author:*", "column 6: expected a letter or a digit behind the colon"},
        Broken{"acme source:a,", "column 6: expected a letter or a digit behind the colon"}));

TEST(QueryError, NamesTheFormsOfARating) {
  for (const char* query : {"acme rating:6", "acme rating:two", "acme rating:<=2.5", "acme rating:2..",
                            "acme rating:4..2", "acme rating:>5", "acme rating:<1"}) {
    EXPECT_THAT(check_query(query), testing::EndsWith(kStars)) << query;
  }
}

TEST(QueryError, PointsAtThePlaceWithACaret) {
  const std::string text = "acme\n\tAND été OR +";

  const auto query = Query::parse(text);

  ASSERT_FALSE(query);
  EXPECT_EQ(query.error().caret(text), "\tAND été OR +\n\t           ^");
}

TEST(Query, RefusesBracketsWithoutEndInsteadOfFollowingThem) {
  EXPECT_THAT(check_query(std::string(5000, '(')), HasSubstr("expected at most 50 levels of brackets"));
}

TEST(Query, IsWellFormedWithoutAnError) { EXPECT_EQ(check_query("acme AND (\"my shop\" OR app*) NOT inc"), ""); }

TEST(Query, TriggersOnWhatEveryMatchHolds) {
  const auto query = Query::parse("(app OR site) AND acme NOT inc");

  ASSERT_TRUE(query);
  ASSERT_EQ(query->triggers().size(), 1u);
  EXPECT_EQ(query->terms()[query->triggers()[0]].literal, " acme ");
}

TEST(Query, TriggersOnOneWordOfANear) {
  const auto query = Query::parse("(app OR site) NEAR/5 acme*");

  ASSERT_TRUE(query);
  ASSERT_EQ(query->triggers().size(), 1u);
  EXPECT_EQ(query->terms()[query->triggers()[0]].literal, " acme");
}

TEST(Query, NeedsNoWordWhereASourceAnAuthorOrASiteIsAskedFor) {
  for (const char* text : {"source:hn-acme", "author:jane OR acme", "site:acme.example lang:fr NOT job"}) {
    const auto query = Query::parse(text);
    ASSERT_TRUE(query) << text;
    EXPECT_THAT(query->triggers(), IsEmpty()) << text;
  }
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

  EXPECT_THAT(brands_in(**matcher, saying("zeta sues acme")), ElementsAre("acme", "zeta"));
  EXPECT_THAT(brands_in(**matcher, saying("nothing here")), IsEmpty());
}

TEST(Matcher, HoldsThousandsOfBrandsApart) {
  std::vector<BrandSettings> brands;
  for (int i = 0; i < 5000; ++i) brands.push_back({"b" + std::to_string(i), "", "name" + std::to_string(i), "en"});

  const auto matcher = Matcher::make(brands);

  ASSERT_TRUE(matcher);
  EXPECT_THAT(brands_in(**matcher, saying("I prefer Name4999 to name49")), ElementsAre("b49", "b4999"));
}

TEST(Matcher, MatchesNothingWithoutBrands) {
  const auto matcher = Matcher::make({});

  ASSERT_TRUE(matcher);
  EXPECT_THAT(brands_in(**matcher, saying("acme")), IsEmpty());
}

}  // namespace
}  // namespace vigie
