#include "wall/items.h"

#include <array>

#include <rapidcheck.h>

#include "store/sqlite.h"
#include "tests/store/stored.h"
#include "tests/support/files.h"
#include "tests/wall/acts.h"
#include "wall/book.h"
#include "wall/log/audit.h"
#include "wall/log/publisher.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kOrigin = "avis.example/wall/acme/log";

// A wall whose every act goes through the book, with its log in a folder and its list beside it.
class ActedWall {
 public:
  enum class Kept { on_disk, in_memory };

  explicit ActedWall(Kept kept = Kept::in_memory) {
    settings.brands = {{"acme", "Acme", "\"Acme\"", "fr"}};
    settings.serve.public_url = "https://avis.example";
    store = open_store(kept == Kept::in_memory ? "sqlite::memory:" : concat("sqlite:", temp_.file("vigie.db")));
    book.emplace(settings, *store, clock);
    publisher_ = tlog::Publisher::open({"acme", folder(), {key()}}, *store, clock).value();
    items.emplace("acme", kOrigin, folder());
  }

  static tlog::SigningKey key() { return {kOrigin, tlog::KeyType::ed25519, sha256("log")}; }
  std::filesystem::path folder() const { return temp_.path() / "log"; }
  std::string items_text() const { return read_bytes(folder() / tlog::kItemsFile); }

  Review receive(std::int64_t rating, const std::string& text) {
    Submission one;
    one.brand = "acme";
    one.rating = rating;
    one.lang = "fr";
    one.values[kText] = text;
    one.values[kAuthor] = "client-0042";
    one.values[kWhen] = "2026-11";
    const auto received = book->receive("acme", {std::move(one)}).value();
    secrets[received.front().id] = received.front().secret;
    return again(received.front().id);
  }
  Review again(std::int64_t id) { return *store->reviews().review(id).value(); }

  Result<std::int64_t> act(const std::string& what, const Review& on, const std::string& code = "",
                           unsigned masked = 0) {
    ReviewAct act;
    act.act = what;
    act.code = code;
    act.by = "human";
    act.version = on.newest().leaf;
    act.masked = masked;
    if ((masked & (1u << kText)) != 0) act.masked_text = "Appelez ▇▇▇▇.";
    return book->decide(on, act);
  }
  Review published(std::int64_t rating, const std::string& text) {
    const Review review = receive(rating, text);
    EXPECT_TRUE(act("publish", review));
    return again(review.id);
  }

  // As the loop that publishes does it.
  void publish() {
    const auto done = publisher_->publish();
    ASSERT_TRUE(done) << done.error().what;
    const auto written = items->write(*store, done->size, clock.now());
    ASSERT_TRUE(written) << written.error().what;
  }
  std::vector<std::string> findings() {
    tlog::FolderFiles files(folder());
    const auto audited = tlog::audit(files, {tlog::verifier_of(key()).value(), std::nullopt, {}, clock.now()});
    return audited ? audited->findings : std::vector<std::string>{audited.error().what};
  }

  // What somebody with the database in hands could do.
  void tamper(const std::string& sql) {
    const auto driver = open_sqlite_driver(temp_.file("vigie.db"));
    ASSERT_TRUE(driver) << driver.error().what;
    const auto done = (*driver)->run_script(
        concat("pragma foreign_keys = off; drop trigger review_values_keep; drop trigger review_keys_keep; ", sql));
    ASSERT_TRUE(done) << done.error().what;
  }

  Settings settings;
  ManualClock clock{parse_rfc3339("2026-11-16T10:00:00Z").value()};
  std::unique_ptr<Store> store;
  std::optional<Book> book;
  std::optional<ItemsFile> items;
  std::map<std::int64_t, std::string> secrets;

 private:
  TempDir temp_;
  std::unique_ptr<tlog::Publisher> publisher_;
};

TEST(Items, AreWhatTheLogSaysAndNothingElse) {
  ActedWall wall;
  const Review shown = wall.published(4, "Livraison rapide.");
  wall.receive(1, "Jamais reçu.");
  const Review refused = wall.receive(2, "Achetez chez nous.");
  ASSERT_TRUE(wall.act("refuse", refused, "SPAM-PROMO"));
  wall.publish();

  EXPECT_THAT(wall.findings(), IsEmpty());
  const auto read = tlog::read_items(wall.items_text());
  ASSERT_TRUE(read);
  ASSERT_THAT(read->all.items, SizeIs(1));
  EXPECT_EQ(read->all.items[0].ref, shown.leaf);
  EXPECT_EQ(read->all.items[0].fields[kText].value, "Livraison rapide.");
  EXPECT_EQ(read->all.numbers.received, 3);
  EXPECT_THAT(wall.items_text(), AllOf(Not(HasSubstr("Jamais")), Not(HasSubstr("Achetez"))));
}

TEST(Items, OpenNothingThatTheWallDoesNotShow) {
  ActedWall wall;
  Submission one;
  one.brand = "acme";
  one.rating = 4;
  one.values[kText] = "Livraison rapide.";
  one.values[kPlace] = "rue des Ormes";
  one.values[kOrder] = "A-10042";
  const auto received = wall.book->receive("acme", {std::move(one)});
  ASSERT_TRUE(received);
  ASSERT_TRUE(wall.act("publish", wall.again(received->front().id)));
  wall.publish();

  EXPECT_THAT(wall.items_text(),
              AllOf(HasSubstr("Livraison rapide."), Not(HasSubstr("A-10042")), Not(HasSubstr("Ormes"))));
  EXPECT_THAT(wall.findings(), IsEmpty());
}

