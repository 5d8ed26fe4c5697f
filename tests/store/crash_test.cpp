// Kills a writing process with -9 at random moments and looks at what it left.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rng.h"
#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;

constexpr int kPage = 20;

JudgedBatch page(std::int64_t number) {
  std::vector<Judged> mentions;
  mentions.reserve(kPage);
  for (int i = 0; i < kPage; ++i) {
    const std::string id = std::to_string(number * kPage + i);
    mentions.push_back(negative(judged(id, concat("mot", id, " commun"))));
  }
  return batch_of(std::move(mentions));
}

// What the collector does: a page, then the cursor behind it. A byte on the pipe after each step, so that the killer
// knows that work is under way. Leaves by _exit: no destructor of the parent's runs.
[[noreturn]] void write_pages(const std::string& url, int progress) {
  const auto store = open_sqlite_store(url);
  if (!store) ::_exit(1);
  for (;;) {
    const auto cursor = (*store)->cursor("hn");
    if (!cursor) ::_exit(2);
    const std::int64_t number = cursor->value.empty() ? 0 : std::stoll(cursor->value);
    if (!(*store)->commit(page(number))) ::_exit(3);
    if (::write(progress, "c", 1) != 1) ::_exit(4);
    if (!(*store)->save_cursor("hn", {std::to_string(number + 1)})) ::_exit(5);
    if (::write(progress, "s", 1) != 1) ::_exit(6);
  }
}

void kill_after(const std::string& url, std::uint64_t steps, std::uint64_t spins) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) write_pages(url, pipe[1]);
  ::close(pipe[1]);
  char step = 0;
  for (std::uint64_t i = 0; i < steps; ++i) ASSERT_EQ(::read(pipe[0], &step, 1), 1) << "the writer ended by itself";
  SeededRng busy(1);
  std::uint64_t drawn = 1;
  for (std::uint64_t i = 0; i < spins; ++i) drawn |= busy.next();  // some instant within the next step
  ASSERT_NE(drawn, 0u);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(pipe[0]);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the writer failed at step " << WEXITSTATUS(status);
}

TEST(KillMinusNine, LeavesWholePagesAndNeverACursorAheadOfThem) {
  const TempDir dir;
  const std::string url = concat("sqlite:", dir.file("vigie.db"));
  SeededRng rng(2026);
  std::int64_t pages = 0;

  for (int round = 0; round < 25; ++round) {
    ASSERT_NO_FATAL_FAILURE(kill_after(url, 1 + rng.below(6), rng.below(3'000'000)));

    const auto store = open_store(url);
    const std::int64_t mentions = *store->count_mentions();
    const std::int64_t cursor = std::stoll(concat("0", store->cursor("hn")->value));
    ASSERT_EQ(mentions % kPage, 0) << "half a page";
    ASSERT_GE(mentions, cursor * kPage) << "the cursor stands ahead of the data";
    ASSERT_LE(mentions, (cursor + 1) * kPage) << "a page was taken twice";
    ASSERT_GE(mentions, pages * kPage) << "something committed was lost";
    pages = mentions / kPage;
    const auto hours = store->hourly("acme", kNoon, kNoon + minutes(1));
    ASSERT_EQ(hours->at(0).total, mentions);
    ASSERT_EQ(hours->at(0).negatives, mentions);
    ASSERT_EQ(store->sources()->at(0).mentions, mentions);
    const std::string last = std::to_string(mentions - 1);
    ASSERT_THAT(ids(store->mentions({.search = concat("mot", last)})), testing::ElementsAre(last));
  }
  EXPECT_GT(pages, 10);
}

TEST(KillMinusNine, KeepsAnAcceptedMessageOwed) {
  const TempDir dir;
  const std::string url = concat("sqlite:", dir.file("vigie.db"));
  Notification owed;
  owed.id = "n1";
  owed.subject_id = "i1";
  owed.created = owed.due = kNoon;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto store = open_sqlite_store(url);
    const bool done = store && (*store)->add_notifications({owed}) && (*store)->claim_notification(kNoon, minutes(1));
    if (done) ::kill(::getpid(), SIGKILL);  // claimed, and never heard of again
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));

  const auto store = open_store(url);

  EXPECT_FALSE(*store->claim_notification(kNoon, minutes(1))) << "its lease runs";
  const auto again = *store->claim_notification(kNoon + minutes(1), minutes(1));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->claim_no, 2);
}

}  // namespace
}  // namespace vigie
