// Senders among endpoints that behave as asked, on a real store and a clock that stands still.

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/notify.h"
#include "store/store.h"
#include "tests/alerts/sample.h"
#include "tests/support/fake_http.h"

namespace vigie::test {

inline const Time kNoon = from_epoch(1795262400);  // 2026-11-21T12:00:00Z

// What an endpoint received.
struct Received {
  std::string id, subject, purpose, payload, thread, previous;
  std::int64_t seq = 0;
  Time at{};
};

// What the next try does. accepted and answered: the two ends of a delivery.
struct Behaviour {
  bool accepted = true;
  std::optional<Error> error{};  // what the sender hears instead of "taken"
  std::function<void()> before{}, after{};
};

inline Behaviour takes() { return {}; }
inline Behaviour refuses(ErrorKind kind, std::string what = "refused", std::optional<Duration> wait = std::nullopt) {
  return {false, Error{kind, std::move(what), wait}, {}, {}};
}
// It took the message, or not, and its answer never came.
inline Behaviour falls_silent(bool accepted) {
  return {accepted, Error{ErrorKind::transient, "no answer in time", std::nullopt, true}, {}, {}};
}

struct Remote {
  std::deque<Behaviour> next;  // then: `always`
  Behaviour always;
  std::vector<Received> received;
  int tried = 0;
  std::string current;  // id of the message of this try
};

// Any kind of channel, with the remotes of a bench behind it.
class FakeChannel final : public Notifier {
 public:
  FakeChannel(std::map<std::string, Remote>& remotes, const Clock& clock) : remotes_(remotes), clock_(clock) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    return concat(story.purpose, "|", out.notification.id, "|late ", story.late, "|repeated ",
                  out.notification.repeated ? "yes" : "no", "|", format_rfc3339(clock_.now()));
  }
  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    Remote& remote = remotes_[out.endpoint.id];
    ++remote.tried;
    remote.current = out.notification.id;
    Behaviour now = remote.always;
    if (!remote.next.empty()) {
      now = std::move(remote.next.front());
      remote.next.pop_front();
    }
    if (now.before) now.before();
    const Notification& n = out.notification;
    if (now.accepted) {
      remote.received.push_back(
          {n.id, n.subject_id, n.purpose, payload, out.thread, out.previous, n.seq, clock_.now()});
    }
    if (now.after) now.after();
    if (now.error) return fail(*now.error);
    return Sent{concat("remote-", n.id), true};
  }

 private:
  std::map<std::string, Remote>& remotes_;
  const Clock& clock_;
};

class OutboxBench {
 public:
  OutboxBench() {
    settings.endpoints = {endpoint("mail", "person-1"), endpoint("chat", "person-1"), endpoint("hook", "person-2")};
    traits["hook"].idempotent = true;
    traits["hook"].give_up = 3 * kDay;
    open("sqlite::memory:");
  }

  static EndpointSettings endpoint(const std::string& id, const std::string& person) {
    EndpointSettings settings;
    settings.id = settings.kind = id;
    settings.person = person;
    settings.language = "en";
    settings.time_zone = "UTC";
    return settings;
  }

  void open(const std::string& url) {
    auto opened = open_sqlite_store(url);
    if (!opened) ADD_FAILURE() << opened.error().what;
    if (opened) store = *std::move(opened);
    notify.reset();
  }

  Notify& sender() {
    if (!notify) notify = make();
    return *notify;
  }
  std::unique_ptr<Notify> make(bool only_healthy = false) {
    NotifyOptions options;
    options.gate = gate;
    options.only_healthy = only_healthy;
    options.make = [this](std::string_view, const NotifierContext&) -> Result<std::unique_ptr<Notifier>> {
      return std::make_unique<FakeChannel>(remotes, clock);
    };
    options.traits = [this](std::string_view kind) {
      const auto found = traits.find(std::string(kind));
      return found == traits.end() ? ChannelTraits{} : found->second;
    };
    return std::make_unique<Notify>(settings, *store, http, clock, clock, rng, metrics, std::move(options));
  }

  Notification owed(const std::string& purpose, std::int64_t seq, const std::string& to = "mail",
                    const std::string& subject = "incident-1") {
    Notification n;
    n.id = concat(subject, "-", std::to_string(seq), "-", purpose, "-", to);
    n.subject_kind = "incident";
    n.subject_id = subject;
    n.seq = seq;
    n.purpose = purpose;
    n.endpoint = to;
    n.recipient = "person-1";
    n.document = documents(purpose);
    n.created = n.due = clock.now();
    return n;
  }
  void owe(const std::vector<Notification>& all) {
    const auto added = store->add_notifications(all);
    ASSERT_TRUE(added) << added.error().what;
  }

  // Until nothing more is due now.
  void send_all() {
    for (;;) {
      const Result<bool> more = sender().tick();
      ASSERT_TRUE(more) << more.error().what;
      if (!*more) return;
    }
  }
  void after(Duration wait) {
    clock.advance(wait);
    send_all();
  }
  Notification stored(const std::string& id) { return store->notification(id)->value(); }
  NotificationState state(const std::string& id) { return stored(id).state; }
  std::vector<std::string> received(const std::string& at) {
    std::vector<std::string> purposes;
    for (const Received& one : remotes[at].received) purposes.push_back(one.purpose);
    return purposes;
  }

  const std::string& documents(const std::string& purpose) const {
    static std::map<std::pair<std::string, bool>, std::string> made;
    std::string& document = made[{purpose, short_stories}];
    if (document.empty()) {
      DocumentInput input = document_of(purpose);
      input.purpose = purpose;
      if (short_stories) {
        input.quotes.clear();
        input.hourly_negatives.clear();
      }
      document = make_document(input);
    }
    return document;
  }

  Settings settings;
  bool short_stories = false;  // without quotes and curve, which are half of the time of a walk
  std::map<std::string, ChannelTraits> traits;
  std::map<std::string, Remote> remotes;
  ManualClock clock{kNoon};
  SeededRng rng{7};
  Metrics metrics;
  FakeHttp http{[](const HttpRequest&) { return reply(500, ""); }};
  Gate* gate = nullptr;
  std::unique_ptr<Store> store;
  std::unique_ptr<Notify> notify;
};

}  // namespace vigie::test