TEST(Items, CloseWhatIsMaskedAndLoseWhatIsErasedAtOnce) {
  ActedWall wall;
  const Review one = wall.published(1, "Appelez Jean au 06 12 34 56 78."), other = wall.published(5, "Parfait, merci.");
  wall.publish();
  ASSERT_THAT(wall.items_text(), AllOf(HasSubstr("06 12"), HasSubstr("Parfait")));

  ASSERT_TRUE(wall.act("mask", one, "PERSONAL-DATA", 1u << kText));
  wall.publish();

  EXPECT_THAT(wall.items_text(), Not(HasSubstr("06 12")));
  EXPECT_THAT(wall.findings(), IsEmpty());
  ASSERT_TRUE(wall.act("restore", wall.again(one.id)));  // a mask that should not have been
  wall.publish();
  EXPECT_THAT(wall.items_text(), HasSubstr("06 12"));
  EXPECT_THAT(wall.findings(), IsEmpty());
  EXPECT_FALSE(wall.act("restore", wall.again(one.id)));
  ASSERT_TRUE(wall.book->erase(wall.again(other.id), "gdpr", "ana"));
  wall.publish();
  EXPECT_THAT(wall.items_text(), Not(HasSubstr("Parfait")));
  EXPECT_THAT(wall.findings(), IsEmpty());
}

TEST(Items, AreWrittenOnceAMinuteWhenReviewsOnlyCome) {
  ActedWall wall;
  wall.published(4, "Un.");
  wall.publish();
  wall.published(4, "Deux.");
  wall.clock.advance(seconds(59));
  wall.publish();
  EXPECT_THAT(wall.items_text(), Not(HasSubstr("Deux")));
  EXPECT_THAT(wall.findings(), IsEmpty());  // a little older than the log, and it says so

  wall.clock.advance(seconds(1));
  wall.publish();

  EXPECT_THAT(wall.items_text(), HasSubstr("Deux"));
}

TEST(Items, WaitForTheCheckpointThatCoversThem) {
  ActedWall wall;
  wall.published(4, "Un.");
  wall.publish();
  const std::int64_t size = wall.store->log_state("acme").value().size;
  wall.clock.advance(minutes(2));
  wall.published(4, "Deux.");

  ASSERT_TRUE(wall.items->write(*wall.store, size, wall.clock.now()));  // appended behind the checkpoint
  EXPECT_THAT(wall.items_text(), Not(HasSubstr("Deux")));
  EXPECT_THAT(wall.findings(), IsEmpty());

  wall.publish();
  EXPECT_THAT(wall.items_text(), HasSubstr("Deux"));
  EXPECT_THAT(wall.findings(), IsEmpty());
}

// Any acts in any order, those that the book refuses included, leave a wall that any verifier accepts.
TEST(Items, StandUpToAnAuditAfterAnyActs) {
  const bool held = rc::check("an honest wall has no findings", [](std::uint64_t seed) {
    ActedWall wall;
    SeededRng rng(seed);
    RandomActs acts("acme", *wall.book, *wall.store, rng.next());
    const std::size_t steps = 20 + rng.below(60);
    for (std::size_t step = 0; step < steps; ++step) {
      wall.clock.advance(minutes(rng.below(600)));
      RC_ASSERT(acts.step());
      if (rng.below(40) == 0) wall.publish();
    }
    RC_ASSERT(acts.decide_what_is_due(wall.clock.now()));
    wall.clock.advance(minutes(2));
    wall.publish();
    RC_ASSERT(wall.findings() == std::vector<std::string>());
  });
  EXPECT_TRUE(held);
}

struct Tampering {
  const char* what;
  const char* sql;
  const char* finding;
};

TEST(Items, NameWhateverIsChangedInTheDatabase) {
  const Tampering tamperings[] = {
      {"a text", "update review_values set value = 'Parfait !' where field = 0 and review = 2",
       "the commitment does not open"},
      {"an author", "update review_values set value = 'client-0001' where field = 1 and review = 2",
       "the commitment does not open"},
      {"a date of experience", "update review_values set value = '2020-01' where field = 2 and review = 2",
       "the commitment does not open"},
      {"a rating", "update review_versions set rating = 5 where review = 2", "shows the rating 5, the log says 1"},
      {"a date of receipt", "update reviews set received = received - 200000000000 where id = 2",
       "is shown as received"},
      {"a date of publication", "update review_versions set published = published - 200000000000 where review = 2",
       "is shown as published"},
      {"a masking nobody logged", "update review_versions set masked = 1 where review = 2",
       "is masked, the log says nothing of it"},
      {"a text taken out", "delete from review_values where review = 2 and field = 0", "the commitment does not open"},
      {"a review taken out", "delete from reviews where id = 2", "is published, and the wall does not show it"},
  };
  for (const Tampering& tampering : tamperings) {
    ActedWall wall(ActedWall::Kept::on_disk);
    wall.published(5, "Bien.");
    const Review target = wall.published(1, "Jamais reçu, personne ne répond.");
    wall.publish();
    ASSERT_THAT(wall.findings(), IsEmpty());

    wall.tamper(tampering.sql);
    wall.publish();

    EXPECT_THAT(wall.findings(),
                Contains(AllOf(HasSubstr(concat("leaf ", std::to_string(target.leaf))), HasSubstr(tampering.finding))))
        << tampering.what;
  }
}

TEST(Items, AreTheSameWhenMadeAnew) {
  ActedWall wall;
  for (int i = 0; i < 5; ++i) wall.published(1 + i, concat("Avis ", std::to_string(i)));
  wall.publish();
  const std::string kept = wall.items_text();
  const std::int64_t size = wall.store->log_state("acme").value().size;

  ASSERT_TRUE(write_items(*wall.store, "acme", kOrigin, wall.folder(), size, wall.clock.now()));

  EXPECT_EQ(wall.items_text(), kept);
}

}  // namespace
}  // namespace vigie
