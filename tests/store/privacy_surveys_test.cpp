// Erasing people whom surveys asked.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/privacy.h"
#include "store/reviews.h"
#include "store/surveys.h"
#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class AskedTest : public testing::Test {
 protected:
  AskedTest() {
    InvitationDraft draft;
    draft.contact.brand = "acme";
    draft.contact.reference = "C-0042";
    draft.contact.address = "client-0042@example.org";
    draft.contact.name = "Client 42";
    draft.contact.lang = "fr";
    draft.contact.keys = {std::string(32, 'a')};
    Invitation& one = draft.invitation;
    one.survey = "delivery";
    one.event = "e1";
    one.token = std::string(32, 't');
    one.seed = std::string(16, 's');
    one.nullifier = std::string(16, 'n');
    one.channel = "email";
    one.lang = "fr";
    one.order = "A-1";
    one.place = "Nation";
    one.when = one.created = one.due = kNoon;
    one.expires = kNoon + 60 * kDay;
    InvitationBatch batch;
    batch.brand = "acme";
    batch.survey = "delivery";
    batch.channel = "email";
    batch.created = kNoon;
    batch.drafts = {draft};
    invited = *store->surveys().invite(batch);
  }

  PrivacyStore& privacy() const { return store->reviews().privacy(); }

  std::unique_ptr<Store> store = open_store();
  BatchOutcome invited;
};

TEST_F(AskedTest, AreFoundByAddressNameAndNumber) {
  for (const std::string who : {"Client-0042@example.org", "client 42", "C-0042"}) {
    const auto found = privacy().find(who);
    ASSERT_TRUE(found) << found.error().what;
    EXPECT_THAT(*found, SizeIs(1)) << who;
  }
  EXPECT_THAT(privacy().find("C-004").value(), IsEmpty());
}

TEST_F(AskedTest, AreForgottenButForWhatKeepsThemFromBeingAskedAgain) {
  const Trace trace = privacy().find("C-0042").value().at(0);
  ASSERT_THAT(privacy().invitations_of(trace.id).value(), SizeIs(1));

  ASSERT_TRUE(privacy().erase(trace, kNoon));

  EXPECT_THAT(privacy().find("client-0042@example.org").value(), IsEmpty());
  const SurveyContact contact = *store->surveys().contact(trace.id).value();
  EXPECT_EQ(contact.address + contact.name + contact.reference, "");
  EXPECT_EQ(privacy().invitations_of(trace.id).value().at(0).order, "");
  EXPECT_EQ(privacy().erase(trace, kNoon).error().kind, ErrorKind::gone);
  EXPECT_THAT(privacy().unfinished().value(), SizeIs(1)) << "its bytes leave the file";
}

TEST_F(AskedTest, TakeTheLettersToThemWithThem) {
  Notification owed;
  owed.id = "invitation";
  owed.subject_kind = "survey";
  owed.subject_id = concat("survey-", std::to_string(invited.invitations.at(0)));
  owed.purpose = "invite";
  owed.endpoint = "letters";
  owed.created = owed.due = kNoon;
  Notification other = owed;
  other.id = "others";
  other.subject_id = "survey-4711";
  ASSERT_TRUE(store->add_notifications({owed, other}));

  ASSERT_TRUE(privacy().erase(privacy().find("C-0042").value().at(0), kNoon));

  EXPECT_THAT(privacy().unfinished().value().at(0).messages, ElementsAre("invitation"));
}

TEST_F(AskedTest, TakeTheirPrivateAnswerWithThem) {
  PrivateAnswer answer;
  answer.survey = "delivery";
  answer.origin = "inv";
  answer.channel = "email";
  answer.lang = "fr";
  answer.scale = "1-5";
  answer.rating = 2;
  answer.invitation = std::string(32, 't');
  answer.text = "Livraison en retard.";
  answer.author = "Client 42";
  answer.at = kNoon;
  const auto id = store->surveys().add_private_answer(answer);
  ASSERT_TRUE(id) << id.error().what;
  EXPECT_EQ(privacy().answer(*id).value().at(0).text, "Livraison en retard.");

  ASSERT_TRUE(privacy().erase(privacy().find("C-0042").value().at(0), kNoon));

  const PrivateAnswer after = privacy().answer(*id).value().at(0);
  EXPECT_EQ(after.text + after.author, "");
  EXPECT_EQ(after.rating, 2) << "a number says nothing of anybody";
}

}  // namespace
}  // namespace vigie
