// The transparency log: entries appended a second, and the time to make every file of a log anew from its store.
//
//   bench_log [ENTRIES] [FOLDER]      10,000,000 entries of about 290 bytes; needs some 7 GB in FOLDER, which is
//   emptied
//
// Prints its own figures: wall-clock and processor seconds, all on one thread.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/number.h"
#include "base/secret.h"
#include "store/store.h"
#include "wall/log/append.h"
#include "wall/log/publisher.h"

namespace vigie {
namespace {

constexpr std::int64_t kBatch = 1000;
const Time kStart = from_epoch(1'790'000'000);

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

std::int64_t most_memory_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

class Timer {
 public:
  double wall() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  double processor() const { return processor_seconds() - processor_; }

 private:
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  const double processor_ = processor_seconds();
};

tlog::SubmissionLeaf review(std::int64_t number) {
  tlog::SubmissionLeaf leaf;
  leaf.source = "inv";
  leaf.survey = "nps";
  leaf.scale = "1-5";
  leaf.rating = 1 + number % 5;
  leaf.lang = "fr";
  leaf.verified = "order";
  leaf.commitment = sha256(std::to_string(number));
  leaf.lock = sha256(leaf.commitment);
  leaf.nullifier = leaf.lock.substr(0, 16);
  return leaf;
}

// Each entry as a submission makes it: written, read back to be sure, marked so that its invitation counts once.
Result<void> append_as_submissions(Store& store, const Clock& clock, std::int64_t count, std::int64_t batch) {
  static std::int64_t number = 0;  // no invitation twice
  for (std::int64_t done = 0; done < count; done += batch) {
    std::vector<LeafToAppend> leaves;
    for (std::int64_t i = 0; i < batch; ++i) {
      tlog::SubmissionLeaf leaf = review(number++);
      const std::string once = concat("k:", to_hex(*leaf.nullifier));
      leaves.push_back(tlog::leaf_to_append(std::move(leaf), clock, hours(1), once));
    }
    TRY(store.append_leaves("bench", leaves));
  }
  return {};
}

// Ready bytes, to fill a store.
Result<void> fill(Store& store, std::int64_t count) {
  const std::string entry = *tlog::to_bytes({to_epoch(kStart), review(1)});
  for (std::int64_t done = 0; done < count;) {
    std::vector<LeafToAppend> leaves;
    for (std::int64_t i = 0; i < 10'000 && done < count; ++i, ++done) {
      leaves.push_back({[&entry, done](const LeafPlace&) -> Result<NewLeaf> {
        std::string bytes = entry;
        const std::string digits = std::to_string(100'000'000 + done);
        bytes.replace(6, digits.size(), digits);  // inside the commitment
        return NewLeaf{std::move(bytes), 1'790'000'000};
      }});
    }
    TRY(store.append_leaves("full", leaves));
  }
  return {};
}

Result<void> measure(std::int64_t count, const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const ManualClock clock(kStart);
  TRY(const std::unique_ptr<Store> store, open_sqlite_store(concat("sqlite:", (folder / "v.db").string())));
  const tlog::SigningKey key{"bench.example/log", tlog::KeyType::ed25519, sha256("bench")};

  for (const auto& [entries, batch] : {std::pair<std::int64_t, std::int64_t>{100'000, kBatch}, {2'000, 10}}) {
    const Timer appending;
    TRY(append_as_submissions(*store, clock, entries, batch));
    std::printf("append, %lld a durable transaction: %.0f a second (%.0f a processor second)\n",
                static_cast<long long>(batch), static_cast<double>(entries) / appending.wall(),
                static_cast<double>(entries) / appending.processor());
  }
  TRY(const std::unique_ptr<tlog::Publisher> small,
      tlog::Publisher::open({"bench", folder / "bench", {key}}, *store, clock));
  TRY(small->publish());
  constexpr int kRounds = 20;
  const Timer publishing;
  for (int round = 0; round < kRounds; ++round) {
    TRY(append_as_submissions(*store, clock, kBatch, kBatch));
    TRY(small->publish());
  }
  std::printf("batches of %lld appended and published, files and checkpoint on the disk: %.0f ms a batch\n",
              static_cast<long long>(kBatch), publishing.wall() * 1000 / kRounds);

  const Timer filling;
  TRY(fill(*store, count));
  std::printf("%lld entries stored in %.1f s\n", static_cast<long long>(count), filling.wall());
  TRY(const std::unique_ptr<tlog::Publisher> large,
      tlog::Publisher::open({"full", folder / "full", {key}}, *store, clock));
  const Timer rebuilding;
  TRY(const tlog::Published published, large->rebuild());
  std::printf(
      "%lld entries rebuilt, all tiles and bundles on the disk: %.1f s (%.1f s of processor), %lld MB of memory at "
      "most\n",
      static_cast<long long>(published.size), rebuilding.wall(), rebuilding.processor(),
      static_cast<long long>(most_memory_mb()));
  std::filesystem::remove_all(folder);
  return {};
}

}  // namespace
}  // namespace vigie

int main(int argc, char** argv) {
  const std::int64_t count = argc > 1 ? vigie::whole_number(argv[1]).value_or(0) : 10'000'000;
  const std::filesystem::path folder =
      argc > 2 ? argv[2] : (std::filesystem::temp_directory_path() / "bench_log").string();
  const auto measured = vigie::measure(count, folder);
  if (!measured) std::fprintf(stderr, "bench_log: %s\n", measured.error().what.c_str());
  return measured ? 0 : 1;
}
