#include "wall/invite.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.h"
#include "tests/store/stored.h"
#include "wall/book.h"
#include "wall/log/tree.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class InviteTest : public testing::Test {
 protected:
  InviteTest() {
    settings.organisation = "Boutique Acme SAS";
    settings.brands = {{"acme", "Acme", "\"Acme\"", "fr"}};
    settings.serve.public_url = "https://avis.example";
    settings.mail.from = "Acme <avis@acme.example>";
    settings.wall.staff = {"@acme.example", "chef@other.example"};
    EndpointSettings mail;
    mail.id = "letters";
    mail.kind = "email";
    settings.endpoints = {mail};
    survey.id = "after-delivery";
    survey.brand = "acme";
    survey.subject = "Acme";
    survey.language = "fr";
    survey.endpoint = "letters";
    settings.surveys = {survey};
  }

  static InviteLine line(const std::string& reference, const std::string& address, const std::string& order = "") {
    InviteLine one;
    one.number = 2;
    one.reference = reference;
    (address.find('@') == std::string::npos ? one.phone : one.email) = address;
    one.order = order;
    return one;
  }

  InviteSummary invite(const std::vector<InviteLine>& lines) {
    Inviter inviter(settings, *store, clock, tokens);
    auto summary = inviter.invite(survey, lines);
    if (!summary) throw std::runtime_error(summary.error().what);
    return *std::move(summary);
  }

  std::string refusal(const InviteLine& one) {
    const InviteSummary summary = invite({one});
    return summary.refused.empty() ? "" : summary.refused.front().why;
  }

  Invitation invitation(std::int64_t id) { return *store->surveys().invitation(id).value(); }

  Settings settings;
  SurveySettings survey;
  ManualClock clock{parse_rfc3339("2026-11-16T10:00:00Z").value()};
  std::unique_ptr<Store> store = open_store();
  SurveyTokens tokens{std::string(32, 's')};
};

}  // namespace

TEST_F(InviteTest, OwesOneMessageAndOneReminderToEachCustomer) {
  const InviteSummary summary = invite({line("client-0042", "client-0042@mail.example", "order-7")});

  ASSERT_THAT(summary.invited, SizeIs(1));
  const Invitation made = invitation(summary.invited.front().invitation);
  EXPECT_EQ(made.due, clock.now() + survey.wait);
  const auto owed = store->notifications(concat("survey-", std::to_string(made.id)), 10).value();
  ASSERT_THAT(owed, SizeIs(2));
  EXPECT_EQ(owed[1].purpose, "invite");
  EXPECT_EQ(owed[1].due, made.due);
  EXPECT_EQ(owed[0].purpose, "remind");
  EXPECT_EQ(owed[0].due, made.due + survey.remind_after);
}

TEST_F(InviteTest, LogsTheBatchWithTheTreeOfItsNullifiersBeforeAnybodyCanAnswer) {
  const InviteSummary summary =
      invite({line("c-1", "c-1@mail.example"), line("c-2", "c-2@mail.example"), line("c-3", "c-3@mail.example")});

  ASSERT_THAT(summary.leaves, SizeIs(1));
  const auto logged = store->leaves("acme", summary.leaves.front(), 1).value();
  const auto leaf = tlog::parse_leaf(logged.front().bytes);
  ASSERT_TRUE(leaf);
  const auto& entry = std::get<tlog::InvitationLeaf>(leaf->body);
  EXPECT_EQ(entry.sent, 3);
  EXPECT_EQ(entry.eligible, 3);
  EXPECT_EQ(entry.channel, "email");
  std::vector<std::string> nullifiers;
  for (const auto& one : summary.invited) nullifiers.push_back(invitation(one.invitation).nullifier);
  std::sort(nullifiers.begin(), nullifiers.end());
  tlog::RightEdge edge;
  for (const std::string& one : nullifiers) edge.append(tlog::leaf_hash(one));
  EXPECT_EQ(entry.root, tlog::bytes_of(edge.root()));
}

TEST_F(InviteTest, KeepsNoTokenAnywhere) {
  const InviteSummary summary = invite({line("c-1", "c-1@mail.example")});

  const std::string link = summary.invited.front().link;
  const std::string token = link.substr(link.rfind('/') + 1);
  const Invitation made = invitation(summary.invited.front().invitation);
  EXPECT_EQ(made.token, sha256(token));
  EXPECT_EQ(tokens.token(made.seed), token);
  EXPECT_NE(SurveyTokens(std::string(32, 'x')).token(made.seed), token);
  const auto owed = store->notifications("", 10).value();
  for (const Notification& one : owed) EXPECT_THAT(one.document, Not(HasSubstr(token)));
}

TEST_F(InviteTest, TheSameLinesTwiceInviteNobodyTwice) {
  const std::vector<InviteLine> lines = {line("c-1", "c-1@mail.example", "o-1"),
                                         line("c-2", "c-2@mail.example", "o-2")};

  invite(lines);
  clock.advance(365 * kDay);
  const InviteSummary again = invite(lines);

  EXPECT_THAT(again.invited, IsEmpty());
  EXPECT_EQ(again.known, 2);
  EXPECT_THAT(again.leaves, IsEmpty());
}

