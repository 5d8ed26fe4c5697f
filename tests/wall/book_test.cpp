#include "wall/book.h"

#include "base/secret.h"
#include "tests/store/stored.h"
#include "wall/log/account.h"
#include "wall/log/commitment.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::string_view kOrigin = "avis.example/wall/acme/log";

class BookTest : public testing::Test {
 protected:
  BookTest() {
    settings.brands = {{"acme", "Acme", "\"Acme\"", "fr"}};
    settings.serve.public_url = "https://avis.example";
  }

  static Submission review(std::int64_t rating, const std::string& text = "Livraison en retard, deux fois.") {
    Submission one;
    one.brand = "acme";
    one.rating = rating;
    one.lang = "fr";
    one.values[kText] = text;
    one.values[kAuthor] = "client-0042";
    one.values[kWhen] = "2026-11";
    return one;
  }

  Review receive(Submission one) {
    const auto received = book.receive("acme", {std::move(one)});
    if (!received) throw std::runtime_error(received.error().what);
    secret = received->front().secret;
    return *store->reviews().review(received->front().id).value();
  }

  Review again(const Review& review) { return *store->reviews().review(review.id).value(); }

  static ReviewAct act(const std::string& what, const Review& on, const std::string& code = "") {
    ReviewAct act;
    act.act = what;
    act.code = code;
    act.by = "human";
    act.version = on.newest().leaf;
    return act;
  }

  // What is wrong with the log, by its own rules; empty = nothing.
  std::vector<std::string> faults() {
    account.emplace(std::string(kOrigin));
    std::vector<std::string> all;
    const auto leaves = store->leaves("acme", 0, 1000);
    for (const LoggedLeaf& one : leaves.value()) {
      const auto leaf = tlog::parse_leaf(one.bytes);
      if (!leaf) {
        all.push_back(leaf.error().what);
        continue;
      }
      for (const std::string& fault : account->take(one.index, *leaf)) all.push_back(fault);
    }
    return all;
  }

  Settings settings;
  ManualClock clock{parse_rfc3339("2026-11-16T10:00:00Z").value()};
  std::unique_ptr<Store> store = open_store();
  Book book{settings, *store, clock};
  std::string secret;
  std::optional<tlog::Account> account;
};

TEST_F(BookTest, LogsAReviewUnderThePolicyBeforeAnybodyJudgesIt) {
  const Review review = receive(BookTest::review(1));

  EXPECT_EQ(review.leaf, 1);  // behind the policy
  EXPECT_EQ(review.state, ReviewState::waiting);
  EXPECT_EQ(review.newest().values[kText], "Livraison en retard, deux fois.");
  EXPECT_EQ(review.newest().deadline, clock.now() + settings.wall.decide_within);
  EXPECT_THAT(faults(), IsEmpty());
  ASSERT_THAT(account->reviews(), SizeIs(1));
  EXPECT_EQ(account->reviews()[0].versions[0].commitment, tlog::bytes_of(commitment_of(review.newest())));
  EXPECT_EQ(account->numbers().pending, 1);
}

