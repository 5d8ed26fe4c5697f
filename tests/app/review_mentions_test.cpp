// A wall's own reviews on their way through the pipeline.

#include "app/review_mentions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "app/ingest.h"
#include "tests/support/temp_dir.h"
#include "wall/book.h"

namespace vigie {
namespace {

using namespace test;
using testing::IsEmpty;
using testing::SizeIs;

const Time kNoon = parse_rfc3339("2026-11-21T12:00:00Z").value();

class ReviewMentionsTest : public testing::Test {
 protected:
  ReviewMentionsTest() {
    settings_.brands = {{"acme", "Acme", "Acme", "fr"}, {"other", "Other", "Other", "en"}};
    settings_.serve.public_url = "https://avis.example";
    store_ = open();
    ingest_store_ = open();
    pipeline_ = Pipeline::make(settings_.brands, settings_.sources).value();
    ingest_ = std::make_unique<Ingest>(*bus_, *pipeline_, *ingest_store_, metrics_, committed_);
    working_ = std::jthread([this] { ingest_->run(); });
    book_ = std::make_unique<Book>(settings_, *store_, clock_);
    reviews_ = std::make_unique<ReviewMentions>(settings_, *store_, *bus_, clock_);
  }
  ~ReviewMentionsTest() override { bus_->close(); }

  std::unique_ptr<Store> open() { return open_sqlite_store("sqlite:" + folder_.file("v.db")).value(); }

  Review receive(const std::string& text, std::int64_t rating, const std::string& scale = "1-5") {
    Submission one;
    one.brand = "acme";
    one.scale = scale;
    one.rating = rating;
    one.values[kText] = text;
    one.values[kAuthor] = "client-0042";
    const auto received = book_->receive("acme", {one}).value();
    secret_ = received.front().secret;
    return *store_->reviews().review(received.front().id).value();
  }
  std::vector<StoredMention> mentions() { return store_->mentions_after(0, 100).value(); }
  void tick() {
    Result<bool> more = true;
    while (more && *more) more = reviews_->tick();
    ASSERT_TRUE(more) << more.error().what;
  }

  TempDir folder_;
  Settings settings_;
  ManualClock clock_{kNoon};
  Metrics metrics_;
  Pulse committed_;
  std::unique_ptr<Store> store_, ingest_store_;
  std::unique_ptr<Bus> bus_ = make_memory_bus();
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<Ingest> ingest_;
  std::unique_ptr<Book> book_;
  std::unique_ptr<ReviewMentions> reviews_;
  std::string secret_;
  std::jthread working_;
};

TEST_F(ReviewMentionsTest, AreOfTheirBrandWhateverTheTextSays) {
  const Review review = receive("Livraison en retard, personne ne répond.", 3, "0-10");
  tick();

  ASSERT_THAT(mentions(), SizeIs(1));
  const StoredMention mention = mentions().front();
  EXPECT_THAT(mention.brands, testing::ElementsAre("acme"));
  EXPECT_EQ(mention.mention.source, review.source);
  EXPECT_EQ(mention.mention.id, review.mention);
  EXPECT_EQ(mention.mention.kind, "review");
  EXPECT_EQ(mention.mention.author.name, "client-0042");
  EXPECT_EQ(mention.mention.rating->value, 3);
  EXPECT_EQ(mention.mention.rating->max, 10);
  EXPECT_EQ(mention.judgement.label, Label::negative);
  EXPECT_EQ(mention.mention.url, "https://avis.example/wall/acme?review=" + std::to_string(review.leaf));
}

TEST_F(ReviewMentionsTest, AreThereOnceAfterABookmarkThatWasLost) {
  receive("Très bien servi, merci à toute l'équipe.", 5);
  receive("Moyen.", 3);
  tick();
  ASSERT_TRUE(store_->save_cursor("wall", {""}));
  tick();
  EXPECT_THAT(mentions(), SizeIs(2));
}

TEST_F(ReviewMentionsTest, AreEditedWhenTheirAuthorChangesTheWording) {
  const Review review = receive("Livraison en retard.", 2);
  tick();
  clock_.advance(hours(1));
  std::array<std::string, kReviewFields> values;
  values[kText] = "Livraison en retard, puis remboursée.";
  ASSERT_TRUE(book_->update(review, 4, values));
  tick();

  ASSERT_THAT(mentions(), SizeIs(1));
  EXPECT_EQ(mentions().front().mention.text, "Livraison en retard, puis remboursée.");
  EXPECT_EQ(mentions().front().mention.rating->value, 4);
}

TEST_F(ReviewMentionsTest, AreGoneWithTheirReview) {
  const Review withdrawn = receive("Livraison en retard, deux fois.", 1),
               erased = receive("Trop cher pour ce que c'est.", 1);
  tick();
  ASSERT_THAT(mentions(), SizeIs(2));
  ASSERT_TRUE(book_->erase(erased, "gdpr", ""));
  ASSERT_TRUE(book_->erase(withdrawn, "gdpr", ""));
  const Review never_seen = receive("Effacé avant d'avoir été lu.", 1);
  ASSERT_TRUE(book_->withdraw(never_seen, secret_));
  tick();

  EXPECT_THAT(mentions(), IsEmpty());
}

TEST_F(ReviewMentionsTest, AreNotMadeOfReviewsThatCameAsMentions) {
  Submission collected;
  collected.brand = "acme";
  collected.rating = 4;
  collected.values[kText] = "Collected elsewhere.";
  collected.source = "shop";
  collected.mention = "r1";
  ASSERT_TRUE(book_->receive("acme", {collected}));
  tick();
  EXPECT_THAT(mentions(), IsEmpty());
}

}  // namespace
}  // namespace vigie
