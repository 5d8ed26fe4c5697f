#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "alerts/mail_text.h"
#include "alerts/message.h"
#include "base/text.h"
#include "tests/alerts/golden.h"
#include "tests/alerts/sample.h"
#include "tests/alerts/servers.h"
#include "tests/alerts/story_sample.h"
#include "tests/support/files.h"

namespace vigie {
namespace {

using test::document_input, test::document_of, test::ReadMail, test::rising;
using test::expect_golden;
using testing::HasSubstr, testing::Not;

ReadMail rendered(const DocumentInput& input, const std::string& language = "en") {
  auto mail = test::read_mail(make_document(input), language);
  EXPECT_TRUE(mail) << mail.error().what;
  return mail ? *std::move(mail) : ReadMail{};
}

class MailOf : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(MailOf, ReadsAsRecorded) {
  const auto& [purpose, language] = GetParam();

  const ReadMail mail = rendered(document_of(purpose), language);

  expect_golden(purpose + "." + language + ".txt", "Subject: " + mail.subject + "\n\n" + mail.text);
  expect_golden(purpose + "." + language + ".html", mail.html);
}

// A path of the catalogue that does not exist shows as itself, and a slot that nothing fills keeps its braces.
TEST_P(MailOf, LeavesNoHoleInASentence) {
  const auto& [purpose, language] = GetParam();

  const ReadMail mail = rendered(document_of(purpose), language);

  for (const std::string& part : {mail.subject, mail.text}) {
    EXPECT_THAT(part, Not(HasSubstr("{")));
    for (const char* list : {"rows.", "badge.", "title.", "advice.", "footer.", "changed.", "chart.", "rising.",
                             "quotes.", "links.", "subject."}) {
      EXPECT_THAT(part, Not(HasSubstr(list)));
    }
  }
}

TEST_P(MailOf, KeepsWithinWhatAPhoneAndAMailProgramShow) {
  const auto& [purpose, language] = GetParam();

  const ReadMail mail = rendered(document_of(purpose), language);

  EXPECT_LE(count_code_points(mail.subject), 60u);
  EXPECT_LT(mail.html.size(), 90u << 10);
  EXPECT_THAT(mail.html, Not(HasSubstr("<script")));
  for (const std::string_view line : split(mail.text, '\n')) EXPECT_LE(count_code_points(line), 120u) << line;
}

INSTANTIATE_TEST_SUITE_P(EachPurposeAndLanguage, MailOf,
                         testing::Combine(testing::Values("first", "worse", "reopened", "resolved", "over", "acked",
                                                          "escalate", "repeat", "test"),
                                          testing::Values("fr", "en")),
                         [](const auto& chosen) {
                           return std::get<0>(chosen.param) + "_" + std::get<1>(chosen.param);
                         });

class MailOfADigest : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(MailOfADigest, ReadsAsRecorded) {
  const auto& [purpose, language] = GetParam();
  const Story story = test::sample_story(purpose, language);

  const auto mail = render_mail(story, "");

