#include "app/erasures.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <utility>

#include "app/watch.h"
#include "base/text.h"
#include "pipeline/rules.h"
#include "pipeline/taxonomy.h"
#include "store/reviews.h"
#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kWords = "Zyxwordoneforall chez le marchand";

class ErasuresTest : public testing::Test {
 protected:
  ErasuresTest() : store(open_store(concat("sqlite:", folder.file("vigie.db")))) {
    settings.brands = {{"acme", "Acme", "\"Acme\"", "fr"}};
    EndpointSettings files;
    files.id = "files";
    files.kind = "file";
    files.folder = folder.file("messages");
    settings.endpoints = {files};
    Judged one = negative(judged("p1", std::string(kWords)));
    one.mention.author.name = "client-0042";
    commit(*store, batch_of({one}, clock.now()));
  }

  // As a watch that has seen it leaves its state.
  void watch() const {
    config::Problems told;
    const auto rules = make_rules(settings, Taxonomy::with({}, told).ids());
    std::vector<Signal> said;
    rules->observe(store->mention(1).value().value(), said);
    rules->tick(clock.now() + minutes(5), said);
    WatchCommit commit;
    commit.offset = 1;
    commit.state = rules->save();
    ASSERT_TRUE(store->commit_watch(commit));
  }

  void erase() const {
    const auto found = store->reviews().privacy().find("client-0042");
    ASSERT_TRUE(found && found->size() == 1);
    ASSERT_TRUE(store->reviews().privacy().erase(found->front(), clock.now()));
  }

  Result<bool> tick() const { return Erasures(settings, *store, clock).tick(); }

  std::string everything() const {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return ascii_lower(all);
  }

  TempDir folder;
  Settings settings;
  ManualClock clock{kNoon};
  std::unique_ptr<Store> store;
};

TEST_F(ErasuresTest, CleanTheStateOfAWatchThatDoesNotRun) {
  watch();
  ASSERT_THAT(store->watch_state().value()->state, HasSubstr("zyxwordoneforall"));
  erase();

  EXPECT_EQ(tick().value(), false) << "a watch that runs has its time to forget first";
  clock.advance(seconds(20));
  EXPECT_EQ(tick().value(), false) << "it is looked for again later";
  clock.advance(minutes(1));
  EXPECT_EQ(tick().value(), true);

  EXPECT_THAT(everything(), Not(HasSubstr("zyx")));
  EXPECT_EQ(store->watch_state().value()->offset, 1);
  EXPECT_THAT(store->reviews().privacy().unfinished().value(), IsEmpty());
}

TEST_F(ErasuresTest, RemoveMessagesThatWereWrittenAsFilesAndNoOthers) {
  Notification told;
  told.id = "n1";
  told.subject_kind = "incident";
  told.subject_id = "i1";
  told.endpoint = "files";
  told.created = told.due = kNoon;
  told.document =
      concat(R"({"quotes":[{"text":")", kWords, R"(","source":"hn","time":")", format_rfc3339(kNoon), R"("}]})");
  ASSERT_TRUE(store->add_notifications({told}));
  for (const auto& [name, id] : {std::pair{"001-first-files", "n1"}, std::pair{"002-first-files", "n2"}}) {
    folder.write(concat("messages/", name, ".eml"), concat("Subject: x\r\nX-Vigie-Notification: ", id, "\r\n\r\n..."));
    folder.write(concat("messages/", name, ".html"), "<p>...</p>");
  }
  erase();
  clock.advance(minutes(2));

  ASSERT_TRUE(tick());

  EXPECT_FALSE(std::filesystem::exists(folder.file("messages/001-first-files.eml")));
  EXPECT_FALSE(std::filesystem::exists(folder.file("messages/001-first-files.html")));
  EXPECT_TRUE(std::filesystem::exists(folder.file("messages/002-first-files.html")));
  EXPECT_THAT(everything(), Not(HasSubstr("zyx")));
}

TEST_F(ErasuresTest, RemoveAMessageThatWasOnItsWayMeanwhile) {
  Notification told;
  told.id = "n1";
  told.subject_kind = "incident";
  told.subject_id = "i1";
  told.endpoint = "files";
  told.created = told.due = kNoon;
  told.document =
      concat(R"({"quotes":[{"text":")", kWords, R"(","source":"hn","time":")", format_rfc3339(kNoon), R"("}]})");
  ASSERT_TRUE(store->add_notifications({told}));
  erase();
  clock.advance(seconds(20));
  ASSERT_EQ(tick().value(), false);

  folder.write("messages/001-first-files.eml", "Subject: x\r\nX-Vigie-Notification: n1\r\n\r\n...");
  folder.write("messages/001-first-files.html", "<p>...</p>");
  clock.advance(minutes(1));

  EXPECT_EQ(tick().value(), true);
  EXPECT_FALSE(std::filesystem::exists(folder.file("messages/001-first-files.eml")));
  EXPECT_FALSE(std::filesystem::exists(folder.file("messages/001-first-files.html")));
}

// Somebody erases while a watch has just read what it is about to learn from.
TEST_F(ErasuresTest, AreForgottenByAWatchThatHadReadTheMentionBefore) {
  struct Interrupted final : Clock {
    Time now() const override {
      if (std::exchange(first, false)) erase();
      return kNoon + minutes(1);
    }
    mutable bool first = true;
    std::function<void()> erase;
  } between;
  between.erase = [this] { erase(); };
  Metrics metrics;
  Pulse owed;
  Watch watch(settings, *store, between, metrics, owed);
  ASSERT_TRUE(watch.open());

  ASSERT_TRUE(watch.tick());
  ASSERT_FALSE(between.first);
  ASSERT_TRUE(watch.tick());

  EXPECT_THAT(store->watch_state().value()->state, Not(HasSubstr("zyx")));
}

// As a backup that is restored brings several back at once.
TEST_F(ErasuresTest, LeaveNoBytesOfTheSecondOfTwo) {
  Judged two = negative(judged("p2", "Wyxwordoneforall chez le voisin"));
  two.mention.author.name = "client-0043";
  commit(*store, batch_of({two}, clock.now()));
  config::Problems told;
  const auto rules = make_rules(settings, Taxonomy::with({}, told).ids());
  std::vector<Signal> said;
  for (const std::int64_t seq : {1, 2}) rules->observe(store->mention(seq).value().value(), said);
  rules->tick(clock.now() + minutes(5), said);
  WatchCommit commit;
  commit.offset = 2;
  commit.state = rules->save();
  ASSERT_TRUE(store->commit_watch(commit));
  ASSERT_THAT(everything(), HasSubstr("wyxwordoneforall"));
  erase();
  const auto other = store->reviews().privacy().find("client-0043").value();
  ASSERT_TRUE(store->reviews().privacy().erase(other.at(0), clock.now()));
  clock.advance(minutes(2));

  EXPECT_EQ(tick().value(), true);

  EXPECT_THAT(everything(), Not(HasSubstr("zyx")));
  EXPECT_THAT(everything(), Not(HasSubstr("wyx")));
}

TEST_F(ErasuresTest, AreTakenUpAgainByWhoeverLooksNext) {
  erase();
  store = open_store(concat("sqlite:", folder.file("vigie.db")));  // whoever erased it is gone
  clock.advance(minutes(2));

  EXPECT_EQ(tick().value(), true);

  EXPECT_THAT(everything(), Not(HasSubstr("zyx")));
}

}  // namespace
}  // namespace vigie
