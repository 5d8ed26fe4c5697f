// Several workers that send at once, each with its own connection to the store and to the network: an endpoint that
// hangs keeps one of them waiting, and half of them never wait for endpoints that failed last time.

#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "app/notify.h"

namespace vigie {

class NotifyPool {
 public:
  struct Parts {
    const Settings& settings;
    std::function<Result<std::unique_ptr<Store>>()> open;
    std::function<std::unique_ptr<HttpClient>()> http;
    const Clock& clock;
    Metrics& metrics;
    std::uint64_t seed;
    // Each worker's own; it may use that worker's store. Empty: everything passes.
    std::function<Result<std::unique_ptr<Gate>>(Store&)> gate{};
    NotifyOptions options{};  // gate and only_healthy are set here
  };

  static Result<std::unique_ptr<NotifyPool>> make(const Parts& parts, int workers);
  // Until stopped; returns when every worker has ended what it was sending.
  void run(const std::stop_token& stop, Pulse& owed);

 private:
  struct Worker {
    std::unique_ptr<Store> store;
    std::unique_ptr<HttpClient> http;
    std::unique_ptr<Gate> gate;
    std::unique_ptr<SeededRng> rng;
    std::unique_ptr<Notify> notify;
  };
  std::vector<Worker> workers_;
};

// As many as endpoints, at most eight.
int workers_for(const Settings& settings);

}  // namespace vigie
