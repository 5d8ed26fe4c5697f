// What the messages of [[rule]] blocks say, in both languages.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/finding.h"
#include "base/text.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using test::at;
using testing::HasSubstr;
using testing::Not;

Signal of_rule(const std::string& rule, const std::string& measure) {
  Signal signal;
  signal.id = rule + measure;
  signal.brand = "acme";
  signal.incident_kind = signal.rule_name = "rule-1";
  signal.rule = rule;
  signal.measure = measure;
  signal.since = at("2026-11-21T16:40:00Z");
  signal.at = at("2026-11-21T18:10:00Z");
  signal.window = hours(1);
  signal.severity = 3;
  signal.mentions = {11, 12, 13};
  signal.sources = {{"mastodon", 8}, {"avis-verifies", 4}};
  return signal;
}

Signal threshold(const std::string& measure = "negatives") {
  Signal signal = of_rule("threshold", measure);
  signal.observed = signal.authors = 12;
  signal.expected = signal.limit = 10;
  signal.themes = {{"delivery", 9, 0}, {"support", 3, 0}};
  if (measure == "share") {
    signal.limit = 0.5;
    signal.total = 20;
  }
  return signal;
}

Signal keyword(double n) {
  Signal signal = of_rule("keyword", "mentions");
  signal.rule_name = "calls for a boycott";
  signal.observed = n;
  signal.limit = 1;
  signal.window = kDay;
  return signal;
}

Signal rating(const std::string& measure) {
  Signal signal = of_rule("rating", measure);
  signal.observed = measure == "nps" ? 12 : 3.85;
  signal.expected = measure == "nps" ? 41 : 4.4;
  signal.limit = measure == "nps" ? 20 : 0.5;
  signal.total = 48;
  signal.window = 7 * kDay;
  signal.since = at("2026-11-14T18:00:00Z");
  return signal;
}

Signal unanswered(double n) {
  Signal signal = of_rule("unanswered", "unanswered");
  signal.observed = signal.total = n;
  signal.limit = 1;
  signal.window = 2 * kDay;
  signal.since = at("2026-11-18T09:30:00Z");
  return signal;
}

Signal silence() {
  Signal signal = of_rule("silence", "mentions");
  signal.expected = 12.4;
  signal.limit = 12;
  signal.mentions.clear();
  signal.sources.clear();
  return signal;
}

std::string document(const Signal& signal, const std::string& purpose = "first") {
  DocumentInput input = test::document_input();
  input.incident = *apply(std::nullopt, test::event_of(signal), Policy{}, signal.at).incident;
  input.purpose = purpose;
  if (purpose == "resolved") input.incident.ended = input.now = signal.at + hours(5);
  if (signal.rule == "silence") input.quotes.clear();
  return make_document(input);
}

test::ReadMail mail(const Signal& signal, const std::string& language, const std::string& purpose = "first") {
  return *test::read_mail(document(signal, purpose), language);
}

std::vector<Signal> one_of_each() {
  return {threshold(),     threshold("mentions"), threshold("share"), keyword(1),     keyword(3),
          rating("stars"), rating("nps"),         unanswered(1),      unanswered(14), silence()};
}

TEST(RuleMessages, HaveNoSentenceLeftOutAndNoSlotUnfilled) {
  for (const Signal& signal : one_of_each()) {
    for (const std::string language : {"en", "fr"}) {
      for (const std::string purpose : {"first", "worse", "acked", "reopened", "resolved"}) {
        const test::ReadMail said = mail(signal, language, purpose);
        for (const std::string& text : {said.subject, said.text, said.html}) {
          EXPECT_THAT(text, Not(HasSubstr("rules."))) << signal.rule << " " << purpose;
          EXPECT_THAT(text.substr(0, text.find("<style>")), Not(HasSubstr("{"))) << signal.rule << " " << purpose;
        }
        EXPECT_LE(count_code_points(said.subject), 60u) << said.subject;
        EXPECT_THAT(said.text, Not(HasSubstr("expected 0"))) << signal.rule;
        EXPECT_THAT(said.text, Not(HasSubstr("(new)"))) << "nothing is weighed against a habit";
      }
    }
  }
}

TEST(RuleMessages, OfAThresholdSayTheNumberAndTheLimit) {
  const test::ReadMail en = mail(threshold(), "en"), fr = mail(threshold(), "fr");

  EXPECT_EQ(en.subject, "[Vigie][Acme][12 in 1 h] Negative posts – delivery");
  EXPECT_THAT(en.text, HasSubstr("12 negative posts in 1 h; the limit is 10"));
  EXPECT_THAT(fr.text, HasSubstr("12 messages négatifs en 1\u00a0h\u00a0; la limite est de 10"));
  EXPECT_THAT(mail(threshold("share"), "en").text,
              HasSubstr("12 of 20 posts in 1 h are negative, that is 60%; the\n                    limit is 50%"));
}

