#include "alerts/mime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace vigie {
namespace {

using testing::EndsWith, testing::HasSubstr, testing::Not, testing::StartsWith;

Mail plain_mail() {
  Mail mail;
  mail.from = {"Vigie", "vigie@example.org"};
  mail.to = {"", "on-call@example.org"};
  mail.subject = "Hello";
  mail.date = "Sat, 21 Nov 2026 18:10:00 +0000";
  mail.message_id = "<n-1@example.org>";
  mail.text = "text";
  mail.html = "<p>html</p>";
  return mail;
}

TEST(QuotedPrintable, KeepsLinesShortAndEveryByte) {
  EXPECT_EQ(quoted_printable("caf\u00e9 = 1"), "caf=C3=A9 =3D 1");
  EXPECT_EQ(quoted_printable("a \nb\t\nc"), "a=20\r\nb=09\r\nc");
  EXPECT_EQ(quoted_printable("a\r\nb"), "a\r\nb");
  const std::string long_line = quoted_printable(std::string(500, 'x') + std::string(200, '='));
  for (const std::string_view line : split(long_line, '\n')) {
    EXPECT_LE(trim(line).size(), 76u);
  }
}

TEST(EncodedHeader, LeavesAsciiAndEncodesTheRestInShortWords) {
  EXPECT_EQ(encode_header("[Vigie] Hello"), "[Vigie] Hello");
  EXPECT_EQ(encode_header("é"), "=?UTF-8?B?w6k=?=");
  EXPECT_THAT(encode_header("=?UTF-8?B?w6k=?="), StartsWith("=?UTF-8?B?PT"))
      << "text that looks encoded must not be read as such";

  std::string many;
  for (int i = 0; i < 60; ++i) many += "é→";
  const std::string encoded = encode_header(many);
  for (const std::string_view line : split(encoded, '\n')) EXPECT_LE(trim(line).size(), 75u);
}

TEST(MailAddress, IsReadInBothForms) {
  EXPECT_EQ(parse_mailbox("vigie@example.org")->address, "vigie@example.org");
  EXPECT_EQ(parse_mailbox("\"Vigie, alertes\" <vigie@example.org>")->name, "Vigie, alertes");
}

TEST(MailAddress, IsRefusedWhenItCouldBeMoreThanOneAddress) {
  for (const char* wrong : {"", "vigie", "@example.org", "a@", "a b@example.org", "a@example.org, b@example.org",
                            "a@example.org\r\nRCPT TO:<b@c>", "A <a@example.org> <b@example.org>x",
                            "x\r\nBcc: b@c <a@example.org>", "é@example.org", "<a@b>c@d>"}) {
    EXPECT_FALSE(parse_mailbox(wrong)) << wrong;
  }
}

TEST(Mime, PutsTheTextFirstAndTheHtmlLast) {
  const std::string bytes = *to_mime(plain_mail());

  EXPECT_THAT(bytes, HasSubstr("Content-Type: multipart/alternative; boundary=\"=_vigie_"));
  EXPECT_LT(bytes.find("text/plain"), bytes.find("text/html"));
  EXPECT_THAT(bytes, EndsWith("--\r\n"));
  EXPECT_THAT(bytes, HasSubstr("From: \"Vigie\" <vigie@example.org>\r\nTo: on-call@example.org\r\n"));
}

TEST(Mime, IsTheSameBytesForTheSameMail) { EXPECT_EQ(*to_mime(plain_mail()), *to_mime(plain_mail())); }

TEST(Mime, LetsNoValueAddAHeader) {
  for (const char* hostile : {"x\r\nBcc: all@example.org", "x\nBcc: all@example.org", "x\rBcc: y", "x\t"}) {
    Mail subject = plain_mail(), header = plain_mail(), name = plain_mail(), id = plain_mail();
    subject.subject = hostile;
    header.headers = {{"X-Vigie-Brand", hostile}};
    name.from.name = hostile;
    id.message_id = hostile;

    for (const Mail& mail : {subject, header, name, id}) {
      const auto bytes = to_mime(mail);
      ASSERT_FALSE(bytes) << hostile;
      EXPECT_EQ(bytes.error().kind, ErrorKind::bad_data);
    }
  }
}

TEST(Mime, LetsNoNameOfAHeaderBreakTheMail) {
  for (const char* hostile : {"", "X Y", "X:", "X\r\nY"}) {
    Mail mail = plain_mail();
    mail.headers = {{hostile, "value"}};

    EXPECT_FALSE(to_mime(mail)) << hostile;
  }
}

TEST(Mime, HidesRecipientsWhenThereIsNone) {
  Mail mail = plain_mail();
  mail.to = {};

  EXPECT_THAT(*to_mime(mail), HasSubstr("\r\nTo: undisclosed-recipients:;\r\n"));
}

}  // namespace
}  // namespace vigie