TEST_F(InviteTest, AsksOneCustomerOnceAQuarantineByAddressAndByReference) {
  survey.quarantine = 90 * kDay;
  invite({line("c-1", "c-1@mail.example", "o-1")});
  clock.advance(89 * kDay);

  EXPECT_EQ(invite({line("c-1", "other@mail.example", "o-2")}).too_soon, 1);
  EXPECT_EQ(invite({line("c-9", "C-1@mail.example", "o-3")}).too_soon, 1);
  clock.advance(2 * kDay);
  EXPECT_THAT(invite({line("c-1", "c-1@mail.example", "o-4")}).invited, SizeIs(1));
}

TEST_F(InviteTest, WhoeverIsExemptMayBeAskedSoonerButNeverWithinSevenDays) {
  invite({line("c-1", "c-1@mail.example", "o-1")});
  InviteLine next = line("c-1", "c-1@mail.example", "o-2");
  next.exempt = "second delivery of the month";

  clock.advance(6 * kDay);
  EXPECT_EQ(invite({next}).too_soon, 1);
  clock.advance(2 * kDay);
  const InviteSummary summary = invite({next});
  ASSERT_THAT(summary.invited, SizeIs(1));
  EXPECT_EQ(invitation(summary.invited.front().invitation).exempt, "second delivery of the month");
}

TEST_F(InviteTest, WhoeverOptedOutIsNotAskedAgainByAnyChannel) {
  const InviteSummary first = invite({line("c-1", "c-1@mail.example", "o-1")});
  ASSERT_TRUE(store->surveys().opt_out(first.invited.front().invitation, "acme", clock.now()));
  clock.advance(400 * kDay);

  InviteLine link = line("c-1", "", "o-2");
  link.channel = "link";
  EXPECT_EQ(invite({link}).suppressed, 1);
  EXPECT_EQ(invite({line("", "c-1@mail.example", "o-3")}).suppressed, 1);
}

TEST_F(InviteTest, AnAddressThatBouncedIsNotWrittenToButItsOwnerMayGiveAnother) {
  const InviteSummary first = invite({line("c-1", "c-1@mail.example", "o-1")});
  ASSERT_TRUE(store->surveys().note_bounced(first.invited.front().invitation, tokens.address_key("c-1@mail.example"),
                                            clock.now()));
  clock.advance(400 * kDay);

  EXPECT_EQ(invite({line("c-1", "c-1@mail.example", "o-2")}).suppressed, 1);
  EXPECT_THAT(invite({line("c-1", "right@mail.example", "o-3")}).invited, SizeIs(1));
}

TEST_F(InviteTest, NamesEachBadLineAndTakesItsNeighbours) {
  InviteLine bad = line("c-2", "not an address");
  bad.number = 3;
  const InviteSummary summary = invite({line("c-1", "c-1@mail.example"), bad, line("c-3", "c-3@mail.example")});

  EXPECT_THAT(summary.invited, SizeIs(2));
  ASSERT_THAT(summary.refused, SizeIs(1));
  EXPECT_EQ(summary.refused.front().number, 3);
}

TEST_F(InviteTest, RefusesStaffAndSaysSo) {
  EXPECT_THAT(refusal(line("c-1", "someone@acme.example")), HasSubstr("staff"));
  EXPECT_THAT(refusal(line("c-1", "someone@shop.acme.example")), HasSubstr("staff"));
  EXPECT_THAT(refusal(line("c-1", "Chef@other.example")), HasSubstr("staff"));
  EXPECT_THAT(refusal(line("c-1", "someone@notacme.example")), IsEmpty());
}

TEST_F(InviteTest, RefusesWhatCouldAddAHeaderOrIsOfNoTime) {
  InviteLine one = line("c-1", "c-1@mail.example");
  one.name = "Bob\r\nBcc: x@y.example";
  EXPECT_THAT(refusal(one), HasSubstr("name: expected one line"));
  one = line("c-1", "c-1@mail.example");
  one.when = "2027-11-20";
  EXPECT_THAT(refusal(one), HasSubstr("when: expected a time that has been"));
  EXPECT_THAT(refusal(line("c-1", "0612345678")), HasSubstr("phone: expected a number with its country"));
  EXPECT_THAT(refusal(line("", "")), HasSubstr("expected"));
}

TEST_F(InviteTest, InvitesNobodyWhenTheInvitationCouldNotSayWhoAsks) {
  settings.organisation = " ";
  Inviter inviter(settings, *store, clock, tokens);

  const auto summary = inviter.invite(survey, {line("c-1", "c-1@mail.example")});

  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().kind, ErrorKind::bad_config);
  EXPECT_THAT(summary.error().what, HasSubstr("organisation"));
  EXPECT_EQ(store->log_state("acme").value().size, 0);
}

TEST_F(InviteTest, LogsNothingOfASurveyThatIsNotForTheWall) {
  survey.wall = false;

  const InviteSummary summary = invite({line("c-1", "c-1@mail.example")});

  EXPECT_THAT(summary.invited, SizeIs(1));
  EXPECT_EQ(store->log_state("acme").value().size, 0);
}

