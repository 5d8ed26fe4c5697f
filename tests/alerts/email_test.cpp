#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/links.h"
#include "alerts/message.h"
#include "alerts/smtp.h"
#include "tests/alerts/sample.h"
#include "tests/alerts/servers.h"
#include "tests/alerts/story_sample.h"
#include "tests/support/fake_http.h"

namespace vigie {
namespace {

using test::notification, test::SmtpServer, test::TempDir;
using testing::ElementsAre, testing::HasSubstr, testing::Not;

class Email : public testing::Test {
 protected:
  Result<Sent> send(const Notification& owed, const EndpointSettings& to) {
    return test::deliver(**make_notifier("email", {http_, clock_, mail_, "https://avis.example.org"}), owed, to);
  }
  void use(const SmtpServer& server) { mail_.port = server.port; }

  // The mail numbered n, as Python's email package reads it.
  json::Document received(int n) {
    const auto reading = test::run({test::kPython, test::source_path("tests/alerts/read_mail.py").string(),
                                    inbox_.file(std::to_string(n) + ".eml")});
    EXPECT_EQ(reading.status, 0) << reading.err;
    auto parsed = json::parse(reading.out);
    EXPECT_TRUE(parsed);
    return parsed ? *std::move(parsed) : json::Document();
  }

  TempDir inbox_;
  test::FakeHttp http_{[](const HttpRequest&) { return test::reply(500, ""); }};
  ManualClock clock_{test::at("2026-11-21T18:10:30Z")};
  MailSettings mail_ = {"127.0.0.1", 0, "none", "", "", "Vigie <vigie@example.org>"};
};

// The page with the picture that its mail holds: "<chart-1@host>" is named "cid:chart-1@host".
std::string with_cid(std::string html, const std::string& id) {
  const std::size_t at = html.find("cid:chart\"");
  return html.replace(at, 9, concat("cid:", id.substr(1, id.size() - 2)));
}

class EmailIn : public Email, public testing::WithParamInterface<std::string> {};

TEST_P(EmailIn, ArrivesAsItWasRendered) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_);
  use(server);
  const Notification owed = notification();
  const EndpointSettings to = test::endpoint("email", GetParam());

  const auto sent = send(owed, to);

  ASSERT_TRUE(sent) << sent.error().what;
  const json::Document mail = received(1);
  const test::ReadMail rendered = *test::read_mail(owed.document, to.language);
  EXPECT_EQ(mail.root().text_or("text", ""), rendered.text);
  EXPECT_EQ(mail.root().text_or("html", ""), with_cid(rendered.html, mail.root().text_or("images.0.id", "")));
  EXPECT_EQ(mail.root().text_or("headers.subject", ""), rendered.subject);
  EXPECT_EQ(mail.root().at("defects").size(), 0u);
}

INSTANTIATE_TEST_SUITE_P(EachLanguage, EmailIn, testing::Values("fr", "en"),
                         [](const auto& chosen) { return chosen.param; });

TEST_F(Email, CarriesTheHeadersThatClientsThreadAndFilterBy) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_);
  use(server);
  const Notification owed = notification();

  const auto sent = send(owed, test::endpoint("email"));

  ASSERT_TRUE(sent) << sent.error().what;
  const json::Document mail = received(1);
  const json::Value headers = mail.root().at("headers");
  const std::string root = "<inc-" + owed.subject_id + "@avis.example.org>";
  EXPECT_EQ(sent->remote_id, "<n-" + owed.id + "@avis.example.org>");
  EXPECT_EQ(headers.find("message-id").raw(), sent->remote_id);
  EXPECT_EQ(headers.find("in-reply-to").raw(), root);
  EXPECT_EQ(headers.find("references").raw(), root);
  EXPECT_EQ(headers.find("date").raw(), "Sat, 21 Nov 2026 18:10:30 +0000");
  EXPECT_EQ(headers.find("auto-submitted").raw(), "auto-generated");
  EXPECT_EQ(headers.find("list-id").raw(), "<acme.alerts.avis.example.org>");
  EXPECT_EQ(headers.find("x-vigie-incident").raw(), owed.subject_id);
  EXPECT_EQ(headers.find("x-vigie-notification").raw(), owed.id);
  EXPECT_EQ(mail.root().text_or("from", ""), "vigie@example.org");
  EXPECT_EQ(mail.root().text_or("to.0", ""), "on-call@example.org");
  EXPECT_EQ(mail.root().text_or("type", ""), "multipart/alternative");
}

