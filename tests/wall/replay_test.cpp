#include "wall/replay.h"

#include "store/backup.h"
#include "store/privacy.h"
#include "tests/store/stored.h"
#include "wall/book.h"
#include "wall/log/folder.h"
#include "wall/log/keys.h"
#include "wall/log/publisher.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kOrigin = "avis.example/wall/acme/log";

// A wall whose database was lost and comes back from a backup, while its published log survived.
class ReplayTest : public testing::Test {
 protected:
  ReplayTest() : key(tlog::new_key(kOrigin, tlog::KeyType::ed25519)), store(open_store(url("first.db"))) {
    settings.brands = {{"acme", "Acme", "\"Acme\"", "fr"}};
    settings.serve.public_url = "https://avis.example";
  }

  std::string url(const std::string& name) const { return concat("sqlite:", folder.file(name)); }

  Review receive(const std::string& text) {
    Submission one;
    one.brand = "acme";
    one.rating = 2;
    one.values[kText] = text;
    const auto received = Book(settings, *store, clock).receive("acme", {one});
    if (!received) throw std::runtime_error(received.error().what);
    secret = received->front().secret;
    return *store->reviews().review(received->front().id).value();
  }

  void publish() {
    auto publisher = tlog::Publisher::open({"acme", folder.path() / "log", {key}}, *store, clock);
    ASSERT_TRUE(publisher) << publisher.error().what;
    const auto published = (*publisher)->publish();
    ASSERT_TRUE(published) << published.error().what;
  }

  void back_up() const {
    const auto done = back_up_sqlite(url("first.db"), {folder.file("copy"), folder.file("copy.keys")});
    ASSERT_TRUE(done) << done.error().what;
  }

  void restore() {
    const auto done = restore_sqlite({folder.file("copy"), folder.file("copy.keys")}, url("second.db"));
    ASSERT_TRUE(done) << done.error().what;
    store = open_store(url("second.db"));
  }

  Result<Replayed> replay() const {
    tlog::FolderFiles files(folder.path() / "log");
    return replay_log(files, "acme", {tlog::verifier_of(key).value()}, *store);
  }

  TempDir folder;
  Settings settings;
  ManualClock clock{parse_rfc3339("2026-11-16T10:00:00Z").value()};
  tlog::SigningKey key;
  std::unique_ptr<Store> store;
  std::string secret;
};

TEST_F(ReplayTest, ErasesAgainWhatWasErasedSinceTheBackup) {
  const Review kept = receive("Livré à l'heure."), erased = receive("Mon nom est dans ce texte.");
  const std::string secret_of_erased = secret;
  back_up();
  ASSERT_TRUE(Book(settings, *store, clock).erase(erased, "gdpr", "", secret_of_erased));
  publish();

  restore();
  ASSERT_EQ(store->reviews().review(erased.id).value()->newest().values[kText], "Mon nom est dans ce texte.");
  ASSERT_EQ(store->reviews().review(kept.id).value()->newest().keys[kText].size(), 32u) << "keys came back too";
  const auto replayed = replay();

  ASSERT_TRUE(replayed) << replayed.error().what;
  EXPECT_EQ(replayed->erased, 1);
  EXPECT_THAT(replayed->lost, IsEmpty());
  const Review after = *store->reviews().review(erased.id).value();
  EXPECT_EQ(after.state, ReviewState::erased);
  EXPECT_EQ(after.newest().values[kText], "");
  EXPECT_EQ(store->reviews().review(kept.id).value()->newest().values[kText], "Livré à l'heure.");
  EXPECT_FALSE(store->reviews().privacy().unfinished().value().empty()) << "its bytes leave the file as well";
}

TEST_F(ReplayTest, GoesOnWithTheSameHistory) {
  const Review one = receive("Un avis.");
  back_up();
  ReviewAct act;
  act.act = "publish";
  act.by = "auto";
  act.version = one.leaf;
  ASSERT_TRUE(Book(settings, *store, clock).decide(one, act));
  receive("Venu après la sauvegarde.");
  publish();
  const std::int64_t published = store->log_state("acme").value().size;

  restore();
  const auto replayed = replay();
  ASSERT_TRUE(replayed) << replayed.error().what;

  EXPECT_EQ(store->log_state("acme").value().size, published);
  EXPECT_EQ(store->reviews().review(one.id).value()->state, ReviewState::published);
  EXPECT_THAT(replayed->lost, ElementsAre(HasSubstr("its content is lost")));
  publish();  // refused unless the tree that was signed before is extended
  EXPECT_EQ(replay()->entries, 0) << "nothing to do a second time";
}

TEST_F(ReplayTest, RefusesALogOfAnotherHistoryAndChangesNothing) {
  receive("Un avis.");
  back_up();
  receive("Un autre.");
  receive("Un troisième.");
  publish();
  restore();
  receive("Reçu sans que le journal publié ait été repris.");
  const std::int64_t size = store->log_state("acme").value().size;

  const auto replayed = replay();

  ASSERT_FALSE(replayed);
  EXPECT_EQ(replayed.error().kind, ErrorKind::denied);
  EXPECT_THAT(replayed.error().what, HasSubstr("two histories"));
  EXPECT_EQ(store->log_state("acme").value().size, size);
}

TEST_F(ReplayTest, RefusesALogThatSomebodyElseSigned) {
  receive("Un avis.");
  back_up();
  receive("Un autre.");
  publish();
  restore();
  tlog::FolderFiles files(folder.path() / "log");
  const auto stranger = tlog::verifier_of(tlog::new_key(kOrigin, tlog::KeyType::ed25519));

  const auto replayed = replay_log(files, "acme", {*stranger}, *store);

  ASSERT_FALSE(replayed);
  EXPECT_EQ(replayed.error().kind, ErrorKind::denied);
}

}  // namespace
}  // namespace vigie
