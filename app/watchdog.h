// Watches over vigie itself: sources that went silent, timers that did not fire, messages that do not go out, a
// database that cannot be written, hours without anybody on call. Tells the operator once an episode, and that it is over; asks an outside
// address while all is well, and sends the weekly test messages.

#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "alerts/trouble.h"
#include "app/digests.h"
#include "base/clock.h"
#include "base/http_client.h"
#include "base/metrics.h"
#include "base/pulse.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

class Watchdog {
 public:
  // `owed`: raised when there is something to send.
  Watchdog(const Settings& settings, Store& store, HttpClient& http, const Clock& clock, Metrics& metrics, Pulse& owed)
      : settings_(settings),
        store_(store),
        http_(http),
        clock_(clock),
        metrics_(metrics),
        owed_(owed),
        digests_(settings, store) {}

  // One look at everything; every half minute. What is wrong now, as the operator was told.
  std::vector<std::string> tick();
  void run(const std::stop_token& stop, Pulse& pulse);

 private:
  struct Finding {
    std::string about, id, reason;
    Time since{};
    std::optional<Time> until;  // where it is known ahead
  };
  using Findings = std::vector<Finding>;

  Result<void> beat(Time now);
  Result<void> sources(Time now, Findings& found);
  Result<void> timers(Time now, Findings& found);
  Result<void> outbox(Time now, Findings& found);
  Result<void> duty(Time now, Findings& found);
  Result<void> tell(const Findings& found, Time now);
  Result<void> remember();
  Result<void> keep_episodes();
  Result<void> writable_again(Time now);
  static Trouble trouble_of(const Finding& finding, Time now);
  void owe(const Trouble& trouble, Time now, std::vector<Notification>& messages) const;
  void owe_end(const Finding& finding, Time now, std::vector<Notification>& messages) const;
  void tell_without_store(const Finding& finding, Time now);
  Result<void> drill(Time now);
  void ask_outside(Time now, bool all_well);
  std::vector<std::string> operators(Time now) const;

  const Settings& settings_;
  Store& store_;
  HttpClient& http_;
  const Clock& clock_;
  Metrics& metrics_;
  Pulse& owed_;
  Digests digests_;
  std::map<std::string, Finding> going_on_;  // episodes the operator was told of, by what they are about
  bool remembered_ = false;
  std::optional<Time> unwritable_since_, asked_;
  bool told_unwritable_ = false;
};

}  // namespace vigie