  ASSERT_TRUE(mail) << mail.error().what;
  expect_golden(purpose + "." + language + ".txt", "Subject: " + story.subject + "\n\n" + mail->text);
  expect_golden(purpose + "." + language + ".html", mail->html);
  EXPECT_THAT(mail->text, Not(HasSubstr("{")));
  EXPECT_THAT(mail->text, Not(HasSubstr("digest.")));
}

INSTANTIATE_TEST_SUITE_P(EachPurposeAndLanguage, MailOfADigest,
                         testing::Combine(testing::Values("digest", "budget"), testing::Values("fr", "en")),
                         [](const auto& chosen) {
                           return std::get<0>(chosen.param) + "_" + std::get<1>(chosen.param);
                         });

TEST(Mail, ReadsWellOnAPhoneAndOnADeskInEitherScheme) {
  if (!std::filesystem::exists("/usr/bin/chromium")) GTEST_SKIP() << "chromium is not installed";
  VIGIE_NODE_OR_SKIP();
  std::vector<std::string> command = {"node", test::source_path("tests/node/look_at_mails.mjs").string()};
  for (const char* name : {"first.fr", "worse.en"})
    command.push_back(test::source_path(concat("tests/alerts/data/", name, ".html")).string());

  const auto looked = test::run(command);

  EXPECT_EQ(looked.status, 0) << looked.out << looked.err;
}

TEST(Mail, WritesNumbersAndTimesAsFrenchReadersDo) {
  DocumentInput input = document_input();
  input.incident.evidence.observed = 1234;
  input.incident.evidence.total = 2000;
  input.incident.evidence.usual_share = 0.061;

  const ReadMail mail = rendered(input, "fr");

  EXPECT_THAT(mail.text, HasSubstr("1\u202f234 messages"));
  EXPECT_THAT(mail.text, HasSubstr("6,1\u00a0%"));
  EXPECT_THAT(mail.text, HasSubstr("samedi 21 novembre 2026"));
  EXPECT_THAT(mail.text, HasSubstr("17:40"));
  EXPECT_THAT(mail.text, HasSubstr("heure de Paris"));
  EXPECT_THAT(mail.text, HasSubstr("«\u202fcolis jamais arrivé\u202f»"));
}

TEST(Mail, WritesNumbersAndTimesAsEnglishReadersDo) {
  DocumentInput input = document_input();
  input.incident.evidence.observed = 1234;
  input.incident.evidence.total = 2000;
  input.incident.evidence.usual_share = 0.061;

  const ReadMail mail = rendered(input, "en");

  EXPECT_THAT(mail.text, HasSubstr("1,234 negative posts"));
  EXPECT_THAT(mail.text, HasSubstr("6.1%"));
  EXPECT_THAT(mail.text, HasSubstr("Saturday 21 November 2026, 16:40 (London time)"));
}

TEST(Mail, GivesAbsoluteNumbersWhereLittleIsExpected) {
  DocumentInput input = document_input();
  input.incident.evidence.observed = 9;
  input.incident.evidence.expected = 0.7;

  const ReadMail mail = rendered(input, "en");

  EXPECT_EQ(mail.subject, "[Vigie][Acme][9 in 1 h 30 min] Negative posts – delivery");
  EXPECT_THAT(mail.text, HasSubstr("expected less than 1"));
}

TEST(Mail, CutsALongSubjectFromItsEnd) {
  DocumentInput input = document_input();
  for (const std::string& brand : {std::string("Compagnie générale des eaux minérales"), std::string(300, 'w'),
                                   std::string("Société Anonyme ") + std::string(60, 'x')}) {
    input.brand_name = brand;

    const ReadMail mail = rendered(input, "fr");

    EXPECT_LE(count_code_points(mail.subject), 60u) << mail.subject;
    EXPECT_THAT(mail.subject, HasSubstr("[×6] Messages négatifs"));
  }
}

TEST(Mail, ShowsHostileTextAsText) {
  DocumentInput input = document_input();
  input.brand_name = "<b>Acme</b>\r\nBcc: x@example.org";
  input.quotes[0].mention.text = "<script>alert(1)</script> {observed} {{title}}";
  input.quotes[0].mention.author.handle = "\"><img src=x>";
  input.quotes[0].mention.url = "https://social.example/\"onmouseover=\"x";
  input.incident.evidence.terms = {{"<i>", 5, 0}};

  const ReadMail mail = rendered(input, "fr");

  EXPECT_THAT(mail.html, Not(HasSubstr("<script>")));
  EXPECT_THAT(mail.html, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(mail.html, Not(HasSubstr("<b>Acme")));
  EXPECT_THAT(mail.html, Not(HasSubstr("\"onmouseover")));
  EXPECT_THAT(mail.html, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(mail.text, HasSubstr("<script>alert(1)</script> {observed} {{title}}"))
      << "plain text is shown as it was written";
  EXPECT_THAT(mail.subject, Not(HasSubstr("\n")));
}

TEST(Mail, NeverBeginsWithAQuote) {
  const ReadMail mail = rendered(document_input(), "fr");

  EXPECT_LT(mail.text.find("attendu"), mail.text.find("Commande passée"));
}

TEST(Mail, AsksForTheNextStepBeforeAnythingElseIsRead) {
  const ReadMail mail = rendered(document_input(), "fr");

  EXPECT_LT(mail.text.find("prendre l’incident avant 19:25"), mail.text.find("Depuis"));
  EXPECT_LT(mail.html.find("prendre l’incident avant 19:25"), mail.html.find("Depuis"));
}

TEST(Mail, RepeatsTheNumbersOfItsPictureInWords) {
  const ReadMail mail = rendered(document_input(), "en");

  EXPECT_THAT(mail.html, HasSubstr("alt=\"Negative posts per hour, last 24 hours, highest hour: 118; last hour: 118; "
                                   "expected: 24 an hour\""));
}

TEST(Mail, OfAStoryOfFewPartsLeavesTheOthersOut) {
  Story story;
  story.language = "en";
  story.title = "Yesterday: 3 incidents";
  story.lead = "From Friday 08:30 to Saturday 08:30";
  story.rows = {{"ACME-1F3A", "negative posts 6× usual"}};
  story.rising_title = "What is rising";
  story.rising = {"“parcel” 74 (new)"};
  story.advice = {"Nothing is urgent."};

  const auto mail = render_mail(story, "");

  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->text,
            "Yesterday: 3 incidents\nFrom Friday 08:30 to Saturday 08:30\n\n"
            "ACME-1F3A           negative posts 6× usual\n\n"
            "What is rising\n  - “parcel” 74 (new)\n\n  - Nothing is urgent.\n\n\n-- \n");
  for (const char* absent : {"<img", "></h2>", "href"}) EXPECT_THAT(mail->html, Not(HasSubstr(absent)));
}

TEST(Mail, SaysWhenSourcesAreSilent) {
  DocumentInput input = document_input();
  input.incident.blind = true;

  EXPECT_THAT(rendered(input, "en").text, HasSubstr("some sources are silent"));
}

TEST(Headline, SaysBrandSizeAndSubject) {
  EXPECT_EQ(headline(rising(), "Acme", "en"), "Acme: negative posts 6× usual (delivery)");
  EXPECT_EQ(headline(rising(), "Acme", "fr"), "Acme\u00a0: messages négatifs ×6 (livraison)");
}

TEST(ReasonLine, SaysObservedAndExpected) {
  EXPECT_EQ(reason_line(rising(), "en"), "212 in 1 h 30 min, expected 35 (20 to 55)");
  EXPECT_EQ(reason_line(rising(), "fr"), "212 en 1\u00a0h\u00a030, attendu 35 (entre 20 et 55)");
}

TEST(Sparkline, FillsTheHighestAndFlattensNothing) {
  EXPECT_EQ(sparkline({0, 7, 3.5, 1}), "▁█▅▂");
  EXPECT_EQ(sparkline({0, 0}), "▁▁");
  EXPECT_EQ(sparkline({}), "");
}

TEST(WrappedText, BreaksAtSpacesAndIndentsWhatFollows) {
  const std::string text(40, 'a');

  EXPECT_EQ(wrapped("- ", text + " " + text), "- " + text + "\n  " + text);
  EXPECT_EQ(wrapped("- ", text + "\u00a0" + text), "- " + text + "\u00a0" + text) << "a no-break space does not break";
}

}  // namespace
}  // namespace vigie