TEST(RuleMessages, OfAKeywordNameTheRule) {
  EXPECT_EQ(mail(keyword(1), "en").subject, "[Vigie][Acme][1] “calls for a boycott”");
  EXPECT_EQ(mail(keyword(3), "en").subject, "[Vigie][Acme][3] “calls for a boycott”");
  EXPECT_EQ(headline(keyword(3), "Acme", "fr"), "Acme\u00a0: «\u202fcalls for a boycott\u202f», 3 messages");
  EXPECT_EQ(mail(keyword(3), "en", "resolved").subject, "[Vigie][Acme][Over] “calls for a boycott”");
}

TEST(RuleMessages, SaySinceWhenOnce) {
  for (const Signal& signal : {keyword(1), keyword(3), unanswered(1), unanswered(14), silence()}) {
    const auto story = tell(document(signal), {"fr", "Europe/Paris", true, {}, {}, "", false});
    ASSERT_TRUE(story) << story.error().what;
    const std::string line = concat(story->lead, " ", story->since);
    const std::size_t first = line.find(" depuis "), again = line.find(" depuis ", first + 1);
    EXPECT_EQ(again, std::string::npos) << line;
    EXPECT_THAT(line, HasSubstr("(heure de Paris)"));
  }
}

TEST(RuleMessages, OfARatingSayFromWhatToWhat) {
  EXPECT_EQ(headline(rating("stars"), "Acme", "en"), "Acme: rating down from 4.4 to 3.9 stars");
  EXPECT_EQ(headline(rating("stars"), "Acme", "fr"), "Acme\u00a0: note en baisse, de 4,4 à 3,9 étoiles");
  EXPECT_EQ(headline(rating("nps"), "Acme", "en"), "Acme: NPS down from 41 to 12");
  EXPECT_THAT(mail(rating("stars"), "en").text, HasSubstr("(48 ratings)"));
}

TEST(RuleMessages, OfUnansweredPostsSayHowManyAndSinceWhen) {
  EXPECT_EQ(headline(unanswered(1), "Acme", "en"), "Acme: 1 post unanswered for over 2 d");
  EXPECT_THAT(mail(unanswered(14), "en").text, HasSubstr("14 posts wait, the oldest since 18 Nov, 09:30"));
  EXPECT_THAT(mail(unanswered(14), "fr").text,
              HasSubstr("le plus ancien depuis le 18 nov.,\n                    10:30"));
}

TEST(RuleMessages, OfSilenceSayWhatWasExpectedAndShowNoCurveOfComplaints) {
  const test::ReadMail said = mail(silence(), "en");

  EXPECT_EQ(said.subject, "[Vigie][Acme][1 h 30 min] Nothing heard");
  EXPECT_THAT(said.text, HasSubstr("usually about 12 come in\n                    that time"));
  EXPECT_THAT(said.text, Not(HasSubstr("egative")));
}

TEST(RuleMessages, TellReceiversOfWebhooksWhichRuleSpoke) {
  const auto parsed = json::parse(document(keyword(3)));
  const json::Value root = parsed->root();

  EXPECT_EQ(root.text_or("incident.kind", ""), "rule-1");
  EXPECT_EQ(root.text_or("signal.rule", ""), "keyword");
  EXPECT_EQ(root.text_or("signal.rule_name", ""), "calls for a boycott");
  EXPECT_FALSE(root.at("derived.times")) << "a bar is no habit";
}

TEST(Incident, OfAShadowRuleOwesNobodyAnythingUntilItIsNoShadow) {
  Signal tried = keyword(1);
  tried.shadow = true;
  const Outcome opened = apply(std::nullopt, test::event_of(tried), Policy{}, tried.at);
  EXPECT_TRUE(opened.incident->shadow);
  EXPECT_THAT(opened.owed, testing::IsEmpty());
  EXPECT_EQ(opened.incident->state, IncidentState::open);

  Signal meant = keyword(2);
  meant.id = "another";
  meant.kind = SignalKind::update;
  const Outcome told = apply(opened.incident, test::event_of(meant), Policy{}, meant.at + minutes(5));
  EXPECT_FALSE(told.incident->shadow);
  ASSERT_EQ(told.owed.size(), 1u);
  EXPECT_EQ(told.owed[0].purpose, "first");

  tried.id = "a third";
  tried.kind = SignalKind::clear;
  const Outcome after = apply(told.incident, test::event_of(tried), Policy{}, meant.at + hours(30));
  EXPECT_FALSE(after.incident->shadow) << "people who were told of the beginning are told of the end";
}

}  // namespace
}  // namespace vigie