TEST_F(Email, IsAnsweredToWhomItsEndpointNames) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_);
  use(server);
  EndpointSettings to = test::endpoint("email");
  to.from = "care@example.org";

  ASSERT_TRUE(send(notification(), to));

  const json::Document mail = received(1);
  EXPECT_EQ(mail.root().at("headers").find("reply-to").raw(), "care@example.org");
  EXPECT_EQ(mail.root().text_or("from", ""), "vigie@example.org");
}

TEST_F(Email, ShowsItsPictureFromWithin) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_);
  use(server);

  ASSERT_TRUE(send(notification(), test::endpoint("email")));

  const json::Document mail = received(1);
  const json::Value image = mail.root().at("images.0");
  EXPECT_EQ(mail.root().text_or("parts.1", ""), "multipart/related");
  EXPECT_EQ(mail.root().at("images").size(), 1u);
  EXPECT_EQ(image.text_or("type", ""), "image/png");
  EXPECT_EQ(image.text_or("disposition", ""), "inline");
  // The signature of a PNG, and 600 x 160 in its first chunk.
  EXPECT_EQ(image.text_or("starts", ""), "89504e470d0a1a0a0000000d4948445200000258000000a0");
  EXPECT_LT(image.integer_or("size", 0), 40 << 10);
}

TEST_F(Email, WithoutAChartHasNoPicture) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_);
  use(server);
  DocumentInput input = test::document_input();
  input.hourly_negatives.clear();
  Notification owed = notification();
  owed.document = make_document(input);

  ASSERT_TRUE(send(owed, test::endpoint("email")));

  const json::Document mail = received(1);
  EXPECT_EQ(mail.root().text_or("parts.1", ""), "text/html");
  EXPECT_THAT(mail.root().text_or("html", ""), Not(HasSubstr("<img")));
}

TEST_F(Email, NamesTheMailsBeforeItAndTheWayOutOfTheList) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_);
  use(server);
  const Notification owed = notification("worse");
  const EndpointSettings to = test::endpoint("email");
  Audience audience{"fr", "Europe/Paris", true, {{"unsubscribe", "https://avis.example.org/u/token"}}, {}, "", false};
  const auto email = *make_notifier("email", {http_, clock_, mail_, "https://avis.example.org"});
  const Outgoing out{owed, to, "<n-1@avis.example.org>", "<n-2@avis.example.org>"};

  ASSERT_TRUE(email->send(*email->render(*tell(owed.document, audience), out), out));

  const json::Document mail = received(1);
  const json::Value headers = mail.root().at("headers");
  EXPECT_EQ(headers.find("in-reply-to").raw(), "<n-2@avis.example.org>");
  EXPECT_EQ(headers.find("references").raw(),
            "<inc-" + owed.subject_id + "@avis.example.org> <n-1@avis.example.org> <n-2@avis.example.org>");
  EXPECT_EQ(headers.find("list-unsubscribe").raw(), "<https://avis.example.org/u/token>");
  EXPECT_EQ(headers.find("list-unsubscribe-post").raw(), "List-Unsubscribe=One-Click");
}

// One click ends the digests of that mailbox; the word that a budget is spent ends with its day.
TEST_F(Email, OfADigestNamesTheWayOutOfDigests) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_);
  use(server);
  const auto email = *make_notifier("email", {http_, clock_, mail_, "https://avis.example.org"});
  const EndpointSettings to = test::endpoint("email");
  const Notification owed = notification();
  for (const std::string purpose : {"digest", "budget"}) {
    const Outgoing out{owed, to, "", ""};
    ASSERT_TRUE(email->send(*email->render(test::sample_story(purpose), out), out));
  }

  const json::Document digest = received(1), budget = received(2);
  const json::Value headers = digest.root().at("headers");
  const std::string way_out(headers.find("list-unsubscribe").raw());
  ASSERT_TRUE(way_out.starts_with("<https://avis.example.org/u/") && way_out.ends_with(">")) << way_out;
  const std::string token = way_out.substr(way_out.rfind('/') + 1, way_out.size() - way_out.rfind('/') - 2);
  const auto link = test::sample_links().read(token, clock_.now());
  ASSERT_TRUE(link) << link.error().what;
  EXPECT_EQ(link->action, "unsubscribe");
  EXPECT_EQ(link->subject, kDigests);
  EXPECT_EQ(link->endpoint, "on-call");
  EXPECT_EQ(headers.find("list-unsubscribe-post").raw(), "List-Unsubscribe=One-Click");
  EXPECT_EQ(headers.find("list-id").raw(), "<alerts.avis.example.org>");
  EXPECT_FALSE(headers.find("in-reply-to")) << "it belongs to no incident";
  EXPECT_FALSE(budget.root().at("headers").find("list-unsubscribe"));
}

