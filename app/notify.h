// The fourth loop: sends each notification owed, tries again when that may help, and accounts for every one.

#pragma once

#include <map>
#include <memory>
#include <stop_token>
#include <string>

#include "alerts/notifier.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/pulse.h"
#include "base/rng.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

class Notify {
 public:
  // `outside`: the clock that receivers go by (a webhook's timestamp, a mail's date); not `clock` when a past week is
  // replayed to real endpoints, which refuse what looks old.
  Notify(const Settings& settings, Store& store, HttpClient& http, const Clock& clock, const Clock& outside, Rng& rng,
         Metrics& metrics);

  // Claims and sends one notification that is due. False when none is.
  Result<bool> tick();
  void run(const std::stop_token& stop, Pulse& owed);

 private:
  static Result<Sent> deliver(Notifier& channel, const Notification& notification, const EndpointSettings& endpoint);
  SendOutcome send(const Notification& notification);
  Result<Notifier*> notifier(const std::string& kind);

  const Settings& settings_;
  Store& store_;
  const Clock& clock_;
  Rng& rng_;
  Metrics& metrics_;
  NotifierContext context_;
  std::map<std::string, std::unique_ptr<Notifier>> notifiers_;
};

}  // namespace vigie
