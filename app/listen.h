// Listens to the sources that speak by themselves: keeps a connection each, gathers what comes into batches, hands them
// to the bus and only then moves the bookmark. Beside collect, on a thread of its own.

#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "app/intake.h"
#include "base/http_client.h"
#include "base/websocket_client.h"
#include "collectors/stream.h"
#include "pipeline/match.h"

namespace vigie {

class Listen {
 public:
  // Takes the streams among `settings`' sources; there may be none. `sockets` must wake `http` when it has something.
  Listen(const Settings& settings, Store& store, Bus& bus, HttpClient& http, WebSocketClient& sockets,
         const Clock& clock, Rng& rng, Metrics& metrics);
  ~Listen();

  Result<void> open();
  bool empty() const { return listeners_.empty(); }

  // Connects what is due, delivers what has waited long enough, then waits for messages, at most `at_most`. Returns how
  // many connections are open or on their way.
  std::size_t tick(Duration at_most);
  void run(const std::stop_token& stop);

 private:
  struct Listener;

  void connect(Listener& it);
  void hear_events(Listener& it, HttpRequest request);
  void hear_socket(Listener& it, HttpRequest request);
  void opened(Listener& it);
  void take(Listener& it, std::string_view bytes);
  void ended(Listener& it, Result<HttpReply> result);
  void catch_up(Listener& it);
  void caught(Listener& it, Result<HttpReply> reply);
  void flush_if_due(Listener& it);
  bool flush(Listener& it);
  Result<void> deliver(Listener& it, LiveBatch batch);
  void hang_up(Listener& it, const Error& error);
  bool is_about_a_brand(const Listener& it, const Mention& mention) const;
  Time next_due() const;

  const Settings& settings_;
  Store& store_;
  HttpClient& http_;
  WebSocketClient& sockets_;
  const Clock& clock_;
  Intake intake_;
  std::unique_ptr<Matcher> matcher_;
  std::vector<std::unique_ptr<Listener>> listeners_;
};

}  // namespace vigie
