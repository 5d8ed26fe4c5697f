#include "collectors/imap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Time kNow = *parse_rfc3339("2026-11-21T12:00:00Z");

SourceSettings inbox() {
  SourceSettings settings;
  settings.id = "inbox";
  settings.kind = "imap";
  settings.params = {{"host", "mail.example.org"}, {"user", "care"}};
  settings.secrets = {{"password", "canary-5521"}};
  return settings;
}

std::unique_ptr<Mailbox> opened(const SourceSettings& settings = inbox()) {
  Result<std::unique_ptr<Mailbox>> mailbox = open_mailbox(settings);
  EXPECT_TRUE(mailbox) << mailbox.error().what;
  return std::move(*mailbox);
}

ImapReply answer(std::uint32_t validity, std::string_view uids) {
  ImapReply reply;
  reply.lines = {"* OK IMAP4rev1 ready", concat("* OK [UIDVALIDITY ", std::to_string(validity), "] UIDs valid"),
                 "* OK [UIDNEXT 9] Predicted", concat("* SEARCH ", uids), "A003 OK Search completed"};
  return reply;
}

std::string problem(std::string key, std::string value) {
  SourceSettings settings = inbox();
  settings.params[std::move(key)] = std::move(value);
  const auto mailbox = open_mailbox(settings);
  return mailbox ? "" : mailbox.error().what;
}

TEST(Mailbox, SearchesOneWindowAndTheNewestMail) {
  EXPECT_EQ(opened()->search({}).command, "UID SEARCH OR UID * (UID 1:5000)");
}

TEST(Mailbox, FindsMailsOldestFirstAndRemembersTheNewest) {
  const auto mailbox = opened();

  const Mailbox::Found found = mailbox->found(answer(7, "3 1 2"), {}).value();

  EXPECT_THAT(found.uids, ElementsAre(1, 2, 3));
  EXPECT_TRUE(found.history);
  EXPECT_FALSE(found.more);
  EXPECT_EQ(mailbox->search(found.next).command, "UID SEARCH OR UID * (UID 4:5003)");
  EXPECT_EQ(mailbox->fetch(found, 1).uid, 2u);
  EXPECT_EQ(mailbox->fetch(found, 1).uid_validity, 7u);
  EXPECT_TRUE(mailbox->fetch(found, 0).fresh);
  EXPECT_FALSE(mailbox->fetch(found, 1).last);
  EXPECT_TRUE(mailbox->fetch(found, 2).last);
}

TEST(Mailbox, PassesOverTheNewestMailWhenItIsNotNew) {
  const auto mailbox = opened();
  const Cursor seen = mailbox->found(answer(7, "1 2 3"), {}).value().next;

  const Mailbox::Found found = mailbox->found(answer(7, "3"), seen).value();

  EXPECT_THAT(found.uids, IsEmpty());
  EXPECT_EQ(found.next, seen);
  EXPECT_FALSE(found.more);
}

TEST(Mailbox, GoesOverAGapWiderThanItsWindow) {
  const auto mailbox = opened();

  const Mailbox::Found gap = mailbox->found(answer(7, "12000"), {}).value();
  const Mailbox::Found again = mailbox->found(answer(7, "12000"), gap.next).value();
  const Mailbox::Found there = mailbox->found(answer(7, "12000"), again.next).value();

  EXPECT_TRUE(gap.more && again.more && !there.more);
  EXPECT_THAT(gap.uids, IsEmpty());
  EXPECT_THAT(there.uids, ElementsAre(12000));
}

TEST(Mailbox, TakesAFullMailboxInPagesWithoutLeavingAnyOut) {
  const auto mailbox = opened();
  std::string all;
  for (int i = 1; i <= 50; ++i) all += concat(i == 1 ? "" : " ", std::to_string(i * 2));
  std::set<std::uint32_t> taken;
  Cursor cursor;

  for (bool more = true; more;) {
    const Mailbox::Found found = mailbox->found(answer(7, all), cursor).value();
    EXPECT_LE(found.uids.size(), Mailbox::kPage);
    EXPECT_TRUE(found.history);
    for (const std::uint32_t uid : found.uids) EXPECT_TRUE(taken.insert(uid).second) << uid;
    cursor = found.next;
    more = found.more;
  }

  EXPECT_EQ(taken.size(), 50u);
  EXPECT_FALSE(mailbox->found(answer(7, "100 101"), cursor).value().history);
}

