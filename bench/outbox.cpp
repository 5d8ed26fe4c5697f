// The outbox under load: 100,000 messages owed over 1,000 endpoints, claimed and ended one after the other; and what a
// look costs when nothing may go.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "store/store.h"

namespace vigie {
namespace {

constexpr int kMessages = 100'000, kEndpoints = 1'000;
const Time kStart = from_epoch(1'780'000'000);

Notification owed(int number, Time due) {
  Notification n;
  n.id = concat("message-", std::to_string(number));
  n.subject_kind = "incident";
  n.subject_id = concat("incident-", std::to_string(number / kEndpoints / 2));
  n.seq = number / kEndpoints % 2;
  n.purpose = "worse";
  n.endpoint = concat("endpoint-", std::to_string(number % kEndpoints));
  n.document = std::string(3000, 'x');
  n.created = kStart;
  n.due = due;
  return n;
}

class Filled {
 public:
  explicit Filled(Duration due) {
    std::filesystem::create_directories(folder_);
    store = *open_sqlite_store(concat("sqlite:", folder_.string(), "/vigie.db"));
    std::vector<Notification> page;
    for (int i = 0; i < kMessages; ++i) {
      page.push_back(owed(i, kStart + due));
      if (page.size() < 1000) continue;
      (void)store->add_notifications(page);
      page.clear();
    }
  }
  ~Filled() {
    store.reset();
    std::filesystem::remove_all(folder_);
  }
  std::unique_ptr<Store> store;

 private:
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / concat("vigie-bench-outbox-", std::to_string(::getpid()));
};

double resident_megabytes() {
  std::ifstream file("/proc/self/statm");
  double whole = 0, resident = 0;
  file >> whole >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

// What a sender asks the store for one message, all durable.
void ClaimAndEnd(benchmark::State& state) {
  const Filled filled(Duration(0));
  const double before = resident_megabytes();
  for (auto _ : state) {
    auto claimed = filled.store->claim_notification(kStart, minutes(1));
    if (!claimed || !*claimed) {
      state.SkipWithError("nothing could be claimed");
      return;
    }
    const Notification& n = **claimed;
    benchmark::DoNotOptimize(filled.store->neighbours(n, 64));
    (void)filled.store->begin_sending(n.id, n.claim_no, {n.purpose, n.document, std::string(8000, 'p'), {}, kStart});
    SendOutcome outcome;
    outcome.remote_id = "remote";
    (void)filled.store->finish_notification(n.id, n.claim_no, outcome);
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["MB more"] = resident_megabytes() - before;
}
BENCHMARK(ClaimAndEnd)->Iterations(20'000)->Unit(benchmark::kMicrosecond)->UseRealTime();

void LookWhenNothingMayGo(benchmark::State& state) {
  const Filled filled(hours(1));
  for (auto _ : state) {
    benchmark::DoNotOptimize(filled.store->claim_notification(kStart, minutes(1)));
    benchmark::DoNotOptimize(filled.store->next_notification_due());
  }
}
BENCHMARK(LookWhenNothingMayGo)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace vigie

BENCHMARK_MAIN();
