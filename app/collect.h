// The first loop: asks each source what is new, hands the answer to the bus, and only then moves the bookmark.
//
// One thread, many sources: requests run side by side on the HTTP client, one in flight a source and a host.

#pragma once

#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/http_client.h"
#include "base/metrics.h"
#include "base/rng.h"
#include "bus/bus.h"
#include "collectors/source.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

class Collect {
 public:
  Collect(const Settings& settings, Store& store, Bus& bus, HttpClient& http, const Clock& clock, Rng& rng, Metrics& metrics);
  ~Collect();

  // Opens every source and reads the bookmarks. A source that cannot be opened is an error: configuration is checked before.
  Result<void> open();

  // Starts what is due, then waits for answers, at most `at_most`. Returns the number of requests in flight.
  std::size_t tick(Duration at_most);
  void run(const std::stop_token& stop);

 private:
  struct Subscription;
  struct Host;

  void start(Subscription& subscription);
  void ask(Subscription& subscription, HttpRequest request);
  void read_local(Subscription& subscription);
  void take(Subscription& subscription, Result<Batch> batch);
  void deliver(Subscription& subscription, Batch batch);
  void succeed(Subscription& subscription, const Batch& batch);
  void fail_with(Subscription& subscription, const Error& error);
  void save(Subscription& subscription);
  Duration interval(const Subscription& subscription) const;
  Time next_due() const;

  const Settings& settings_;
  Store& store_;
  Bus& bus_;
  HttpClient& http_;
  const Clock& clock_;
  Rng& rng_;
  Metrics& metrics_;
  std::vector<std::unique_ptr<Subscription>> subscriptions_;
  std::map<std::string, Host> hosts_;
  std::size_t in_flight_ = 0;
};

// The pause before the next poll of a source that brought `items` of the last seven days, by SOURCES.md 7.1: half the mean gap
// between items, within the source's own bounds.
Duration poll_interval(std::size_t items, Duration at_least, Duration at_most);

}  // namespace vigie
