#include "pipeline/query_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

QueryReport told(std::string_view query_text, const std::string& text, std::string_view lang = "en") {
  const auto query = Query::parse(query_text);
  EXPECT_TRUE(query) << query.error().text();
  if (!query) return {};
  Mention mention;
  mention.source = "hn";
  mention.text = text;
  const Words words = split_words(mention.text);
  return report(*query, {words, mention, lang});
}

TEST(QueryReport, HasNothingToSayOfAMatch) {
  const QueryReport report = told("acme NOT bank", "acme");

  EXPECT_TRUE(report.matches);
  EXPECT_FALSE(report.near_miss());
  EXPECT_THAT(report.missing, IsEmpty());
}

TEST(QueryReport, NamesTheExclusionThatKeepsAMentionOut) {
  EXPECT_THAT(told("acme NOT bank", "acme bank").missing, ElementsAre("without: NOT bank"));
  EXPECT_THAT(told("acme -(bank OR inc)", "acme inc").missing, ElementsAre("without: -(bank OR inc)"));
}

TEST(QueryReport, NamesTheWordThatIsMissing) {
  EXPECT_THAT(told("acme \"my parcel\"", "acme parcel").missing, ElementsAre("with: \"my parcel\""));
}

TEST(QueryReport, NamesTheAlternativesWhenNoneIsNearer) {
  EXPECT_THAT(told("acme (app OR site)", "acme").missing, ElementsAre("with one of: (app OR site)"));
}

TEST(QueryReport, NamesWhatTheNearestAlternativeLacks) {
  EXPECT_THAT(told("(acme app crash) OR (acme site)", "acme").missing, ElementsAre("with: site"));
}

TEST(QueryReport, SaysThatWordsStandTooFarApart) {
  EXPECT_THAT(told("acme NEAR/2 refund", "acme will never give me a refund").missing,
              ElementsAre("with: acme NEAR/2 refund (the words are there, too far apart)"));
  EXPECT_THAT(told("acme NEAR/2 refund", "acme").missing, ElementsAre("with: acme NEAR/2 refund"));
}

TEST(QueryReport, SaysWhatAFieldHoldsInstead) {
  EXPECT_THAT(told("acme lang:fr", "acme", "en").missing, ElementsAre("with: lang:fr (it is en)"));
  EXPECT_THAT(told("acme source:reddit", "acme").missing, ElementsAre("with: source:reddit (it is hn)"));
  EXPECT_THAT(told("acme rating:<=2", "acme").missing, ElementsAre("with: rating:<=2 (it has no rating)"));
}

TEST(QueryReport, IsANearMissWhenOnePartLacksAndAWordIsThere) {
  EXPECT_TRUE(told("acme parcel NOT bank", "acme parcel bank").near_miss());
  EXPECT_FALSE(told("acme parcel NOT bank", "acme bank").near_miss());
  EXPECT_FALSE(told("acme", "something else").near_miss());
}

}  // namespace
}  // namespace vigie
