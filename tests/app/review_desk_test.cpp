#include "app/review_desk.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "app/author_letters.h"
#include "app/moderate.h"
#include "base/sealed_box.h"
#include "store/moderation.h"
#include "tests/store/stored.h"
#include "wall/evidence.h"
#include "wall/log/account.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class ReviewDeskTest : public testing::Test {
 protected:
  ReviewDeskTest() {
    settings.brands = {{"acme", "Acme", "\"Acme\"", "fr"}};
    settings.organisation = "Acme SAS";
    settings.data = folder.path().string();
    settings.serve.public_url = "https://avis.example";
    settings.mail.from = "avis@acme.example";
    EndpointSettings mail;
    mail.id = "mail-out";
    mail.kind = "email";
    settings.endpoints = {mail};
  }

  Review receive(const std::string& text, const std::string& contact = "") {
    Submission one;
    one.brand = "acme";
    one.rating = 2;
    one.lang = "fr";
    one.values[kText] = text;
    one.values[kAuthor] = "client-0042";
    one.contact = contact;
    one.tell = true;
    const auto received = book.receive("acme", {one});
    if (!received) throw std::runtime_error(received.error().what);
    return *store->reviews().review(received->front().id).value();
  }
  Review again(const Review& review) { return *store->reviews().review(review.id).value(); }

  static ReviewOrder order(const std::string& act, const Review& review) {
    ReviewOrder order;
    order.act = act;
    order.brand = "acme";
    order.number = review.leaf;
    order.who = "ana";
    return order;
  }
  static ReviewOrder refusal(const Review& review, const std::string& code = "OFF-TOPIC") {
    ReviewOrder one = order("refuse", review);
    one.code = code;
    one.words = "Il parle d'une autre boutique.";
    return one;
  }
  // Its author contests the last act on it, which was this person's: the order that grants it.
  ReviewOrder contest(const Review& review, const std::string& decided_by) {
    Appeal appeal;
    appeal.review = review.id;
    appeal.version = review.leaf;
    appeal.act = store->reviews().acts(review.id).value().back().number;
    appeal.words = "Ce n'est pas juste.";
    appeal.decided_by = decided_by;
    appeal.at = clock.now();
    ReviewOrder accept;
    accept.act = "accept-appeal";
    accept.id = store->moderation().add_appeal(appeal).value();
    accept.words = "La réponse.";
    accept.who = decided_by;
    return accept;
  }
  Result<std::string> carry(const ReviewOrder& one) { return carry_out(one, settings, *store, clock); }

  void tick() {
    const auto more = moderate.tick();
    ASSERT_TRUE(more) << more.error().what;
  }
  std::vector<Notification> owed() { return store->notifications("", 100).value(); }

  std::vector<std::string> faults() {
    tlog::Account account("avis.example/wall/acme/log");
    std::vector<std::string> found;
    const auto leaves = store->leaves("acme", 0, 10'000);
    for (const LoggedLeaf& one : *leaves) {
      const auto leaf = tlog::parse_leaf(one.bytes);
      if (!leaf) {
        found.push_back(leaf.error().what);
        continue;
      }
      for (const std::string& fault : account.take(one.index, *leaf)) found.push_back(fault);
    }
    return found;
  }

  TempDir folder;
  Settings settings;
  ManualClock clock{kNoon};
  std::unique_ptr<Store> store = open_store();
  Book book{settings, *store, clock};
  Moderate moderate{settings, *store, clock};
};

