#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/facts.h"
#include "alerts/message.h"
#include "base/json.h"
#include "base/text.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using test::document_input, test::said;
using testing::HasSubstr, testing::SizeIs;

Facts read(const DocumentInput& input) {
  auto facts = read_document(make_document(input));
  EXPECT_TRUE(facts) << facts.error().what;
  return facts ? *std::move(facts) : Facts{};
}

TEST(Document, ComesBackWithEveryFact) {
  const DocumentInput input = test::document_of("resolved");

  const Facts facts = read(input);

  EXPECT_EQ(facts.purpose, "resolved");
  EXPECT_EQ(facts.seq, input.incident.last_seq);
  EXPECT_EQ(facts.now, input.now);
  EXPECT_EQ(facts.brand, "acme");
  EXPECT_EQ(facts.brand_name, "Acme");
  EXPECT_EQ(facts.incident, input.incident.id);
  EXPECT_EQ(facts.state, IncidentState::resolved);
  EXPECT_EQ(facts.opened, input.incident.opened);
  EXPECT_EQ(facts.ended, input.incident.ended);
  EXPECT_EQ(facts.severity, 4);
  EXPECT_EQ(facts.peak_observed, 212);
  EXPECT_EQ(facts.themes, input.incident.themes);
  EXPECT_EQ(facts.signal.observed, 212);
  EXPECT_EQ(facts.signal.expected, 35.4);
  EXPECT_EQ(facts.signal.terms.size(), 3u);
  EXPECT_EQ(facts.hourly, input.hourly_negatives);
  EXPECT_EQ(facts.incident_url, input.incident_url);
  EXPECT_EQ(facts.wall_url, input.wall_url);
}

TEST(Document, TellsWhatItsReadersWouldHaveToCompute) {
  const auto document = json::parse(make_document(document_input()));

  const json::Value derived = document->root().at("derived");
  EXPECT_NEAR(derived.number_or("times", 0), 5.99, 0.01);
  EXPECT_NEAR(derived.number_or("share", 0), 0.64, 0.01);
  EXPECT_EQ(derived.integer_or("minutes", 0), 90);
  EXPECT_EQ(document->root().text_or("incident.level", ""), "high");
}

TEST(Document, GivesNoMultipleOfASmallHabit) {
  DocumentInput input = document_input();
  input.incident.evidence.expected = 0.4;

  const auto document = json::parse(make_document(input));

  EXPECT_FALSE(document->root().at("derived.times"));
}

TEST(Document, QuotesThreeVoicesAtMostAndNoneTwice) {
  DocumentInput input = document_input();
  const std::string when = "2026-11-21T17:00:00Z";
  input.quotes = {said("Jamais livré !", "client-0001", "", when), said("JAMAIS  livré !", "client-0002", "", when),
                  said("Deux", "client-0003", "", when),           said("", "client-0004", "", when),
                  said("Trois", "client-0005", "", when),          said("Quatre", "client-0006", "", when)};
  input.quotes[2].deleted = true;

  const Facts facts = read(input);

  ASSERT_THAT(facts.quotes, SizeIs(3));
  EXPECT_EQ(facts.quotes[0].text, "Jamais livré !");
  EXPECT_EQ(facts.quotes[1].text, "Trois");
  EXPECT_EQ(facts.quotes[2].text, "Quatre");
}

TEST(Document, CutsALongQuoteBetweenCharacters) {
  DocumentInput input = document_input();
  std::string text;
  for (int i = 0; i < 100; ++i) text += "déçu ";
  input.quotes = {said(text, "client-0001", "", "2026-11-21T17:00:00Z")};

  const Facts facts = read(input);

  EXPECT_LE(count_code_points(facts.quotes[0].text), 141u);
  EXPECT_THAT(facts.quotes[0].text, testing::EndsWith("déçu…"));
}

TEST(Document, LinksToPagesOnly) {
  DocumentInput input = document_input();
  input.quotes[0].mention.url = "javascript:alert(1)";
  input.wall_url = "data:text/html,x";

  const Facts facts = read(input);

  EXPECT_EQ(facts.quotes[0].url, "");
  EXPECT_EQ(facts.wall_url, "");
}

TEST(Document, PutsStarsOnOneScale) {
  DocumentInput input = document_input();
  input.quotes[0].mention.rating = Rating{10, 0, 10};
  input.quotes[1].mention.rating = Rating{0, 0, 10};
  input.quotes[2].mention.rating = Rating{3, 1, 5};

  const Facts facts = read(input);

  EXPECT_EQ(facts.quotes[0].stars, 5);
  EXPECT_EQ(facts.quotes[1].stars, 1);
  EXPECT_EQ(facts.quotes[2].stars, 3);
}

TEST(Document, OfAnotherVersionOrShapeIsRefused) {
  for (const std::string& wrong :
       {std::string("{}"), std::string("[]"), std::string("not json"), std::string(R"({"version":2})"),
        std::string(R"({"version":1,"purpose":"first"})")}) {
    const auto facts = read_document(wrong);

    ASSERT_FALSE(facts) << wrong;
    EXPECT_EQ(facts.error().kind, ErrorKind::bad_data) << wrong;
  }
}

}  // namespace
}  // namespace vigie
