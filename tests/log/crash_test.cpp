// Kills a process that appends and publishes with -9 at random moments: no receipt it gave is ever missing, no two
// checkpoints it showed are inconsistent. VIGIE_KILLS=200 kills that often.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "base/number.h"
#include "base/rng.h"
#include "tests/log/log_support.h"
#include "wall/log/append.h"
#include "wall/log/audit.h"
#include "wall/log/publisher.h"

namespace vigie::test {
namespace {

using testing::IsEmpty;

const Time kNoon = parse_rfc3339("2026-11-21T12:00:00Z").value();

// What is shown to the outside goes through the pipe as its length and bytes. Leaves by _exit: no destructor of the
// parent's runs.
[[noreturn]] void append_and_publish(const TempDir& folder, std::uint64_t seed, int shown) {
  const ManualClock clock(kNoon);
  SeededRng rng(seed);
  const auto store = open_sqlite_store("sqlite:" + folder.file("v.db"));
  if (!store) ::_exit(1);
  const auto publisher = Publisher::open({"acme", folder.path() / "log", {log_key()}}, **store, clock);
  if (!publisher) ::_exit(2);
  for (std::int64_t n = 0;; ++n) {
    std::vector<LeafToAppend> leaves;
    for (std::uint64_t i = 0; i <= rng.below(100); ++i)
      leaves.push_back(leaf_to_append(AuditLeaf{std::to_string(seed), "asked", n, {}, {}}, clock, hours(1)));
    const auto appended = (*store)->append_leaves("acme", leaves);
    if (!appended || !(*publisher)->publish()) ::_exit(3);
    const auto receipt = receipt_of(**store, folder.path() / "log", "acme", appended->back().index, std::nullopt);
    if (!receipt || !*receipt) ::_exit(4);
    const std::string message = big_endian((*receipt)->size(), 4) + **receipt;
    if (::write(shown, message.data(), message.size()) != static_cast<ssize_t>(message.size())) ::_exit(5);
  }
}

std::string read_exactly(int pipe, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t done = 0; done < size;) {
    const ssize_t got = ::read(pipe, bytes.data() + done, size - done);
    if (got <= 0) return bytes.substr(0, done);
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

// The receipts that one life of the process gave before it was killed.
std::vector<std::string> live_and_die(const TempDir& folder, std::uint64_t seed) {
  int pipe[2];
  EXPECT_EQ(::pipe(pipe), 0);
  const pid_t child = ::fork();
  if (child == 0) append_and_publish(folder, seed, pipe[1]);
  ::close(pipe[1]);
  SeededRng rng(seed);
  std::vector<std::string> receipts;
  const auto read_one = [&] {
    const std::string size = read_exactly(pipe[0], 4);
    if (size.size() < 4) return false;
    const std::size_t wanted = from_big_endian(size);
    receipts.push_back(read_exactly(pipe[0], wanted));
    if (receipts.back().size() == wanted) return true;
    receipts.pop_back();
    return false;
  };
  for (std::uint64_t i = 0; i <= rng.below(4); ++i) EXPECT_TRUE(read_one()) << "the process ended by itself";
  std::uint64_t drawn = 1;
  for (std::uint64_t spins = rng.below(3'000'000); spins > 0; --spins)
    drawn |= rng.next();  // some instant within the next batch
  EXPECT_NE(drawn, 0u);
  ::kill(child, SIGKILL);
  while (read_one()) {
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(pipe[0]);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the process failed at step " << WEXITSTATUS(status);
  return receipts;
}

TEST(LogCrash, LosesNoReceiptAndForksNoTree) {
  const char* wanted = std::getenv("VIGIE_KILLS");
  const std::int64_t kills = wanted ? whole_number(wanted).value_or(12) : 12;
  const TempDir folder;
  const std::vector<VerifierKey> keys = {verifier_of(log_key()).value()};
  std::vector<std::string> given, known;

  for (std::int64_t kill = 1; kill <= kills; ++kill) {
    for (std::string& receipt : live_and_die(folder, static_cast<std::uint64_t>(kill)))
      given.push_back(std::move(receipt));
  }

  const ManualClock clock(kNoon);
  const auto store = open_sqlite_store("sqlite:" + folder.file("v.db")).value();
  for (const std::string& text : given) {
    const Receipt receipt = parse_receipt(text).value();
    const auto leaf = store->leaves("acme", receipt.index, 1).value();
    ASSERT_EQ(leaf.size(), 1u) << receipt.index;
    EXPECT_TRUE(check_receipt(receipt, leaf.front().bytes, keys)) << receipt.index;
    known.push_back(receipt.checkpoint);
  }
  FolderFiles files(folder.path() / "log");
  EXPECT_THAT(audit(files, {keys.front(), std::nullopt, known, clock.now()}).value().findings, IsEmpty())
      << "as the last one was left";
  {
    const auto publisher = Publisher::open({"acme", folder.path() / "log", {log_key()}}, *store, clock).value();
    ASSERT_TRUE(publisher->publish());
  }
  EXPECT_THAT(audit(files, {keys.front(), std::nullopt, known, clock.now()}).value().findings, IsEmpty())
      << "after going on";
  EXPECT_GE(given.size(), static_cast<std::size_t>(kills));
}

}  // namespace
}  // namespace vigie::test