TEST_F(Email, HasTheSameMessageIdOnEveryTry) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_);
  use(server);

  const auto first = send(notification(), test::endpoint("email"));
  clock_.advance(minutes(5));
  const auto second = send(notification(), test::endpoint("email"));

  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->remote_id, second->remote_id);
  EXPECT_EQ(received(1).root().text_or("headers.message-id", "1"),
            received(2).root().text_or("headers.message-id", "2"));
}

TEST_F(Email, GoesToItsRecipientAlone) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_);
  use(server);

  ASSERT_TRUE(send(notification(), test::endpoint("email")));

  const auto envelope = json::parse(test::read_bytes(inbox_.file("1.json")));
  EXPECT_EQ(envelope->root().at("to").size(), 1u);
  EXPECT_EQ(envelope->root().text_or("to.0", ""), "on-call@example.org");
  EXPECT_EQ(envelope->root().text_or("from", ""), "vigie@example.org");
}

TEST_F(Email, KeepsABrandThatTriesToAddAHeaderInItsPlace) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_);
  use(server);
  DocumentInput input = test::document_input();
  input.brand_name = "Acme\r\nBcc: all@example.org\r\n\r\nbody";
  Notification owed = notification();
  owed.document = make_document(input);

  ASSERT_TRUE(send(owed, test::endpoint("email")));

  const json::Document mail = received(1);
  EXPECT_FALSE(mail.root().at("headers").find("bcc"));
  EXPECT_EQ(mail.root().at("parts").size(), 2u);
}

TEST_F(Email, SendsNothingToAnAddressThatIsNotOne) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_);
  use(server);
  EndpointSettings to = test::endpoint("email");
  to.to = "a@example.org>\r\nRCPT TO:<b@example.org";

  const auto sent = send(notification(), to);

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::bad_data);
  EXPECT_FALSE(std::filesystem::exists(inbox_.file("1.eml")));
}

TEST_F(Email, LeavesALineThatIsADotInPlace) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_);
  DocumentInput input = test::document_input();
  input.quotes[0].mention.text = ". .. .\n.\nfin";
  Notification owed = notification();
  owed.document = make_document(input);
  use(server);

  ASSERT_TRUE(send(owed, test::endpoint("email")));

  EXPECT_THAT(received(1).root().text_or("text", ""), HasSubstr(". .. . . fin"));
}

TEST_F(Email, InClearTextGoesToThisMachineOnly) {
  mail_.host = "mail.example.org";

  const auto sent = send(notification(), test::endpoint("email"));

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::bad_config);
}

TEST_F(Email, IsNotSentWithoutTlsWhereTlsIsAsked) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_);  // offers no STARTTLS
  use(server);
  mail_.tls = "starttls";

  const auto sent = send(notification(), test::endpoint("email"));

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::denied);
  EXPECT_THAT(sent.error().what, HasSubstr("check mail.tls"));
}

TEST_F(Email, SaysWithWhatWordsAReaderWasRefused) {
  VIGIE_SMTP_OR_SKIP();
  const SmtpServer server(inbox_, {"--refuse", "rcpt:550"});
  use(server);

  const auto sent = send(notification(), test::endpoint("email"));

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::bad_data);
  EXPECT_THAT(sent.error().what, HasSubstr("refused with 550"));
  EXPECT_THAT(sent.error().what, Not(HasSubstr("Bye")));
}

TEST(SmtpReply, TellsWhetherToComeBack) {
  EXPECT_EQ(refused_by_smtp(421, "").kind, ErrorKind::transient);
  EXPECT_EQ(refused_by_smtp(451, "").retry_in, minutes(5));
  EXPECT_EQ(refused_by_smtp(530, "").kind, ErrorKind::denied);
  EXPECT_EQ(refused_by_smtp(535, "").kind, ErrorKind::denied);
  EXPECT_EQ(refused_by_smtp(550, "").kind, ErrorKind::bad_data);
  EXPECT_EQ(refused_by_smtp(552, "").kind, ErrorKind::bad_data);
}

}  // namespace
}  // namespace vigie
