// The fourth loop: sends each notification owed, tries again when that may help, and accounts for every one. One Notify
// is one worker; app/notify_pool.h runs several.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "alerts/notifier.h"
#include "alerts/suppress.h"
#include "app/letters.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/pulse.h"
#include "base/rng.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

struct NotifyOptions {
  Gate* gate = nullptr;  // nullptr: everything passes
  // What its reader may do about a message: kinds of links and their addresses.
  std::function<std::vector<std::pair<std::string, std::string>>(const Notification&)> actions{};
  // Writes to customers whom a survey asks; nullptr: nobody does.
  std::shared_ptr<const Letters> letters{};
  bool only_healthy = false;  // leaves endpoints that failed last time to the others
  std::function<Result<std::unique_ptr<Notifier>>(std::string_view kind, const NotifierContext& context)> make =
      make_notifier;
  std::function<ChannelTraits(std::string_view kind)> traits = channel_traits;
};

// Whether the channel that `message` goes through is so short of room that its links must be short.
bool is_brief(const Settings& settings, const Notification& message);

class Notify {
 public:
  // `outside`: the clock that receivers go by (a webhook's timestamp, a mail's date); not `clock` when a past week is
  // replayed to real endpoints, which refuse what looks old.
  Notify(const Settings& settings, Store& store, HttpClient& http, const Clock& clock, const Clock& outside, Rng& rng,
         Metrics& metrics, NotifyOptions options = {});

  // Claims one notification that is due, and sends it or decides what becomes of it. False when none is.
  Result<bool> tick();
  // Until stopped. Whoever finds work wakes the next worker, who may find more.
  void run(const std::stop_token& stop, Pulse& owed);

 private:
  using Outcome = std::optional<SendOutcome>;

  Result<void> settle(Notification notification);
  Result<Outcome> decide(Notification& notification);
  Result<Outcome> by_neighbours(Notification& notification);
  Result<void> put_aside(const Notification& notification, const std::string& reason);
  Outcome by_gate(const Notification& notification, Time now);
  void pass(const Notification& notification);
  Result<Outcome> by_health(const Notification& notification, const EndpointHealth& health, Time now);
  Result<Outcome> to_customer(Notification& notification, const EndpointSettings& endpoint, Time now);
  Result<Sent> send_letter(Notification& notification, const EndpointSettings& endpoint, const CustomerLetter& letter,
                           bool& mine);
  Result<Outcome> attempt(Notification& notification, const EndpointSettings& endpoint, const EndpointHealth& health);
  Result<std::string> render(Notifier& channel, const Outgoing& out, const EndpointHealth& health);
  Result<bool> keep(const Notification& notification, const std::vector<Pace>& paces);
  Result<SendOutcome> accepted(const Notification& notification, const Sent& sent, const EndpointHealth& health);
  Result<SendOutcome> failed(const Notification& notification, const EndpointSettings& endpoint, const Error& error,
                             const EndpointHealth& health);
  Result<SendOutcome> buried(const Notification& notification, std::string_view reason, std::string detail,
                             EndpointHealth& health, const std::string& refusal = "");
  Result<void> tell_of_outage(EndpointHealth& health, SendOutcome& outcome, Time now);
  void leave_word(std::optional<Notification> word, EndpointHealth& health, SendOutcome& outcome);

  void rest(Duration at_most, Pulse& owed);
  Result<EndpointHealth> health_of(const EndpointSettings& endpoint);
  Result<void> look_after(Time now);
  Result<void> bury_expired(const EndpointSettings& endpoint, Time now);
  void count(const Notification& notification, const SendOutcome& outcome);
  Result<void> gauge(const std::vector<EndpointHealth>& endpoints, Time now);
  const EndpointSettings* find(const std::string& endpoint) const;
  Result<Notifier*> notifier(const std::string& kind);

  const Settings& settings_;
  Store& store_;
  const Clock& clock_;
  Rng& rng_;
  Metrics& metrics_;
  NotifierContext context_;
  NotifyOptions options_;
  std::map<std::string, const EndpointSettings*> endpoints_;
  std::map<std::string, std::unique_ptr<Notifier>> notifiers_;
  std::optional<Time> looked_after_;
  Time last_now_{};
};

}  // namespace vigie
