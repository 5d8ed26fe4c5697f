// For tests/e2e/alert_faults.py: the real senders over the real network, on a clock that runs fast.
//
//   outbox_worker fill STORE SCALE SINCE JUMPS SEQ INCIDENTS HTTP_PORT SMTP_PORT
//                                  owes the message number SEQ of each incident to each of eight endpoints
//   outbox_worker send STORE SCALE SINCE JUMPS HTTP_PORT SMTP_PORT     sends until nothing is owed
//
// SCALE seconds pass in each; SINCE is the real second at which the clocks stood alike; the file JUMPS holds the
// seconds by which the clock was set forward or back. Exit status 0 when every message has ended.

#include <atomic>
#include <fstream>
#include <iostream>
#include <thread>

#include "app/notify_pool.h"
#include "base/log.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

constexpr int kHooks = 6, kMails = 2;
constexpr Duration kPatience = milliseconds(250);  // of the HTTP client, in real time

class FastClock final : public Clock {
 public:
  FastClock(double scale, Time since, std::string jumps) : scale_(scale), since_(since), jumps_(std::move(jumps)) {
    look();
  }
  Time now() const override {
    const auto passed = static_cast<double>((real_.now() - since_).count());
    return since_ + Duration(static_cast<std::int64_t>(passed * scale_)) + Duration(offset_.load());
  }
  void look() {
    std::int64_t whole = 0;
    if (std::ifstream(jumps_) >> whole) offset_ = whole * 1'000'000;
  }

 private:
  const double scale_;
  const Time since_;
  const std::string jumps_;
  const SystemClock real_;
  std::atomic<std::int64_t> offset_{0};
};

// Waits as little as a clock that runs fast asks for.
class HastyHttp final : public HttpClient {
 public:
  explicit HastyHttp(std::unique_ptr<HttpClient> http) : http_(std::move(http)) {}
  void start(HttpRequest request, OnReply on_reply) override {
    request.timeout = std::min<Duration>(request.timeout, kPatience);
    http_->start(std::move(request), std::move(on_reply));
  }
  void stream(HttpRequest request, Streaming streaming, OnReply on_reply) override {
    http_->stream(std::move(request), std::move(streaming), std::move(on_reply));
  }
  std::size_t poll(Duration max_wait) override { return http_->poll(max_wait); }
  void wake() override { http_->wake(); }

 private:
  std::unique_ptr<HttpClient> http_;
};

Settings settings_for(const std::string& http_port, const std::string& smtp_port) {
  Settings settings;
  settings.mail = {"127.0.0.1", std::stoi(smtp_port), "none", "", "", "Vigie <vigie@example.org>"};
  settings.serve.public_url = "https://avis.example.org";
  settings.http.allow_private = {concat("127.0.0.1:", http_port)};
  for (int i = 0; i < kHooks + kMails; ++i) {
    const bool hook = i < kHooks;
    EndpointSettings endpoint;
    endpoint.id = concat(hook ? "hook-" : "mail-", std::to_string(i));
    endpoint.kind = hook ? "webhook" : "email";
    endpoint.person = concat("person-", std::to_string(i));
    endpoint.url = concat("http://127.0.0.1:", http_port, "/", endpoint.id);
    endpoint.to = concat(endpoint.id, "@example.org");
    endpoint.secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    endpoint.language = "en";
    endpoint.time_zone = "UTC";
    settings.endpoints.push_back(std::move(endpoint));
  }
  // What a mailbox refuses for good, a hook tells.
  settings.endpoints[kHooks].fallback = "hook-0";
  return settings;
}

int fill(Store& store, const Settings& settings, int seq, int incidents, Time now) {
  static constexpr const char* kPurposes[] = {"first", "worse", "repeat", "resolved", "reopened", "worse", "resolved"};
  std::vector<Notification> all;
  for (int i = 0; i < incidents; ++i) {
    const std::string purpose = kPurposes[(seq - 1) % 7];
    DocumentInput input = test::document_input(purpose);
    input.incident.id = concat("incident-", std::to_string(i));
    input.seq = seq;
    for (const EndpointSettings& endpoint : settings.endpoints) {
      Notification n;
      n.subject_kind = "incident";
      n.subject_id = input.incident.id;
      n.seq = seq;
      n.purpose = purpose;
      n.endpoint = endpoint.id;
      n.id = concat(n.subject_id, "-", std::to_string(n.seq), "-", n.endpoint);
      n.document = make_document(input);
      n.created = n.due = now;
      all.push_back(std::move(n));
    }
  }
  const auto added = store.add_notifications(all);
  if (!added) std::cerr << added.error().what << "\n";
  return added ? 0 : 3;
}

int send_all(const std::string& url, const Settings& settings, FastClock& clock) {
  Metrics metrics;
  std::atomic<bool> over{false};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      auto store = open_sqlite_store(url);
      if (!store) return;
      HastyHttp http(make_http_client({"vigie", settings.http.allow_private, {}, ""}, clock, metrics));
      const SystemClock real;
      SeededRng rng(static_cast<std::uint64_t>(to_epoch_micros(real.now()) + i));
      Notify notify(settings, **store, http, clock, real, rng, metrics, {.only_healthy = i == 3});
      Pulse pause;
      while (!over) {
        const Result<bool> sent = notify.tick();
        if (!sent || !*sent) pause.wait(milliseconds(10));
      }
    });
  }
  auto store = open_sqlite_store(url);
  if (!store) return 3;
  Pulse pause;
  for (;;) {
    clock.look();
    const auto counts = (*store)->outbox_counts(clock.now());
    bool pending = !counts;
    for (const auto& [state, count] : counts ? counts->by_state : decltype(counts->by_state){})
      pending |= is_pending(state);
    if (!pending) break;
    pause.wait(milliseconds(50));
  }
  over = true;
  return 0;
}

int run(const std::vector<std::string>& given) {
  if (given.size() < 7) return 2;
  log::set_level(log::Level::warn);
  const std::string url = concat("sqlite:", given[1]);
  const Settings settings = settings_for(given[given.size() - 2], given[given.size() - 1]);
  FastClock clock(std::stod(given[2]), from_epoch(std::stoll(given[3])), given[4]);
  if (given[0] == "fill") {
    auto store = open_sqlite_store(url);
    return store ? fill(**store, settings, std::stoi(given[5]), std::stoi(given[6]), clock.now()) : 3;
  }
  return send_all(url, settings, clock);
}

}  // namespace
}  // namespace vigie

int main(int argc, char** argv) { return vigie::run({argv + 1, argv + argc}); }
