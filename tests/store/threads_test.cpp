// Several connections on one file, each on its own thread.

#include <atomic>
#include <thread>

#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;

class Threads : public testing::Test {
 protected:
  const TempDir dir_;
  const std::string url_ = concat("sqlite:", dir_.file("vigie.db"));
};

TEST_F(Threads, AReaderSeesWholeBatchesWhileAnotherWrites) {
  constexpr int kBatches = 100, kEach = 10;
  const auto writer = open_store(url_), reader = open_store(url_);
  std::atomic<bool> done = false;
  std::jthread writing([&] {
    for (int b = 0; b < kBatches; ++b) {
      std::vector<Judged> mentions;
      mentions.reserve(kEach);
      for (int i = 0; i < kEach; ++i) mentions.push_back(judged(std::to_string(b * kEach + i), "colis"));
      commit(*writer, batch_of(mentions));
    }
    done = true;
  });

  std::int64_t last = 0;
  while (!done) {
    const auto count = reader->count_mentions();
    ASSERT_TRUE(count) << count.error().what;
    ASSERT_EQ(*count % kEach, 0);
    ASSERT_GE(*count, last);
    ASSERT_TRUE(reader->mentions({.brand = "acme", .search = "colis", .limit = 5}));
    last = *count;
  }
  writing.join();

  EXPECT_EQ(reader->count_mentions(), kBatches * kEach);
}

TEST_F(Threads, WritersTakeTurns) {
  constexpr int kEach = 40;
  const auto ingest = open_store(url_), collect = open_store(url_), watch = open_store(url_);
  std::atomic<int> failures = 0;
  {
    std::jthread committing([&] {
      for (int i = 0; i < kEach; ++i) failures += !ingest->commit(batch_of({judged(std::to_string(i), "colis")}));
    });
    std::jthread collecting([&] {
      for (int i = 0; i < kEach; ++i) failures += !collect->save_cursor("hn", {std::to_string(i)});
    });
    std::jthread watching([&] {
      WatchCommit place;
      for (; place.offset < kEach; ++place.offset) failures += !watch->commit_watch(place);
    });
  }

  EXPECT_EQ(failures, 0);
  EXPECT_EQ(ingest->count_mentions(), kEach);
  EXPECT_EQ(ingest->cursor("hn")->value, std::to_string(kEach - 1));
  EXPECT_EQ((*ingest->watch_state())->offset, kEach - 1);
}

TEST_F(Threads, SendersShareTheMessagesWithoutDoublingOne) {
  constexpr int kMessages = 60;
  std::vector<Notification> owed(kMessages);
  for (int i = 0; i < kMessages; ++i) {
    owed[static_cast<std::size_t>(i)].id = owed[static_cast<std::size_t>(i)].subject_id = std::to_string(i);
    owed[static_cast<std::size_t>(i)].created = owed[static_cast<std::size_t>(i)].due = kNoon;
  }
  ASSERT_TRUE(open_store(url_)->add_notifications(owed));
  std::atomic<int> claimed = 0;
  {
    std::vector<std::jthread> senders;
    senders.reserve(3);
    for (int i = 0; i < 3; ++i) {
      senders.emplace_back([&] {
        const auto store = open_store(url_);
        while (const auto mine = *store->claim_notification(kNoon, hours(1))) {
          claimed += *store->finish_notification(mine->id, mine->claim_no, {NotificationState::sent, {}, "r", ""});
        }
      });
    }
  }

  EXPECT_EQ(claimed, kMessages);
}

TEST_F(Threads, OpenANewDatabaseAllAtOnce) {
  constexpr int kRounds = 20, kOpeners = 6;  // who asks for the same lock at the same moment is luck
  std::atomic<int> opened = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::string url = concat(url_, std::to_string(round));
    std::vector<std::jthread> openers;
    openers.reserve(kOpeners);
    for (int i = 0; i < kOpeners; ++i) {
      openers.emplace_back([&] {
        const auto store = open_sqlite_store(url);
        if (!store) ADD_FAILURE() << store.error().what;
        opened += store.has_value();
      });
    }
  }

  EXPECT_EQ(opened, kRounds * kOpeners);
}

}  // namespace
}  // namespace vigie
