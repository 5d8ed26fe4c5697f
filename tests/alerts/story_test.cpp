// What a story says, whatever the channel.

#include "alerts/story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/telling.h"
#include "base/text.h"
#include "tests/alerts/golden.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using test::at, test::document_input, test::document_of, test::expect_golden;
using testing::Contains, testing::ElementsAre, testing::Field, testing::HasSubstr, testing::IsEmpty, testing::Not, testing::StartsWith;

Audience reader(const std::string& language = "fr") {
  Audience audience;
  audience.language = language;
  audience.time_zone = language == "fr" ? "Europe/Paris" : "Europe/London";
  for (const char* kind : {"unsubscribe", "why", "false_alarm", "mute_until_morning", "mute", "ack"})
    audience.actions.emplace_back(kind, concat("https://avis.example.org/a/", kind));
  return audience;
}

Story told(const std::string& document, const Audience& audience) {
  auto story = tell(document, audience);
  EXPECT_TRUE(story) << story.error().what;
  return story ? *std::move(story) : Story{};
}
Story told(const DocumentInput& input, const std::string& language = "fr") {
  return told(make_document(input), reader(language));
}

std::string value(const Story& story, std::string_view label) {
  for (const Story::Row& row : story.rows) {
    if (row.label == label) return row.value;
  }
  return "";
}

// The whole story, a value a line.
std::string laid_out(const Story& story) {
  const auto document = json::parse(to_json(story));
  std::string out;
  const auto write = [&out](const auto& self, const json::Value& of, const std::string& path) -> void {
    if (of.is_scalar()) out.append(concat(path, ": ", of.raw(), "\n"));
    for (std::size_t i = 0; i < of.size(); ++i) {
      const std::string step = of.type() == json::Type::array ? std::to_string(i) : std::string(of.key_at(i));
      self(self, of[i], path.empty() ? step : concat(path, ".", step));
    }
  };
  write(write, document->root(), "");
  return out;
}

class StoryOf : public testing::TestWithParam<std::tuple<std::string, std::string>> {
 protected:
  Story story() const { return told(document_of(std::get<0>(GetParam())), std::get<1>(GetParam())); }
};

TEST_P(StoryOf, ReadsAsRecorded) {
  const auto& [purpose, language] = GetParam();

  expect_golden(concat("story.", purpose, ".", language, ".json"), to_json(story()) + "\n");
}

// A path of the catalogue that does not exist shows as itself, and a slot that nothing fills keeps its braces.
TEST_P(StoryOf, LeavesNoHoleInASentence) {
  const std::string all = laid_out(story());

  EXPECT_THAT(all, Not(HasSubstr("{")));
  for (const char* list :
       {": rows.", ": badge.", ": title.", ": advice.", ": footer.", ": changed.", ": chart.", ": links.", ": rising.",
        ": quotes.", ": subject.", ": lead.", ": since.", ": next.", ": late.", ": brief.", ": preheader.", ": state."})
    EXPECT_THAT(all, Not(HasSubstr(list)));
}

TEST_P(StoryOf, HasItsNecessaryParts) {
  const Story one = story();

  for (const std::string* part :
       {&one.title, &one.badge, &one.lead, &one.mark, &one.subject, &one.preheader, &one.brief})
    EXPECT_THAT(*part, Not(IsEmpty()));
  EXPECT_THAT(one.rows, Not(IsEmpty()));
  EXPECT_THAT(one.reference, StartsWith("ACME-"));
  EXPECT_THAT(one.subject, StartsWith("[Vigie][Acme]"));
  EXPECT_LE(count_code_points(one.title), 80u);
  EXPECT_LE(count_code_points(one.subject), 60u);
  EXPECT_LE(count_code_points(one.preheader), 90u);
  EXPECT_LE(gsm_length(one.brief), 130u);
}

INSTANTIATE_TEST_SUITE_P(EachPurposeAndLanguage, StoryOf,
                         testing::Combine(testing::Values("first", "worse", "reopened", "resolved", "over", "acked",
                                                          "escalate", "repeat", "test"),
                                          testing::Values("fr", "en")),
                         [](const auto& chosen) {
                           return std::get<0>(chosen.param) + "_" + std::get<1>(chosen.param);
                         });

TEST(Story, HasASubjectWhoseEndIsTheSameThroughoutTheIncident) {
  for (const std::string language : {"fr", "en"}) {
    std::set<std::string> ends;
    for (const std::string purpose :
         {"first", "worse", "reopened", "resolved", "over", "acked", "escalate", "repeat"}) {
      const std::string subject = told(document_of(purpose), language).subject;
      ends.insert(subject.substr(subject.rfind(']')));
    }
    EXPECT_EQ(ends.size(), 1u) << testing::PrintToString(ends);
  }
}

