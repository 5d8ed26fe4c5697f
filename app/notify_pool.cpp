#include "app/notify_pool.h"

#include <thread>

namespace vigie {
namespace {

constexpr int kMostWorkers = 8;

}  // namespace

int workers_for(const Settings& settings) {
  return std::clamp(static_cast<int>(settings.endpoints.size()), 1, kMostWorkers);
}

Result<std::unique_ptr<NotifyPool>> NotifyPool::make(const Parts& parts, int workers) {
  auto pool = std::make_unique<NotifyPool>();
  for (int i = 0; i < workers; ++i) {
    Worker worker;
    TRY(worker.store, parts.open());
    worker.http = parts.http();
    worker.rng = std::make_unique<SeededRng>(parts.seed + static_cast<std::uint64_t>(i));
    NotifyOptions options = parts.options;
    if (parts.gate) {
      TRY(worker.gate, parts.gate(*worker.store));
      options.gate = worker.gate.get();
    }
    options.only_healthy = i % 2 == 1;
    worker.notify = std::make_unique<Notify>(parts.settings, *worker.store, *worker.http, parts.clock, parts.clock,
                                             *worker.rng, parts.metrics, std::move(options));
    pool->workers_.push_back(std::move(worker));
  }
  return pool;
}

void NotifyPool::run(const std::stop_token& stop, Pulse& owed) {
  std::vector<std::jthread> threads;
  threads.reserve(workers_.size());
  for (Worker& worker : workers_) {
    threads.emplace_back([&worker, &stop, &owed] { worker.notify->run(stop, owed); });
  }
}

}  // namespace vigie