TEST_F(ReviewDeskTest, RefusesForAReasonAndTellsTheAuthor) {
  const Review review = receive("Rien à voir avec vous.", "client-0042@example.org");

  ASSERT_TRUE(carry(refusal(review)));
  tick();

  EXPECT_EQ(again(review).state, ReviewState::refused);
  const std::vector<Notification> messages = owed();
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_EQ(messages[0].subject_kind, "author");
  EXPECT_EQ(messages[0].endpoint, "mail-out");
  EXPECT_THAT(messages[0].document, Not(HasSubstr("client-0042")));  // the address is read when it goes
  const auto written = write_to_author(messages[0], settings, *store);
  ASSERT_TRUE(written) << written.error().what;
  ASSERT_TRUE(written->letter) << written->reason;
  EXPECT_EQ(written->letter->to, "client-0042@example.org");
  EXPECT_THAT(written->letter->text, HasSubstr("n’a pas été publié"));
  EXPECT_THAT(written->letter->text, HasSubstr("OFF-TOPIC"));
  EXPECT_THAT(written->letter->text, HasSubstr("Il parle d'une autre boutique."));
  EXPECT_THAT(written->letter->text, HasSubstr("par une personne"));
  EXPECT_THAT(written->letter->text, HasSubstr("https://avis.example/wall/acme/appeal/"));
  tick();
  EXPECT_THAT(owed(), SizeIs(1));
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ReviewDeskTest, LeavesTheReasonOnTheReceiptsPageWhenNoAddressIsKnown) {
  const Review review = receive("Rien à voir avec vous.");
  ASSERT_TRUE(carry(refusal(review)));

  tick();

  EXPECT_THAT(owed(), IsEmpty());
  EXPECT_THAT(store->moderation().untold(10).value(), IsEmpty());
  EXPECT_EQ(store->reviews().acts(review.id).value().back().words, "Il parle d'une autre boutique.");
}

TEST_F(ReviewDeskTest, SaysThatNobodyWasToldWhereNobodyCanBe) {
  Submission collected;
  collected.brand = "acme";
  collected.channel = "import";
  collected.values[kText] = "Rien à voir avec vous.";
  Submission with_receipt = collected;
  with_receipt.channel = "web";
  with_receipt.receipt = std::string(32, 'r');
  const auto received = book.receive("acme", {collected, with_receipt}).value();
  const Review imported = *store->reviews().review(received[0].id).value(),
               written = *store->reviews().review(received[1].id).value();
  EXPECT_EQ(store->moderation().how_told(imported.id).value(), "");
  ASSERT_TRUE(carry(refusal(imported)));
  ASSERT_TRUE(carry(refusal(written)));

  tick();

  EXPECT_EQ(store->moderation().how_told(imported.id).value(), "nobody");
  EXPECT_EQ(store->moderation().how_told(written.id).value(), "page");
  EXPECT_THAT(store->moderation().untold(10).value(), IsEmpty());
}