TEST(Story, PutsStateAndSizeInFrontOfTheSubject) {
  EXPECT_EQ(told(document_of("first")).subject, "[Vigie][Acme][×6] Messages négatifs – livraison");
  EXPECT_EQ(told(document_of("worse")).subject, "[Vigie][Acme][Aggravé ×9] Messages négatifs – livraison");
  EXPECT_EQ(told(document_of("resolved"), "en").subject, "[Vigie][Acme][Over] Negative posts – delivery");
}

TEST(Story, SaysUntilWhenSomebodyShouldTakeItAndWhoIsNext) {
  EXPECT_EQ(told(document_of("first")).next,
            "Prochaine étape\u00a0: prendre l’incident avant 19:25 (ensuite\u00a0: l’astreinte).");
  EXPECT_EQ(told(document_of("acked")).next, "");
  DocumentInput input = document_input();
  input.escalation = {};
  EXPECT_THAT(told(input, "en").next, StartsWith("Next: acknowledge the incident, so that"));
}

TEST(Story, OfAnEscalationSaysWhoDidNotAnswerAndWhichStepItIs) {
  const Story story = told(document_of("escalate"), "en");

  EXPECT_EQ(story.badge, "Escalated, step 1 · severity: high");
  EXPECT_EQ(story.changed, "Nobody took the incident in time. Told without an answer: the shop team, person-2.");
}

TEST(Story, OfAnIncidentThatIsGivenToItsReaderIsNoEscalation) {
  DocumentInput input = document_input("escalate");
  input.escalation = {2, "assigned", "client-0043", {}, {}, {}};
  input.people["client-0043"] = "Marie";
  const Story story = told(input);

  EXPECT_EQ(story.subject, "[Vigie][Acme][Confié ×6] Messages négatifs – livraison");
  EXPECT_EQ(told(input, "en").subject, "[Vigie][Acme][Assigned 6×] Negative posts – delivery");
  EXPECT_EQ(story.badge, "Confié à vous · gravité\u00a0: élevée");
  EXPECT_EQ(story.changed, "Marie vous a confié l’incident.");
  EXPECT_THAT(story.footer, testing::Contains(HasSubstr("vous a été confié")));
}

TEST(Story, OfAnIncidentThatIsGivenBackBeforeAnyStepIsNoEscalation) {
  DocumentInput input = document_input("escalate");
  input.escalation = {0, "unack", "", {}, {}, {}};

  EXPECT_EQ(told(input, "en").subject, "[Vigie][Acme][Returned 6×] Negative posts – delivery");
}

TEST(Story, SaysWhoClosedIt) {
  DocumentInput input = document_input("resolved");
  input.incident = *apply(input.incident, test::by_person(Event::Kind::resolve, "ana", "false_positive"), {}, at("2026-11-21T19:00:00Z")).incident;
  input.people["ana"] = "Ana";

  EXPECT_EQ(told(input).badge, "Clos par Ana");
  EXPECT_EQ(value(told(input), "Fin"), "par Ana, à 20:00\u00a0: fausse alerte");
  input.incident.resolved_by = "console";
  EXPECT_EQ(told(input, "en").badge, "Closed by someone at the console");
}

TEST(Story, NamesNoDeadlineThatIsPastWhenItIsRead) {
  Audience audience = reader("en");
  audience.late = minutes(14);
  EXPECT_THAT(told(make_document(document_input()), audience).next, HasSubstr("before 18:25"));

  audience.late = minutes(15);
  const Story late = told(make_document(document_input()), audience);
  EXPECT_THAT(late.next, Not(HasSubstr("18:25")));
  EXPECT_THAT(late.brief, Not(HasSubstr("18:25")));
}

TEST(Story, SaysHowFarTheCountHasComeSinceTheMessageBefore) {
  DocumentInput input = document_of("worse");
  input.told_observed = 212;

  EXPECT_THAT(told(input, "en").changed, testing::EndsWith("402 instead of 212 in the message before."));
  input.told_observed = 402;
  EXPECT_THAT(told(input, "en").changed, Not(HasSubstr("402")));
}

TEST(Story, OfSomethingOverBeforeAnyoneWasToldSaysFromWhenUntilWhen) {
  EXPECT_EQ(told(document_of("over"), "en").lead,
            "was up from 16:40 to 20:25 (London time), already over, at most 212 negative posts");
}