TEST_F(InviteTest, ForgetsAddressesNobodyNeedsAnyMore) {
  const InviteSummary summary = invite({line("c-1", "c-1@mail.example")});
  const std::int64_t contact = invitation(summary.invited.front().invitation).contact;

  EXPECT_EQ(store->surveys().forget_contacts(clock.now(), clock.now() + kDay).value(), 0);
  clock.advance(200 * kDay);
  EXPECT_EQ(store->surveys().forget_contacts(clock.now(), clock.now() - 100 * kDay).value(), 1);
  EXPECT_EQ(store->surveys().contact(contact).value()->address, "");
}

TEST_F(InviteTest, ConsentIsWrittenOnceAndNeverChanged) {
  Consent consent;
  consent.brand = "acme";
  consent.key = tokens.address_key("c-1@mail.example");
  consent.basis = "consent";
  consent.wording = "Ask me about my order by e-mail.";
  consent.version = "2026-03";
  consent.how = "checkout page";
  consent.evidence = "form 8123";
  consent.by = "import";
  consent.at = clock.now();
  ASSERT_TRUE(store->surveys().add_consent(consent));
  consent.basis = "withdrawn";
  ASSERT_TRUE(store->surveys().add_consent(consent));

  const auto found = store->surveys().consents(consent.key).value();

  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].basis, "consent");
  EXPECT_EQ(found[0].evidence, "form 8123");
  EXPECT_EQ(found[1].basis, "withdrawn");
}

TEST_F(InviteTest, APrivateAnswerCountsOnceHoweverOftenItIsChanged) {
  PrivateAnswer answer;
  answer.survey = survey.id;
  answer.origin = "inv";
  answer.channel = "email";
  answer.scale = "1-5";
  answer.invitation = sha256("token");
  answer.rating = 1;
  answer.at = clock.now();
  const auto first = store->surveys().add_private_answer(answer);
  clock.advance(hours(1));
  answer.rating = 4;
  answer.at = clock.now();
  const auto second = store->surveys().add_private_answer(answer);

  EXPECT_EQ(first.value(), second.value());
  EXPECT_EQ(store->surveys().private_answer_of(answer.invitation).value()->rating, 4);
  const auto counts = store->surveys().answer_counts(survey.id, clock.now() - kDay, clock.now() + kDay).value();
  ASSERT_THAT(counts, SizeIs(1));
  EXPECT_EQ(counts.front().rating, 4);
  EXPECT_EQ(counts.front().count, 1);
}

TEST_F(InviteTest, AnswersForTheWallAreCountedWithTheirPlaceAndNewestRating) {
  Book book(settings, *store, clock);
  Submission one;
  one.brand = "acme";
  one.survey = survey.id;
  one.origin = "inv";
  one.channel = "email";
  one.rating = 2;
  one.lang = "fr";
  one.verified = "invitation";
  one.invitation = tokens.token("seed");
  one.values[kPlace] = "paris-nation";
  const auto received = book.receive("acme", {one});
  ASSERT_TRUE(received) << received.error().what;
  clock.advance(hours(2));
  const Review review = *store->reviews().review(received->front().id).value();
  ASSERT_TRUE(book.update(review, 5, one.values));

  const auto counts = store->surveys().answer_counts(survey.id, clock.now() - kDay, clock.now() + kDay).value();

  ASSERT_THAT(counts, SizeIs(1));
  EXPECT_EQ(counts.front().rating, 5);
  EXPECT_EQ(counts.front().place, "paris-nation");
  EXPECT_TRUE(counts.front().for_wall);
  EXPECT_FALSE(counts.front().published);
}

TEST(SurveyToken, IsReadAsPrintedAndAsTyped) {
  const SurveyTokens tokens(std::string(32, 's'));
  const std::string token = tokens.token("seed"), printed = printed_token(token);

  EXPECT_THAT(token, SizeIs(22));
  EXPECT_THAT(printed, SizeIs(26 + 4));
  EXPECT_EQ(read_survey_token(token), token);
  EXPECT_EQ(read_survey_token(printed), token);
  EXPECT_EQ(read_survey_token(ascii_lower(printed)), token);
  EXPECT_FALSE(read_survey_token(""));
  EXPECT_FALSE(read_survey_token("../../../../etc/passwd"));
  EXPECT_FALSE(read_survey_token(concat("8", std::string(25, '0'))));  // 2^128
}

RC_GTEST_PROP(SurveyToken, PrintsAndReadsBackWhateverItsBytes, ()) {
  const auto bytes = *rc::gen::container<std::vector<unsigned char>>(16, rc::gen::arbitrary<unsigned char>());
  const std::string token = to_base64url(std::string(bytes.begin(), bytes.end()));

  std::string written = printed_token(token);
  RC_ASSERT(read_survey_token(written) == token);
  for (char& c : written) {
    if (c == '0') c = 'O';
    if (c == '1') c = 'l';
  }
  RC_ASSERT(read_survey_token(written) == token);
}

}  // namespace vigie
