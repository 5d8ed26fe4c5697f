// What holds for every message, whatever happens to it, its endpoints and its senders: I3, I4, I5, I6 and I16 of the
// alerting invariants.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "base/log.h"
#include "tests/alerts/often.h"
#include "tests/outbox/bench.h"

namespace vigie {
namespace {

using namespace test;

constexpr int kParts = 8;
constexpr int kRunsAStore = 16;  // then a new one: it grows with every run
constexpr int kIncidents = 2, kOps = 24;

struct Killed {};  // thrown out of a sender: nothing after it is done

struct Op {
  int kind = 0, a = 0, b = 0;
};

class HoldingGate final : public Gate {
 public:
  Result<Decision> look(const Notification& due, Time now) override {
    if (left == 0) return Decision{};
    --left;
    if (cancels) return Decision{Decision::Kind::digest, {}, "silence", "of a test"};
    held[due.id].emplace_back(now, now + minutes(20));
    return Decision{Decision::Kind::hold, now + minutes(20), "quiet", "of a test"};
  }
  Result<void> passed(const Notification& sent, Time) override {
    let_through.insert(sent.id);
    return {};
  }
  int left = 0;
  bool cancels = false;
  std::map<std::string, std::vector<std::pair<Time, Time>>> held;  // from, until
  std::set<std::string> let_through;
};

struct Told {
  std::int64_t seq = 0;
  bool open = false;
  int epoch = 0;
};

class World : public OutboxBench {
 public:
  World() {
    gate = &holding;
    short_stories = true;
  }

  void run(const std::vector<Op>& ops) {
    begin();
    for (const Op& op : ops) step(op);
    heal();
    check();
  }

 private:
  void begin() {
    if (++runs_ % kRunsAStore == 1) open("sqlite::memory:");
    prefix_ = concat("run-", std::to_string(runs_), "-");
    settings.endpoints.clear();
    remotes.clear();
    traits.clear();
    for (const char* name : {"mail", "chat", "hook", "pager"}) {
      settings.endpoints.push_back(
          endpoint(prefix_ + name, std::string_view(name) == "hook" ? "person-2" : "person-1"));
    }
    traits[prefix_ + "hook"].idempotent = true;
    traits[prefix_ + "pager"].paces = {{2, seconds(30)}};
    holding = HoldingGate();
    owed_.clear();
    excuses_.clear();
    for (Told& story : stories_) story = Told();
    restart();
  }

  void restart() {
    workers_[0] = make(false);
    workers_[1] = make(true);
  }

  const std::string& endpoint_id(int n) { return settings.endpoints[static_cast<std::size_t>(n) % 4].id; }

  void step(const Op& op) {
    switch (op.kind) {
      case 0:
      case 1:
      case 2: return owe_next(op.a % kIncidents, op.b);
      case 3: {
        static constexpr Duration kWaits[] = {seconds(1), seconds(40), minutes(2), minutes(12), hours(2)};
        return clock.advance(kWaits[op.a % 5]);
      }
      case 4: return misbehave(endpoint_id(op.a), op.b);
      case 5:
        holding.left = op.a % 4;
        holding.cancels = op.b % 3 == 0;
        return;
      case 6: return restart();
      default:
        for (int i = 0; i <= op.a % 6; ++i) tick(op.b % 2);
    }
  }

  void owe_next(int number, int drawn) {
    Told& story = stories_[number];
    static constexpr const char* kWhileOpen[] = {"worse", "repeat", "acked", "escalate", "resolved", "resolved"};
    std::string purpose = kWhileOpen[drawn % 6];
    if (!story.open) purpose = story.epoch++ == 0 ? "first" : "reopened";
    story.open = purpose != "resolved";
    ++story.seq;
    // The second incident concerns one endpoint: then another may stand in.
    for (std::size_t i = 0; i < (number == 0 ? 3u : 1u); ++i) {
      const Notification n = owed(purpose, story.seq, settings.endpoints[i].id, subject(number));
      owed_.emplace(n.id, n);
      ASSERT_TRUE(store->add_notifications({n}));
    }
  }