TEST(Story, OffersOnlyWhatStillApplies) {
  const auto kinds = [](const Story& story) {
    std::vector<std::string> out;
    for (const Story::Link& link : story.links) out.push_back(link.kind);
    return out;
  };

  EXPECT_THAT(kinds(told(document_of("first"))),
              ElementsAre("ack", "mute", "mute_until_morning", "false_alarm", "open", "wall", "why", "unsubscribe"));
  EXPECT_THAT(kinds(told(document_of("acked"))),
              ElementsAre("open", "mute", "mute_until_morning", "false_alarm", "wall", "why", "unsubscribe"));
  EXPECT_THAT(kinds(told(document_of("resolved"))), ElementsAre("open", "wall", "why", "unsubscribe"));
}

TEST(Story, MutesUntilThisMorningInTheSmallHours) {
  DocumentInput input = document_input();
  EXPECT_EQ(told(input).link("mute_until_morning")->label, "Muet jusqu’à demain 08:00");

  input.now = at("2026-11-22T02:00:00Z");
  EXPECT_EQ(told(input).link("mute_until_morning")->label, "Muet jusqu’à 08:00");
}

TEST(Story, SaysThatItIsLateAndWhy) {
  Audience audience = reader();
  audience.late = minutes(42);
  audience.late_because = "Slack";
  audience.repeated = true;

  EXPECT_EQ(told(make_document(document_input()), audience).late,
            "retardé de 42\u00a0min (Slack ne répondait pas) (renvoi)");
}

TEST(Story, SaysWhichSourcesAreSilentAndHowFreshItsDataIs) {
  DocumentInput input = document_input();
  input.incident.blind = true;
  input.fresh = at("2026-11-21T18:08:00Z");
  input.silent = {{"trustpilot", at("2026-11-21T15:50:00Z")}};

  const Story story = told(input);

  EXPECT_EQ(value(story, "Données"), "à jour à 19:08\u00a0; sources muettes\u00a0: Trustpilot depuis 16:50");
  EXPECT_EQ(story.since, "depuis 17:40 (heure de Paris), en hausse, des sources sont muettes");
}

TEST(Story, SaysHowFarItReachedAndWhetherAFewAccountsMakeIt) {
  DocumentInput input = document_input();
  input.incident.evidence.reach = 348500;

  EXPECT_EQ(value(told(input, "en"), "Estimated reach"), "348,500 followers in all, at least 61% from 2 accounts");
}

TEST(Story, RatesItsConfidenceByChanceAndAgreement) {
  DocumentInput input = document_input();
  EXPECT_EQ(value(told(input, "en"), "Confidence"),
            "high (a gap this wide comes up about once in 38 years; 3 sources agree)");

  input.incident.evidence.months_by_chance = 3;
  EXPECT_THAT(value(told(input, "en"), "Confidence"), StartsWith("limited"));
  input.incident.evidence.months_by_chance = 400;
  input.incident.evidence.sources = {{"mastodon", 212}};
  EXPECT_THAT(value(told(input, "en"), "Confidence"), StartsWith("medium"));
}

TEST(Story, CallsPeopleByTheirNames) {
  DocumentInput input = document_of("acked");
  input.people = {{"person-1", "Équipe e-commerce"}};

  EXPECT_EQ(told(input).badge, "Pris en charge par Équipe e-commerce");
}

TEST(Story, WithoutQuotesSendsItsReaderToThem) {
  Audience audience = reader();
  audience.quotes = false;

  const Story story = told(make_document(document_input()), audience);

  EXPECT_THAT(story.quotes, IsEmpty());
  EXPECT_FALSE(story.quotes_shown);
  EXPECT_THAT(laid_out(story), Not(HasSubstr("Commande passée")));
  EXPECT_EQ(story.advice.back(), "Lire les messages dans l’incident avant de répondre à l’un d’eux.");
}

TEST(Story, OfATestIsAboutNoIncident) {
  const Story story = told(make_test_document("on-call", true, at("2026-11-21T18:10:00Z")), reader("en"));

  EXPECT_EQ(story.title, "[TEST] Messages from vigie reach you here");
  EXPECT_EQ(story.subject, "[Vigie][TEST] on-call");
  EXPECT_EQ(story.incident, "");
  EXPECT_THAT(story.footer, ElementsAre(HasSubstr("once a week, “on-call”")));
}

TEST(Story, IsWithoutWhatAnOlderDocumentDidNotKnow) {
  std::string document = make_document(document_input());
  document = document.substr(0, document.find(",\"escalation\"")) + "}";

  const Story story = told(document, reader("en"));

  EXPECT_THAT(story.next, StartsWith("Next: acknowledge"));
  EXPECT_EQ(value(story, "Data"), "");
}

