#include "collectors/mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/secret.h"
#include "base/text.h"
#include "collectors/mail_header.h"

namespace vigie {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Time kNow = *parse_rfc3339("2026-11-21T12:00:00Z");

ReceivedMail mail_of(std::string_view bytes) {
  Result<ReceivedMail> mail = read_mail(bytes);
  EXPECT_TRUE(mail) << mail.error().what;
  return mail ? *mail : ReceivedMail{};
}

std::string subject_of(std::string_view value) { return mail_of(concat("Subject: ", value, "\n\nx")).subject; }

TEST(Mail, IsAMentionByItsMessageId) {
  const std::string bytes =
      "Message-ID: <one@shop.example>\r\nFrom: \"Jane\" <client-0042@mail.example>\r\nSubject: Lost parcel\r\n"
      "Date: Sat, 21 Nov 2026 11:00:00 +0100\r\nIn-Reply-To: <zero@shop.example>\r\n"
      "References: <root@shop.example>\r\n <zero@shop.example>\r\nContent-Language: en\r\n\r\nWhere is it?\r\n";

  const Result<Mention> m = mention_from_mail(mail_of(bytes), "inbox", kNow);

  ASSERT_TRUE(m);
  EXPECT_EQ(m->id, "one@shop.example");
  EXPECT_EQ(m->source, "inbox");
  EXPECT_EQ(m->author.name, "Jane");
  EXPECT_EQ(m->author.id, "client-0042@mail.example");
  EXPECT_EQ(m->title, "Lost parcel");
  EXPECT_EQ(m->text, "Where is it?");
  EXPECT_EQ(m->created, *parse_rfc3339("2026-11-21T10:00:00Z"));
  EXPECT_EQ(m->parent, "zero@shop.example");
  EXPECT_EQ(m->thread, "root@shop.example");
  EXPECT_EQ(m->lang, "en");
}

TEST(Mail, WithoutAnIdIsKnownByWhatItSays) {
  const ReceivedMail first = mail_of("From: a@b.example\nSubject: s\n\nbody");
  const ReceivedMail other = mail_of("From: a@b.example\nSubject: s\n\nother body");

  const std::string id = mention_from_mail(first, "inbox", kNow)->id;

  EXPECT_THAT(id, StartsWith("sha256:"));
  EXPECT_EQ(mention_from_mail(first, "inbox", kNow)->id, id);
  EXPECT_NE(mention_from_mail(other, "inbox", kNow)->id, id);
}

TEST(Mail, LeavesOutADateThatLiesAhead) {
  const ReceivedMail mail = mail_of("Subject: s\nDate: Sat, 21 Nov 2037 11:00:00 +0000\n\nx");

  EXPECT_FALSE(mention_from_mail(mail, "inbox", kNow)->created);
}

TEST(Mail, WithNothingToReadIsRefused) {
  EXPECT_FALSE(mention_from_mail(mail_of("From: a@b.example\n\n \n"), "inbox", kNow));
  EXPECT_FALSE(read_mail(""));
  EXPECT_FALSE(read_mail("no header here"));
}

TEST(MailSubject, IsDecodedHoweverItWasEncoded) {
  EXPECT_EQ(subject_of("plain"), "plain");
  EXPECT_EQ(subject_of("=?UTF-8?Q?caf=C3=A9_cr=C3=A8me?="), "café crème");
  EXPECT_EQ(subject_of("=?iso-8859-1?q?caf=E9?= !"), "café !");
  EXPECT_EQ(subject_of("=?utf-8*fr?B?Y2Fmw6k=?="), "café");
  EXPECT_EQ(subject_of("=?UTF-8?B?Y2Fm?=\n =?UTF-8?B?w6k=?="), "café");
  EXPECT_EQ(subject_of("caf\xC3\xA9"), "café");
  EXPECT_EQ(subject_of("caf\xE9 \x80 5"), "café € 5");
}

TEST(MailSubject, JoinsWordsThatCutACharacter) {
  EXPECT_EQ(subject_of("=?UTF-8?Q?caf=C3?=\r\n =?UTF-8?Q?=A9?="), "café");
}

TEST(MailSubject, KeepsWhatIsNoEncodedWord) {
  EXPECT_EQ(subject_of("=?UTF-8?X?abc?= 1 =? 2"), "=?UTF-8?X?abc?= 1 =? 2");
  EXPECT_EQ(subject_of("=?nowhere-1?Q?abc?="), "abc");
}

TEST(MailAddress, IsFoundInEveryFormPeopleWrite) {
  const auto read = [](std::string_view from) {
    const ReceivedMail mail = mail_of(concat("From: ", from, "\n\nx"));
    return concat(mail.from_name, "|", mail.from);
  };

  EXPECT_EQ(read("client-0042@mail.example"), "|client-0042@mail.example");
  EXPECT_EQ(read("\"Doe, Jane \\\"J\\\"\" <a@b.example>, c@d.example"), "Doe, Jane \"J\"|a@b.example");
  EXPECT_EQ(read("a@b.example (Jane)"), "Jane|a@b.example");
  EXPECT_EQ(read("=?UTF-8?Q?Zo=C3=A9?= <a@b.example>"), "Zoé|a@b.example");
  EXPECT_EQ(read("\"=?UTF-8?Q?Zo=C3=A9?=\" <a@b.example>"), "Zoé|a@b.example");
  EXPECT_EQ(read("undisclosed"), "undisclosed|");
}

TEST(MailBody, PrefersThePlainAlternative) {
  const std::string bytes =
      "Subject: s\nContent-Type: multipart/alternative; boundary=\"b 1\"\n\npreamble\n--b 1\nContent-Type: "
      "text/plain\n\n"
      "plain words\n--b 1\nContent-Type: text/html\n\n<p>html words</p>\n--b 1--\nepilogue\n";

  EXPECT_EQ(mail_of(bytes).text, "plain words");
}

TEST(MailBody, ReadsHtmlWhenThereIsNothingElse) {
  const std::string bytes =
      "Subject: s\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
      "<style>p{}</style><p>Tr=E8s d=E9=\n=E7u</p><script>x</script>";

  EXPECT_EQ(mail_of(bytes).text, "Très déçu");
}

TEST(MailBody, LeavesAttachmentsOutAndJoinsTheRest) {
  const std::string bytes =
      "Subject: s\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; "
      "boundary=oi\n\n"
      "--oi\n\ninner\n--oi--\n--o\nContent-Type: text/plain\nContent-Disposition: attachment; "
      "filename=a.txt\n\nsecret\n"
      "--o\nContent-Type: image/png\n\nPNG\n--o\nContent-Type: text/plain; charset=utf-8\n"
      "Content-Transfer-Encoding: base64\n\nw6k=\n--o--";

  EXPECT_EQ(mail_of(bytes).text, "inner\n\n\né");
}

TEST(MailBody, IsReadAsFarAsACutOffMailGoes) {
  const std::string bytes =
      "Subject: s\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nfirst\n--o\n\nsecond, and then";

  EXPECT_THAT(mail_of(bytes).text, HasSubstr("second, and then"));
}

TEST(MailBody, JoinsFlowedLines) {
  EXPECT_EQ(mail_of("Subject: s\nContent-Type: text/plain; format=flowed\n\none \ntwo\n\nthree\n").text,
            "one two\n\nthree");
}

TEST(MailBody, SurvivesAnythingNestedOrEndless) {
  std::string nested = "Subject: s\n";
  for (int i = 0; i < 3000; ++i) nested += concat("Content-Type: multipart/mixed; boundary=b\n\n--b\n");
  std::string many = "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 50'000; ++i) many += "--b\n\nx\n";
  const std::string base64 = concat("Subject: s\nContent-Transfer-Encoding: base64\n\n", std::string(3'000'000, 'A'));

  EXPECT_EQ(mail_of(nested).text, "");
  EXPECT_LT(mail_of(many).text.size(), 1000u);
  EXPECT_LE(mail_of(base64).text.size(), 200'000u);
}

TEST(MailBody, IsValidTextWhateverTheBytes) {
  SCOPED_TRACE("random bytes behind headers that say anything");
  std::uint64_t state = 7;
  for (int round = 0; round < 300; ++round) {
    std::string bytes = "Subject: =?utf-8?B?";
    for (int i = 0; i < 400; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      bytes += static_cast<char>(state >> 33);
      if (i == 40) bytes += "?=\nContent-Type: text/html; charset=utf-16\n\n";
    }

    const Result<ReceivedMail> mail = read_mail(bytes);

    if (!mail) continue;
    EXPECT_TRUE(is_valid_utf8(mail->text) && is_valid_utf8(mail->subject) && is_valid_utf8(mail->from))
        << to_hex(bytes);
  }
}

TEST(MailHeaders, AreReadNoFurtherThanTheirCap) {
  std::string bytes = "Subject: s\n";
  for (int i = 0; i < 100'000; ++i) bytes += "X: y\n";

  const mail::Split split = mail::split_headers(bytes);

  EXPECT_LE(split.headers.size(), 500u);
  EXPECT_EQ(mail_of(bytes).subject, "s");
}

TEST(MailHeaders, JoinAParameterThatCameInPieces) {
  EXPECT_EQ(mail::parameter("multipart/mixed; boundary*0=\"ab;\"; boundary*1=c", "boundary"), "ab;c");
  EXPECT_EQ(mail::parameter("text/plain; name=\"charset=x\"; charset=utf-8", "charset"), "utf-8");
}

}  // namespace
}  // namespace vigie