  void misbehave(const std::string& where, int how) {
    Remote& remote = remotes[where];
    const auto excuse = [this, &remote] { ++excuses_[remote.current]; };
    Behaviour now;
    switch (how % 8) {
      case 0: now = refuses(ErrorKind::transient); break;
      case 1:
        now = falls_silent(true);
        now.before = excuse;
        break;
      case 2:
        now = falls_silent(false);
        now.before = excuse;
        break;
      case 3: now = refuses(ErrorKind::rate_limited, "429", minutes(3)); break;
      case 4: now = refuses(ErrorKind::bad_data); break;
      case 5: now = refuses(how > 90 ? ErrorKind::gone : ErrorKind::denied); break;
      case 6:
        now.before = [excuse] {
          excuse();
          throw Killed();
        };
        break;
      default:
        now.after = [excuse] {
          excuse();
          throw Killed();
        };
    }
    remote.next.push_back(std::move(now));
  }

  bool tick(int worker) {
    try {
      const Result<bool> more = workers_[worker]->tick();
      RC_ASSERT(more.has_value());
      return *more;
    } catch (const Killed&) {
      workers_[worker] = make(worker == 1);
      return true;
    }
  }

  void heal() {
    holding.left = 0;
    for (auto& [id, remote] : remotes) remote.next.clear();
    for (int i = 0; i < 300; ++i) {
      while (tick(0)) {
      }
      const auto due = store->next_notification_due();
      RC_ASSERT(due.has_value());
      if (!*due) break;
      clock.advance(std::max<Duration>(**due - clock.now(), seconds(1)));
    }
  }

  std::string subject(int number) { return concat(prefix_, "incident-", std::to_string(number)); }

  void check() {
    for (int number = 0; number < kIncidents; ++number) {
      const auto rows = store->notifications(subject(number), 1000);
      RC_ASSERT(rows.has_value());
      for (const Notification& row : *rows) {
        RC_ASSERT(!is_pending(row.state));  // I4
        const bool taken_out = row.state == NotificationState::cancelled || row.state == NotificationState::superseded;
        RC_ASSERT(!taken_out || !row.reason.empty());
      }
    }
    for (auto& [where, remote] : remotes) check_received(remote.received);
  }

  void check_received(const std::vector<Received>& received) {
    std::map<std::string, int> times;
    std::map<std::string, std::int64_t> last;
    std::map<std::string, bool> knows;
    for (const Received& one : received) {
      if (one.purpose == "trouble") continue;
      RC_ASSERT(++times[one.id] <= 1 + excuses_[one.id]);  // I5
      const auto owed_here = owed_.find(one.id);
      if (owed_here != owed_.end()) RC_ASSERT(one.at >= owed_here->second.due);  // I16
      for (const auto& [from, until] : holding.held[one.id]) RC_ASSERT(one.at <= from || one.at >= until);
      if (times[one.id] > 1) continue;
      RC_ASSERT(one.seq > last[one.subject]);  // I6
      last[one.subject] = one.seq;
      RC_ASSERT(one.purpose != "resolved" || knows[one.subject]);  // I3
      knows[one.subject] = one.purpose != "resolved" && one.purpose != "over";
    }
  }

  HoldingGate holding;
  int runs_ = 0;
  std::string prefix_;
  Told stories_[kIncidents];
  std::map<std::string, Notification> owed_;
  std::map<std::string, int> excuses_;
  std::unique_ptr<Notify> workers_[2];
};

rc::Gen<Op> any_op() {
  return rc::gen::map(rc::gen::tuple(rc::gen::inRange(0, 12), rc::gen::inRange(0, 60), rc::gen::inRange(0, 100)),
                      [](const std::tuple<int, int, int>& drawn) {
                        return Op{std::get<0>(drawn), std::get<1>(drawn), std::get<2>(drawn)};
                      });
}

class EveryMessage : public testing::TestWithParam<int> {};

TEST_P(EveryMessage, EndsOnceInOrderAndNeverAnEndWithoutItsBeginning) {
  log::set_sink([](std::string_view) {});
  World world;

  holds_often([&] { world.run(*rc::gen::container<std::vector<Op>>(kOps, any_op())); },
              {.part = GetParam(), .parts = kParts});

  log::set_sink({});
}

INSTANTIATE_TEST_SUITE_P(Part, EveryMessage, testing::Range(0, kParts));

}  // namespace
}  // namespace vigie