TEST(Mailbox, StartsAgainWhenTheServerNumberedItsMailsAnew) {
  const auto mailbox = opened();
  const Cursor seen = mailbox->found(answer(7, "1 2 3"), {}).value().next;

  const Mailbox::Found anew = mailbox->found(answer(8, "3"), seen).value();
  const Mailbox::Found again = mailbox->found(answer(8, "1 2 3"), anew.next).value();

  EXPECT_TRUE(anew.more);
  EXPECT_THAT(anew.uids, IsEmpty());
  EXPECT_THAT(again.uids, ElementsAre(1, 2, 3));
  EXPECT_FALSE(again.history);
}

TEST(Mailbox, BelievesNoServerThatDoesNotNumberItsMails) {
  ImapReply reply;
  reply.lines = {"* SEARCH 1"};

  const auto found = opened()->found(reply, {});

  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().what, HasSubstr("UIDVALIDITY"));
}

TEST(Mailbox, SurvivesNumbersThatAreNone) {
  const Mailbox::Found found = opened()->found(answer(7, "99999999999999999999 -4 x 0 4294967295 5"), {}).value();

  EXPECT_THAT(found.uids, ElementsAre(5));
  EXPECT_TRUE(found.more);
}

TEST(Mailbox, ForgetsTheBookmarkOfAnotherMailbox) {
  const Cursor seen = opened()->found(answer(7, "1 2 3"), {}).value().next;
  SourceSettings other = inbox();
  other.params["mailbox"] = "Reviews";

  EXPECT_THAT(opened(other)->search(seen).command, HasSubstr("UID 1:"));
  EXPECT_THAT(opened(other)->search({"garbage"}).command, HasSubstr("UID 1:"));
}

TEST(Mailbox, FiltersBySenderAndSubjectHereAndAtTheServer) {
  SourceSettings settings = inbox();
  settings.params["from"] = "Reviews@Shop.example";
  settings.params["subject"] = "É\"toile";
  const auto mailbox = opened(settings);
  Batch batch;

  mailbox->take("From: x <reviews@shop.example>\nSubject: une =?utf-8?Q?=C3=A9=22toile?=\n\nyes", kNow, batch);
  mailbox->take("From: x <other@shop.example>\nSubject: é\"toile\n\nno", kNow, batch);
  mailbox->take("From: x <reviews@shop.example>\nSubject: else\n\nno", kNow, batch);

  EXPECT_EQ(mailbox->search({}).command, "UID SEARCH OR UID * (UID 1:5000 FROM \"Reviews@Shop.example\")");
  ASSERT_EQ(batch.mentions.size(), 1u);
  EXPECT_EQ(batch.mentions[0].text, "yes");
}

TEST(Mailbox, KeepsAMailAsideThatCannotBeReadAndTakesTheNext) {
  const auto mailbox = opened();
  Batch batch;

  mailbox->take("nothing of a mail", kNow, batch);
  mailbox->take("Subject: s\n\nx", kNow, batch);

  EXPECT_EQ(batch.mentions.size(), 1u);
  ASSERT_EQ(batch.rejected.size(), 1u);
  EXPECT_EQ(batch.rejected[0].reason, "not a mail: it has no header");
}

TEST(Mailbox, WritesItsNameAsServersDo) {
  SourceSettings settings = inbox();
  settings.params["mailbox"] = "Boîte & avis";

  EXPECT_EQ(opened(settings)->search({}).account.mailbox, "Bo&AO4-te &- avis");
}

TEST(Mailbox, SaysWhatItsOptionsMustBe) {
  EXPECT_THAT(problem("host", "mail.example.org/x"), HasSubstr("host: expected"));
  EXPECT_THAT(problem("host", "mail.example.org:993"), HasSubstr("host: expected"));
  EXPECT_THAT(problem("host", "a@b"), HasSubstr("host: expected"));
  EXPECT_THAT(problem("tls", "ssl"), HasSubstr("tls: expected"));
  EXPECT_THAT(problem("tls", "none"), HasSubstr("in the clear"));
  EXPECT_THAT(problem("port", "70000"), HasSubstr("port: expected"));
  EXPECT_THAT(problem("user", "a\r\nb"), HasSubstr("user: expected"));
  EXPECT_EQ(problem("port", "1993"), "");
  EXPECT_EQ(problem("tls", "starttls"), "");
}

}  // namespace
}  // namespace vigie
