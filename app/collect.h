// The first loop: asks each source what is new, hands the answer to the bus, and only then moves the bookmark.
//
// One thread, many sources: requests run side by side on the HTTP client, one in flight a source, and as many a host
// and as often a network as their allowances say (allowance.h). The soonest-due source first. Between polls, mentions
// stored before are looked at again (look_again.h).

#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "app/allowance.h"
#include "app/pace.h"
#include "base/clock.h"
#include "base/http_client.h"
#include "base/metrics.h"
#include "base/rng.h"
#include "bus/bus.h"
#include "collectors/source.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

struct Subscription;

class Collect {
 public:
  Collect(const Settings& settings, Store& store, Bus& bus, HttpClient& http, const Clock& clock, Rng& rng,
          Metrics& metrics);
  ~Collect();

  // Opens every source and reads what earlier runs left. A source that cannot be opened is an error: configuration is
  // checked before.
  Result<void> open();

  // Starts what is due, then waits for answers, at most `at_most`. Returns the number of requests in flight.
  std::size_t tick(Duration at_most);
  void run(const std::stop_token& stop);

 private:
  Result<void> open_one(const SourceSettings& settings, const SourceHealth* known, Time first);
  Time first_poll(const Subscription& subscription, bool known, Time first);

  void enqueue(Subscription& subscription);
  void enqueue_at(Subscription& subscription, Time wake);
  void start(Subscription& subscription);
  bool spent_out(Subscription& subscription);
  // Whether the request may go now; else the source is queued for when it may.
  bool admitted(Subscription& subscription, const std::string& url);
  void send(Subscription& subscription, HttpRequest request,
            void (Collect::*then)(Subscription&, const HttpRequest&, Result<HttpReply>));
  void landed(Subscription& subscription);
  void wake_next(const std::string& host);

  void poll(Subscription& subscription);
  void polled(Subscription& subscription, const HttpRequest& request, Result<HttpReply> reply);
  void read_local(Subscription& subscription);
  void take(Subscription& subscription, Result<Batch> batch);
  Result<void> deliver(Subscription& subscription, Batch& batch);
  Result<void> publish(const Batch& batch);
  void count_spending(Subscription& subscription, const Batch& batch);
  void succeed(Subscription& subscription, const Batch& batch);
  void fail_with(Subscription& subscription, const Error& error);
  void observe(Subscription& subscription, const HttpRequest& request, const HttpReply& reply);
  void forget_move(Subscription& subscription, const Error& error);
  void rest(Subscription& subscription, Duration pause);

  void look_again(Subscription& subscription);
  void looked(Subscription& subscription, const HttpRequest& request, Result<HttpReply> reply);
  Result<void> take_look(Subscription& subscription, Result<Batch> answer);
  void look_failed(Subscription& subscription, const Error& error);

  Duration interval(const Subscription& subscription) const;
  void read_hurry(Time now);
  void save(Subscription& subscription);
  void warn(const Subscription& subscription, std::string_view what, const Error& error) const;

  const Settings& settings_;
  Store& store_;
  Bus& bus_;
  HttpClient& http_;
  const Clock& clock_;
  Rng& rng_;
  Metrics& metrics_;
  Allowances allowances_;
  std::vector<std::unique_ptr<Subscription>> subscriptions_;
  std::set<std::pair<Time, std::size_t>> queue_;              // by the time they want to go; index
  std::map<std::string, std::deque<Subscription*>> waiting_;  // for a host that is busy
  std::size_t in_flight_ = 0;
  Time hurry_read_{};
  std::vector<SourceFacts> facts_;  // as earlier runs left them, while opening
};

}  // namespace vigie