TEST_F(ReviewDeskTest, WithholdsNothingWithoutFactsNorForAReasonOfItsOwn) {
  const Review review = receive("Nul.");
  ReviewOrder silent = refusal(review);
  silent.words = " ";

  EXPECT_THAT(carry(silent).error().what, HasSubstr("words"));
  EXPECT_EQ(carry(refusal(review, "BAD-RATING")).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(carry(refusal(review, "PERSONAL-DATA")).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(again(review).state, ReviewState::waiting);
}

TEST_F(ReviewDeskTest, MasksOnlyWithTheAuthorsOwnText) {
  const Review review = receive("Voyez avec Jean Dupont, du service client.");
  ReviewOrder mask = order("mask", review);
  mask.text = "Tout va bien.";  // no such thing is read
  mask.spans = places_of(kText, review.newest().values[kText], "Jean Dupont");

  ASSERT_TRUE(carry(mask));

  EXPECT_EQ(again(review).newest().masked_text, "Voyez avec ▇▇▇▇▇▇, du service client.");
  EXPECT_EQ(again(review).newest().values[kText], review.newest().values[kText]);
  EXPECT_EQ(carry(order("mask", review)).error().kind, ErrorKind::bad_data);
}

TEST_F(ReviewDeskTest, SealsWhatIsIllicitForAYear) {
  const BoxKeys keys = make_box_keys();
  ASSERT_TRUE(set_evidence_key(*store, keys.close_with));
  const Review threat = receive("Menace de mort."), stray = receive("Autre boutique.");
  ASSERT_TRUE(carry(refusal(threat, "ILLEGAL")));
  ASSERT_TRUE(carry(refusal(stray)));

  const std::vector<SealedEvidence> kept = store->moderation().evidence(0).value();

  ASSERT_THAT(kept, SizeIs(1));
  const SealedEvidence sealed = *store->moderation().sealed_evidence(kept[0].id).value();
  EXPECT_THAT(sealed.box, Not(HasSubstr("Menace")));
  EXPECT_THAT(open_box(sealed.box, keys.open_with).value(), HasSubstr("Menace de mort."));
  clock.advance(kEvidenceFor - kDay);
  ASSERT_TRUE(moderate.hourly());
  EXPECT_THAT(store->moderation().evidence(0).value(), SizeIs(1));
  clock.advance(kDay);
  ASSERT_TRUE(moderate.hourly());
  EXPECT_THAT(store->moderation().evidence(0).value(), IsEmpty());
}

TEST_F(ReviewDeskTest, MakesTheKeyThatEvidenceNeedsWhenThereIsNone) {
  const Review threat = receive("Menace de mort."), fake = receive("Jamais venu.");
  ASSERT_TRUE(carry(refusal(threat, "ILLEGAL")));
  ASSERT_TRUE(set_evidence_key(*store, ""));  // as if it had been stopped before it kept the other half
  ASSERT_TRUE(carry(refusal(fake, "FAKE")));

  const std::string file = folder.file("evidence.secret");
  const auto kept = store->moderation().evidence(0).value();

  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  ASSERT_THAT(kept, SizeIs(2));
  for (const SealedEvidence& one : kept) {
    const SealedEvidence sealed = *store->moderation().sealed_evidence(one.id).value();
    EXPECT_THAT(open_box(sealed.box, from_base64(line).value()).value(), HasSubstr("client-0042"));
  }
}

TEST_F(ReviewDeskTest, WithholdsNothingForWhichEvidenceCannotBeKept) {
  const Review review = receive("Menace de mort.");
  std::ofstream(folder.file("evidence.secret")) << "not a key";

  const auto done = carry(refusal(review, "ILLEGAL"));

  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().what, HasSubstr("evidence.secret"));
  EXPECT_EQ(again(review).state, ReviewState::waiting);
}

TEST_F(ReviewDeskTest, AnswersInPublicOnceAtATime) {
  const Review review = receive("En retard.");
  tick();
  ReviewOrder reply = order("reply", review);
  reply.text = "Toutes nos excuses.";
  reply.link = "javascript:alert(1)";
  EXPECT_THAT(carry(reply).error().what, HasSubstr("link"));
  reply.link = "https://acme.example/excuses";
  ASSERT_TRUE(carry(reply));
  reply.text = "C'est remboursé.";
  ASSERT_TRUE(carry(reply));

  const std::vector<Reply> replies = store->moderation().replies_to(review.id).value();

  ASSERT_THAT(replies, SizeIs(2));
  EXPECT_TRUE(replies[0].withdrawn);
  EXPECT_EQ(store->moderation().reply_to(review.id).value()->text(), "C'est remboursé.");
  EXPECT_EQ(replies[1].author(), "Acme SAS");
  ASSERT_TRUE(carry(order("unreply", review)));
  EXPECT_FALSE(store->moderation().reply_to(review.id).value());
  EXPECT_EQ(carry(order("unreply", review)).error().kind, ErrorKind::gone);
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ReviewDeskTest, TellsOfAnImprovementAndMeasuresIt) {
  std::vector<Review> before;
  for (int i = 0; i < 12; ++i) before.push_back(receive("En retard.", i == 0 ? "client-0042@example.org" : ""));
  tick();
  clock.advance(20 * kDay);
  ReviewOrder improve = order("improve", before[0]);
  improve.title = "Un second transporteur";
  improve.words = "Les colis du Nord partent désormais de Lille.";
  improve.refs = {before[0].leaf, before[1].leaf};
  const auto id = carry(improve);
  ASSERT_TRUE(id) << id.error().what;
  ReviewOrder step;
  step.act = "step";
  step.id = std::stoll(*id);
  step.who = "ana";
  step.state = "measured";
  EXPECT_EQ(carry(step).error().kind, ErrorKind::bad_data);  // not before it is done
  step.state = "done";
  ASSERT_TRUE(carry(step));
  step.state = "told";
  EXPECT_THAT(carry(step).error().what, HasSubstr("state"));  // nobody was, yet

  tick();

  EXPECT_EQ(store->moderation().unmeasured("acme").value().size(), 1u);
  Improvement told = *store->moderation().improvement(step.id).value();
  EXPECT_EQ(told.state, ImprovementState::told);
  EXPECT_EQ(told.asked, 1);
  ASSERT_THAT(owed(), SizeIs(1));
  const auto written = write_to_author(owed()[0], settings, *store);
  ASSERT_TRUE(written && written->letter);
  EXPECT_THAT(written->letter->text, HasSubstr("Un second transporteur"));
  EXPECT_THAT(written->letter->text, HasSubstr("/wall/acme/worked/"));
  ASSERT_TRUE(store->moderation().answered(step.id, before[0].id, true, clock.now()));
  clock.advance(31 * kDay);
  tick();
  told = *store->moderation().improvement(step.id).value();
  EXPECT_EQ(told.state, ImprovementState::measured);
  ASSERT_TRUE(told.effect);
  EXPECT_EQ(told.effect->before.n, 12);
  EXPECT_EQ(told.effect->after.n, 0);
  EXPECT_DOUBLE_EQ(told.effect->before.mean, 2);
  EXPECT_EQ(told.worked, 1);
  EXPECT_EQ(told.title(), "Un second transporteur");
  EXPECT_THAT(store->moderation().improvements_of(before[1].id).value(), SizeIs(1));
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ReviewDeskTest, MeasuresWhatNobodyAskedToBeToldOfInStarsAlone) {
  const Review stars = receive("En retard.");
  Submission recommends;
  recommends.brand = "acme";
  recommends.scale = "0-10";
  recommends.rating = 10;
  ASSERT_TRUE(book.receive("acme", {recommends}));
  tick();
  clock.advance(20 * kDay);
  ReviewOrder improve = order("improve", stars);
  improve.title = "Un second transporteur";
  improve.refs = {stars.leaf};
  improve.theme = "livraison";
  EXPECT_THAT(carry(improve).error().what, AllOf(HasSubstr("theme"), HasSubstr("delivery")));
  improve.theme = "delivery";
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 45; ++i) {  // the first of many is not forgotten
    ids.push_back(std::stoll(carry(improve).value()));
    ReviewOrder step;
    step.act = "step";
    step.id = ids.back();
    step.state = "done";
    ASSERT_TRUE(carry(step));
  }
  tick();
  EXPECT_EQ(store->moderation().improvement(ids[0]).value()->state, ImprovementState::done);

  clock.advance(31 * kDay);
  tick();

  const Improvement measured = *store->moderation().improvement(ids[0]).value();
  EXPECT_EQ(measured.state, ImprovementState::measured);
  ASSERT_TRUE(measured.effect);
  EXPECT_EQ(measured.effect->before.n, 2);
  EXPECT_EQ(measured.effect->before.rated, 1);  // ten of ten is no number of stars
  EXPECT_DOUBLE_EQ(measured.effect->before.mean, 2);
  EXPECT_THAT(store->moderation().unmeasured("acme").value(), IsEmpty());
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ReviewDeskTest, GivesAnObjectionToSomebodyAndRestores) {
  const Review review = receive("Votre colis était vide.", "client-0042@example.org");
  ASSERT_TRUE(carry(refusal(review)));
  Appeal appeal;
  appeal.review = review.id;
  appeal.version = review.leaf;
  appeal.act = store->reviews().acts(review.id).value().back().number;
  appeal.words = "Il s'agit bien de votre boutique.";
  appeal.decided_by = "ana";
  appeal.at = clock.now();
  const std::int64_t id = store->moderation().add_appeal(appeal).value();
  EXPECT_EQ(store->moderation().add_appeal(appeal).value(), id);
  ReviewOrder accept;
  accept.act = "accept-appeal";
  accept.id = id;
  accept.who = "ben";
  EXPECT_THAT(carry(accept).error().what, HasSubstr("words"));
  accept.words = "Vous avez raison.";

  ASSERT_TRUE(carry(accept));

  EXPECT_EQ(again(review).state, ReviewState::published);
  EXPECT_EQ(carry(accept).error().kind, ErrorKind::gone);
  tick();
  EXPECT_THAT(owed(), SizeIs(2));  // the refusal, and the answer
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ReviewDeskTest, LiftsAMaskThatItsAuthorContests) {
  const Review review = receive("Voyez avec Jean Dupont.", "client-0042@example.org");
  tick();
  ReviewOrder mask = order("mask", review);
  mask.spans = places_of(kText, review.newest().values[kText], "Jean Dupont");
  ASSERT_TRUE(carry(mask));
  ReviewOrder accept = contest(review, "ana");
  accept.who = "ben";

  ASSERT_TRUE(carry(accept)) << carry(accept).error().what;

  EXPECT_EQ(again(review).shown()->masked, 0u);
  EXPECT_EQ(again(review).shown()->masked_text, "");
  EXPECT_EQ(carry(order("restore", review)).error().kind, ErrorKind::bad_data);  // nothing is withheld any more
  EXPECT_THAT(faults(), IsEmpty());
  ASSERT_TRUE(carry(mask));
  ReviewOrder hide = refusal(review);
  hide.act = "hide";
  ASSERT_TRUE(carry(hide));
  ASSERT_TRUE(carry(order("restore", review)));
  EXPECT_NE(again(review).shown()->masked, 0u);  // shown again, and still under its mask
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ReviewDeskTest, LetsNobodyAnswerAnObjectionToTheirOwnDecisionWhereSomebodyElseCan) {
  const Review review = receive("Votre colis était vide.");
  ASSERT_TRUE(carry(refusal(review)));
  ReviewOrder reject = contest(review, "ana");
  reject.act = "reject-appeal";
  settings.people.resize(2);
  settings.people[0].id = "ana";
  settings.people[1].id = "ben";

  reject.who = "ana";
  EXPECT_THAT(carry(reject).error().what, AllOf(HasSubstr("who"), HasSubstr("ben")));
  reject.who = "console";
  EXPECT_EQ(carry(reject).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(store->moderation().appeals(true, 10).value().size(), 1u);
  reject.who = "ben";
  ASSERT_TRUE(carry(reject));

  settings.people.resize(1);  // a team of one answers its own
  const Review other = receive("Jamais reçu.");
  ASSERT_TRUE(carry(refusal(other)));
  reject = contest(other, "ana");
  reject.act = "reject-appeal";
  EXPECT_TRUE(carry(reject));
}

TEST_F(ReviewDeskTest, ActsOnANoticeOnlyWhenAPersonSaysSo) {
  const Review review = receive("Le patron est un voleur condamné.");
  tick();
  Notice notice;
  notice.brand = "acme";
  notice.review = review.id;
  notice.ref = review.leaf;
  notice.kind = "illegal";
  notice.reason = "Aucune condamnation n'existe, voir le casier joint.";
  notice.name = "Un lecteur";
  notice.mail = "lecteur@example.org";
  notice.language = "fr";
  notice.status = std::string(32, 's');
  notice.at = clock.now();
  const std::int64_t id = store->moderation().add_notice(notice).value();
  tick();
  EXPECT_EQ(again(review).state, ReviewState::published);
  EXPECT_THAT(owed(), SizeIs(1));  // that it arrived
  ReviewOrder accept;
  accept.act = "accept-notice";
  accept.id = id;
  accept.code = "DEFAMATION";
  accept.words = "Fait précis, faux et attentatoire à l'honneur.";
  accept.who = "ana";

  ASSERT_TRUE(carry(accept));
  tick();

  EXPECT_EQ(again(review).shown(), nullptr);
  EXPECT_EQ(store->reviews().acts(review.id).value().back().by, "notice");
  EXPECT_THAT(owed(), SizeIs(2));
  EXPECT_EQ(carry(accept).error().kind, ErrorKind::gone);
  clock.advance(366 * kDay);
  ASSERT_TRUE(moderate.hourly());
  EXPECT_EQ(store->moderation().notice(id).value()->mail, "");
  EXPECT_THAT(faults(), IsEmpty());
}

}  // namespace
}  // namespace vigie