TEST_F(BookTest, PublishesRefusesHidesAndRestores) {
  const Review good = receive(review(5)), bad = receive(review(1)), third = receive(review(2));

  ASSERT_TRUE(book.decide(good, act("publish", good)));
  ASSERT_TRUE(book.decide(bad, act("refuse", bad, "OFF-TOPIC")));
  ASSERT_TRUE(book.decide(third, act("publish", third)));
  ASSERT_TRUE(book.decide(third, act("hide", third, "COURT")));

  EXPECT_EQ(again(good).state, ReviewState::published);
  EXPECT_EQ(again(bad).newest().code, "OFF-TOPIC");
  EXPECT_EQ(again(third).shown(), nullptr);
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_EQ(account->numbers().published, 1);
  EXPECT_EQ(account->numbers().refused, 1);
  EXPECT_EQ(account->numbers().hidden, 1);
  ASSERT_TRUE(book.decide(again(bad), act("restore", bad)));
  ReviewFilter shown;
  shown.brand = "acme";
  shown.shown = true;
  EXPECT_EQ(store->reviews().count(shown).value(), 2);
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(BookTest, TakesNoActThatTheStateDoesNotAllow) {
  const Review one = receive(review(3));
  ASSERT_TRUE(book.decide(one, act("publish", one)));
  const std::int64_t size = store->log_state("acme").value().size;

  EXPECT_EQ(book.decide(again(one), act("publish", one)).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(book.decide(again(one), act("refuse", one, "OFF-TOPIC")).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(book.decide(again(one), act("hide", one, "BAD-RATING")).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(book.decide(again(one), act("edit", one)).error().kind, ErrorKind::bad_data);

  EXPECT_EQ(store->log_state("acme").value().size, size);
}

TEST_F(BookTest, AnswersAnInvitationOnce) {
  Submission answer = review(4);
  answer.origin = "inv";
  answer.survey = "delivery";
  answer.invitation = "token-of-one-customer";
  tlog::InvitationLeaf batch;
  batch.survey = "delivery";
  batch.channel = "email";
  batch.sent = batch.eligible = 1;
  batch.root = std::string(32, 'r');
  ASSERT_TRUE(book.policy("acme"));
  ASSERT_TRUE(store->append_leaves("acme", {book.entry("acme", batch)}));

  const auto received = book.receive("acme", {answer, answer});
  const auto later = book.receive("acme", {answer});

  ASSERT_TRUE(received && later);
  EXPECT_THAT(std::vector({(*received)[0].fresh, (*received)[1].fresh, (*later)[0].fresh}),
              ElementsAre(true, false, false));
  EXPECT_EQ((*later)[0].id, (*received)[0].id);
  EXPECT_EQ((*later)[0].leaf, (*received)[0].leaf);
  EXPECT_EQ(store->reviews().count({}).value(), 1);
  EXPECT_EQ(store->reviews().review_of_invitation(sha256("token-of-one-customer")).value()->id, (*received)[0].id);
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(BookTest, KeepsTheOldWordingWhenItsAuthorChangesIt) {
  const Review one = receive(review(1, "Jamais reçu."));
  ASSERT_TRUE(book.decide(one, act("publish", one)));
  std::array<std::string, kReviewFields> values{};
  values[kText] = "Reçu trois semaines plus tard.";
  ASSERT_TRUE(book.update(again(one), 3, values));

  const Review changed = again(one);

  ASSERT_THAT(changed.versions, SizeIs(2));
  EXPECT_EQ(changed.shown()->values[kText], "Jamais reçu.");
  ASSERT_TRUE(book.decide(changed, act("publish", changed)));
  EXPECT_EQ(again(one).shown()->values[kText], "Reçu trois semaines plus tard.");
  EXPECT_EQ(again(one).versions.front().values[kText], "Jamais reçu.");
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_EQ(account->numbers().histogram.at("3"), 1);
}

TEST_F(BookTest, IsWithdrawnByItsSecretAlone) {
  const Review one = receive(review(2));
  ASSERT_THAT(secret, SizeIs(32));

  EXPECT_EQ(book.withdraw(one, std::string(32, 'x')).error().kind, ErrorKind::denied);
  ASSERT_TRUE(book.withdraw(one, secret));

  EXPECT_EQ(again(one).state, ReviewState::withdrawn);
  EXPECT_EQ(book.withdraw(again(one), secret).error().kind, ErrorKind::gone);
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_EQ(account->numbers().withdrawn, 1);
}

TEST_F(BookTest, ErasesEveryValueAndKeyAndLeavesTheLogAsItWas) {
  Submission private_one = review(2, "Je suis client-0042, rue des Ormes.");
  private_one.contact = "client-0042@example.org";
  const Review one = receive(private_one), other = receive(review(5));
  ASSERT_TRUE(book.decide(other, act("publish", other)));
  const auto before = store->leaves("acme", 0, 100).value();

  ASSERT_TRUE(book.erase(one, "gdpr", "ana"));

  const Review erased = again(one);
  EXPECT_EQ(erased.state, ReviewState::erased);
  EXPECT_THAT(erased.newest().values, Each(std::string()));
  EXPECT_THAT(erased.newest().keys, Each(std::string()));
  EXPECT_EQ(erased.contact, "");
  EXPECT_EQ(book.erase(erased, "gdpr", "ana").error().kind, ErrorKind::gone);
  EXPECT_THAT(again(other).newest().values[kText], Not(IsEmpty()));
  const auto after = store->leaves("acme", 0, 100).value();
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(after[i].bytes, before[i].bytes);
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_EQ(account->numbers().erased, 1);
}

TEST_F(BookTest, ErasesWhatWasWithdrawnWithoutForgettingWhoTookIt) {
  const Review one = receive(review(2));
  ASSERT_TRUE(book.withdraw(one, secret));

  ASSERT_TRUE(book.erase(again(one), "gdpr", "", secret));

  EXPECT_EQ(again(one).state, ReviewState::withdrawn);
  EXPECT_THAT(again(one).newest().values, Each(std::string()));
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(BookTest, LogsItsRulesWhenTheyChangeAndOnlyThen) {
  receive(review(4));
  receive(review(4));
  EXPECT_EQ(store->log_state("acme").value().size, 3);

  settings.wall.decide_within = 3 * kDay;
  receive(review(4));

  EXPECT_EQ(store->log_state("acme").value().size, 5);
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_EQ(store->get_setting(concat("charter|", to_hex(sha256(charter(settings, "acme"))))).value(),
            charter(settings, "acme"));
}

TEST_F(BookTest, FindsWhatIsDue) {
  const Review one = receive(review(1));
  clock.advance(settings.wall.decide_within - hours(1));
  const Review later = receive(review(1));
  ReviewFilter due;
  due.due = clock.now();
  EXPECT_EQ(store->reviews().count(due).value(), 0);

  clock.advance(hours(1));
  due.due = clock.now();

  const auto found = store->reviews().reviews(due).value();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].id, one.id);
  EXPECT_NE(later.id, one.id);
}

TEST_F(BookTest, MasksWithoutTouchingTheText) {
  const Review one = receive(review(1, "Appelez Jean au 06 12 34 56 78."));
  ReviewAct mask = act("mask", one, "PERSONAL-DATA");
  mask.masked = 1u << kText;
  mask.masked_text = "Appelez Jean au ▇▇▇▇▇▇▇▇▇▇.";
  ASSERT_TRUE(book.decide(one, mask));
  ASSERT_TRUE(book.decide(again(one), act("publish", one)));

  const Review masked = again(one);

  EXPECT_EQ(masked.shown()->values[kText], "Appelez Jean au 06 12 34 56 78.");
  EXPECT_EQ(masked.shown()->masked_text, "Appelez Jean au ▇▇▇▇▇▇▇▇▇▇.");
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_EQ(account->numbers().published, 1);
}

}  // namespace
}  // namespace vigie