TEST(Story, IsRefusedForAPurposeLanguageOrZoneItDoesNotKnow) {
  const std::string document = make_document(document_input());
  const auto with = [](const std::string& language, const std::string& zone) {
    Audience audience;
    audience.language = language;
    audience.time_zone = zone;
    return audience;
  };

  EXPECT_EQ(tell(make_document(document_input("shrug")), with("en", "UTC")).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(tell("{}", with("en", "UTC")).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(tell(document, with("de", "UTC")).error().kind, ErrorKind::bad_config);
  EXPECT_EQ(tell(document, with("en", "Europe/Atlantis")).error().kind, ErrorKind::bad_config);
}

TEST(BriefStory, HasNoSignThatATextMessageLacks) {
  EXPECT_EQ(
      told(document_of("first")).brief,
      "Vigie Acme : messages négatifs x6 (livraison), 212 en 1 h 30, attendu 35, à prendre avant 19:25, puis "
      "l'astreinte");
  EXPECT_EQ(
      told(document_of("worse"), "en").brief,
      "Vigie (Worse) Acme: negative posts 9x usual (delivery), 402 in 2 h 25 min, expected 47, rising since 16:40");
}

TEST(BriefStory, SaysNoCountTwice) {
  DocumentInput input = document_input();
  input.incident.evidence.observed = 9;
  input.incident.evidence.expected = 2;

  EXPECT_THAT(told(input, "en").brief, StartsWith("Vigie Acme: 9 negative posts in 1 h 30 min (delivery), expected 2, take"));
}

TEST(BriefStory, OfAnEndSaysHowLongAndHowHighItWas) {
  EXPECT_EQ(told(document_of("resolved"), "en").brief,
            "Vigie (Over) Acme: negative posts back to usual (delivery), lasted 3 h 45 min, at most 212 negative posts, since 16:40");
}

TEST(BriefStory, KeepsItsLengthForAnyBrand) {
  for (const std::string& brand :
       {std::string(200, 'w'), std::string(200, '^'), std::string("€€€€ ") + std::string(90, '|')}) {
    DocumentInput input = document_input();
    input.brand_name = brand;

    EXPECT_LE(gsm_length(told(input).brief), 130u) << told(input).brief;
  }
}

TEST(Story, WritesRisingWordsAsMostPeopleDo) {
  DocumentInput input = document_input();
  input.incident.evidence.terms = {{"annulee", 9, 0}, {"colis jamais arrive", 8, 0}, {"unseen", 3, 0}};
  input.quotes[0].mention.text = "Commande annulée, « Colis jamais arrivé »…";
  input.quotes[1].mention.text = "Annulée elle aussi";
  input.quotes[2].mention.text = "commande annulee";

  const Story story = told(input);

  ASSERT_EQ(story.rising.size(), 3u);
  EXPECT_THAT(story.rising[0], HasSubstr("annulée"));
  EXPECT_THAT(story.rising[1], HasSubstr("colis jamais arrivé"));
  EXPECT_THAT(story.rising[2], HasSubstr("unseen"));
}

TEST(Story, NamesAndLinksTheIncidentThatItWasJoinedTo) {
  DocumentInput input = document_of("resolved");
  input.incident.resolve_reason = "merged";
  input.incident.resolved_by = "person-2";
  input.incident.merged_into = "7d20a1b2c3d4e5f6";

  const Story story = told(input, "en");

  EXPECT_THAT(value(story, "How it ended"), HasSubstr("joined to incident ACME-7D20"));
  EXPECT_THAT(story.link("open")->url, testing::EndsWith("/incidents/7d20a1b2c3d4e5f6"));
}

TEST(Story, SaysHowSureItIsAndHowFarItWent) {
  DocumentInput input = document_input();
  input.incident.evidence.reach = 480'000;

  EXPECT_EQ(told(input, "en").weight, "high confidence · reach ≈ 480,000, at least 44% from 2 accounts");
  EXPECT_EQ(told(document_of("resolved"), "en").weight, "");
}

TEST(Story, NamesSourcesAsPeopleDo) {
  EXPECT_EQ(source_name("avis-verifies"), "Avis verifies");
  EXPECT_EQ(source_name("mastodon"), "Mastodon");
  EXPECT_EQ(source_name("hackernews"), "Hacker News");
}

TEST(Story, CallsSourcesByTheirNames) {
  DocumentInput input = document_input();
  input.sources = {{"mastodon", "Le fédivers\nd’Acme"}, {"of-another-brand", "Elsewhere"}};

  const Story story = told(input, "en");

  EXPECT_THAT(story.quotes[0].by, HasSubstr(", Le fédivers d’Acme, "));
  EXPECT_THAT(story.rows, Contains(Field(&Story::Row::value, HasSubstr("Le fédivers d’Acme 71%"))));
  EXPECT_THAT(make_document(input), Not(HasSubstr("Elsewhere")));
}

}  // namespace
}  // namespace vigie
