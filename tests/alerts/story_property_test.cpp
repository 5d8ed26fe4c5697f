// What must hold of a message whatever brands are called and strangers write.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <functional>

#include "alerts/compose.h"
#include "alerts/telling.h"
#include "base/text.h"
#include "tests/alerts/often.h"
#include "tests/alerts/sample.h"
#include "tests/support/fake_http.h"

namespace vigie {
namespace {

constexpr std::string_view kMarkup = "<zz ";

// Of every kind of trouble: markup, header ends, control characters, marks that turn the direction, joined emoji,
// characters of four bytes and of none, ill-formed bytes, very long words.
rc::Gen<std::string> any_text() {
  const std::vector<std::string> troubles = {"<zz onload=x>",
                                             "</title>",
                                             "\"",
                                             "'",
                                             "&amp;",
                                             "\r\nBcc: all@example.org\r\n",
                                             "\n\n",
                                             std::string(1, '\0'),
                                             "\x01\x7f",
                                             "\u0085",
                                             "\u202e",
                                             "\u2066",
                                             "👩‍👩‍👧‍👦",
                                             "𝕬𝖈𝖒𝖊",
                                             "مرحبا",
                                             "日本語",
                                             "e\u0301",
                                             "=?UTF-8?Q?x?=",
                                             "{{title}}",
                                             "{n}",
                                             "\xff\xfe",
                                             "\xed\xa0\x80",
                                             "€€€€",
                                             "^{}[]~|",
                                             "\u00a0",
                                             "\u2028",
                                             " ",
                                             "a",
                                             "Acme",
                                             std::string(90, 'w'),
                                             "…",
                                             "-- \n"};
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(troubles)),
                      [](const std::vector<std::string>& parts) {
                        std::string text;
                        for (const std::string& part : parts) text += part;
                        return text;
                      });
}

DocumentInput any_input() {
  const auto purpose = *rc::gen::element<std::string>("first", "worse", "reopened", "resolved", "over", "acked",
                                                      "escalate", "repeat", "test");
  DocumentInput input = test::document_of(purpose);
  Signal& signal = input.incident.evidence;
  input.brand_name = *any_text();
  input.incident.acked_by = *any_text();
  input.incident.resolve_reason = *any_text();
  input.incident.themes = {*any_text()};
  signal.themes = {{*any_text(), 146, 12.2}};
  signal.terms = {{*any_text(), 74, 0}};
  signal.sources = {{*any_text(), 150}};
  signal.rule = *rc::gen::element<std::string>("budget", "keyword", "threshold", "silence", "each", "unanswered");
  signal.measure = signal.rule == "silence" ? "mentions" : signal.rule == "unanswered" ? "unanswered" : "negatives";
  signal.rule_name = *any_text();
  signal.observed = *rc::gen::element(0.0, 3.0, 212.0, 1e12);
  signal.expected = *rc::gen::element(0.0, 0.4, 35.4, 1e9);
  if (*rc::gen::inRange(0, 10) > 0) input.hourly_negatives.clear();  // a picture takes longer than all the rest
  for (StoredMention& quote : input.quotes) {
    quote.mention.text = *any_text();
    quote.mention.author.handle = *any_text();
    quote.mention.source = *any_text();
    quote.mention.url = concat("https://social.example/", *any_text());
  }
  input.escalation.told = {*any_text()};
  input.escalation.next_who = *any_text();
  input.assignee = *any_text();
  input.silent = {{*any_text(), input.now}};
  return input;
}

Audience any_reader() {
  Audience audience;
  audience.language = *rc::gen::element<std::string>("fr", "en");
  audience.time_zone = "Asia/Kathmandu";
  audience.quotes = *rc::gen::arbitrary<bool>();
  audience.late = minutes(42);
  audience.late_because = *any_text();
  audience.actions = {{"ack", "https://avis.example.org/a/1"},
                      {"unsubscribe", concat("https://avis.example.org/", *any_text())}};
  return audience;
}

bool is_one_clean_line(const std::string& text) {
  return is_valid_utf8(text) && plain_line(text).size() <= text.size() &&
         text.find_first_of("\r\n\t") == std::string::npos && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

void keeps_its_limits(const Story& story) {
  RC_ASSERT(count_code_points(story.title) <= 80u);
  RC_ASSERT(count_code_points(story.subject) <= 60u);
  RC_ASSERT(count_code_points(story.preheader) <= 90u);
  RC_ASSERT(gsm_length(story.brief) <= 130u);
  for (const std::string* line : {&story.title, &story.subject, &story.preheader, &story.brief, &story.lead,
                                  &story.since, &story.changed, &story.late, &story.next, &story.badge,
                                  &story.brand_name})
    RC_ASSERT(is_one_clean_line(*line));
  for (const Story::Quote& quote : story.quotes) {
    RC_ASSERT(is_one_clean_line(quote.text));
    RC_ASSERT(count_code_points(quote.text) <= 150u);
  }
}

void holds_for_any_story(const std::function<void(const Story&)>& property) {
  test::holds_often(
      [&] {
        const auto story = tell(make_document(any_input()), any_reader());
        RC_ASSERT(story.has_value());
        test::showing([&] { property(*story); }, [&] { return to_json(*story); });
      },
      {.shrink = false});
}

TEST(AnyStory, KeepsItsLimits) { holds_for_any_story(keeps_its_limits); }

// Names of the headers of a mail: what stands before the first empty line.
std::vector<std::string> header_names(std::string_view mail) {
  std::vector<std::string> names;
  for (const std::string_view line : split(mail.substr(0, mail.find("\r\n\r\n")), '\n')) {
    if (!line.starts_with(" ")) names.emplace_back(line.substr(0, line.find(':')));
  }
  return names;
}

void has_our_headers_and_nobodys_markup(const Story& story) {
  test::FakeHttp http([](const HttpRequest&) { return test::reply(500, ""); });
  const ManualClock clock{test::at("2026-11-21T18:10:30Z")};
  static const Notification owed = test::notification();
  static const EndpointSettings to = test::endpoint("email");

  const auto mail =
      compose_mail(story, {owed, to, *any_text(), *any_text()}, {http, clock, {}, "https://avis.example.org"});

  const auto page = mail_page(story);
  RC_ASSERT(mail.has_value() && page.has_value());
  const std::vector<std::string> ours = {"Date",
                                         "From",
                                         "To",
                                         "Subject",
                                         "Message-ID",
                                         "In-Reply-To",
                                         "References",
                                         "List-Unsubscribe",
                                         "List-Unsubscribe-Post",
                                         "Auto-Submitted",
                                         "X-Auto-Response-Suppress",
                                         "List-Id",
                                         "X-Vigie-Notification",
                                         "X-Vigie-Purpose",
                                         "X-Vigie-Incident",
                                         "X-Vigie-Brand",
                                         "MIME-Version",
                                         "Content-Type"};
  for (const std::string& name : header_names(mail->bytes))
    RC_ASSERT(std::find(ours.begin(), ours.end(), name) != ours.end());
  for (const std::string_view line : split(mail->bytes, '\n')) RC_ASSERT(line.size() < 998u);
  RC_ASSERT(page->find(kMarkup) == std::string::npos);
  RC_ASSERT(page->find("</title>", page->find("</head>")) == std::string::npos);
  RC_ASSERT(page->size() < (90u << 10));
}

TEST(AnyMail, HasOurHeadersAndNobodysMarkup) { holds_for_any_story(has_our_headers_and_nobodys_markup); }

}  // namespace
}  // namespace vigie
