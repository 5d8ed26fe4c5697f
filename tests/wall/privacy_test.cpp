#include "wall/privacy.h"

#include "store/privacy.h"
#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class PrivacyTest : public testing::Test {
 protected:
  PrivacyTest() {
    settings.brands = {{"acme", "Acme", "\"Acme\"", "fr"}};
    settings.serve.public_url = "https://avis.example";
  }

  Review receive() {
    Submission one;
    one.brand = "acme";
    one.rating = 2;
    one.values[kText] = "Le colis est arrivé ouvert, et personne ne répond.";
    one.values[kAuthor] = "client-0042";
    one.contact = "client-0042@example.org";
    one.source = "survey";
    one.mention = "acme/1";
    const auto received = book.receive("acme", {one});
    if (!received) throw std::runtime_error(received.error().what);
    secret = received->front().secret;
    Judged carried = judged("acme/1", one.values[kText]);
    carried.mention.source = "survey";
    carried.judgement.drivers = {{"ouvert", -0.5}};
    JudgedBatch batch = batch_of({carried});
    batch.source = "survey";
    commit(*store, batch);
    return *store->reviews().review(received->front().id).value();
  }

  Settings settings;
  ManualClock clock{parse_rfc3339("2026-11-16T10:00:00Z").value()};
  std::unique_ptr<Store> store = open_store();
  Book book{settings, *store, clock};
  std::string secret;
};

TEST_F(PrivacyTest, ExportsTheReviewWithWhatTheAnalysisMadeOfIt) {
  const Review review = receive();
  ReviewAct refusal;
  refusal.act = "refuse";
  refusal.code = "OFF-TOPIC";
  refusal.words = "Cela parle d'un autre magasin.";
  refusal.by = "human";
  refusal.who = "colleague-7";
  refusal.version = review.leaf;
  ASSERT_TRUE(book.decide(review, refusal));

  const auto text = export_of(*store, *store->reviews().review(review.id).value());

  ASSERT_TRUE(text) << text.error().what;
  EXPECT_TRUE(json::parse(*text));
  EXPECT_THAT(*text, AllOf(HasSubstr("Le colis est arrivé ouvert"), HasSubstr("client-0042@example.org"),
                           HasSubstr("un autre magasin"), HasSubstr(R"("words_that_moved_it":["ouvert"])")));
  EXPECT_THAT(*text, Not(HasSubstr("colleague-7"))) << "who decided is no data of the author";
}

TEST_F(PrivacyTest, ExportsAllThatIsFoundOfAPerson) {
  receive();
  const auto traces = store->reviews().privacy().find("client-0042@example.org");

  const auto text = export_of(*store, "client-0042@example.org", *traces, clock.now());

  ASSERT_TRUE(text) << text.error().what;
  const auto parsed = json::parse(*text);
  EXPECT_EQ(parsed->root().at("held").size(), 1u);
}

TEST_F(PrivacyTest, ErasesWithTheAuthorsSecretAndRefusesAnother) {
  const Review review = receive();

  EXPECT_EQ(erase_review(book, review, "", std::string("another")).error().kind, ErrorKind::denied);
  ASSERT_TRUE(erase_review(book, review, "", secret));

  EXPECT_EQ(erase_review(book, review, "").error().kind, ErrorKind::gone);
  const Review after = *store->reviews().review(review.id).value();
  EXPECT_EQ(after.state, ReviewState::erased);
  const auto text = export_of(*store, after);
  EXPECT_THAT(*text, AllOf(Not(HasSubstr("colis")), Not(HasSubstr("client-0042"))));
  EXPECT_TRUE(store->mention(1).value()->deleted);
  EXPECT_THAT(store->reviews().privacy().unfinished().value(), SizeIs(1));
}

}  // namespace
}  // namespace vigie
