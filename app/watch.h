// The third loop: reads what was committed, in order, weighs it, opens and closes incidents, and writes down who is
// owed a message. Detector state, incidents and notifications change in one transaction with the place reached.

#pragma once

#include <map>
#include <memory>
#include <stop_token>
#include <string>

#include "alerts/incident.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/pulse.h"
#include "config/settings.h"
#include "pipeline/rules.h"
#include "store/store.h"

namespace vigie {

class Watch {
 public:
  Watch(const Settings& settings, Store& store, const Clock& clock, Metrics& metrics, Pulse& owed);

  // Reads the saved state; a state of another version is dropped and learnt anew from the stored mentions.
  Result<void> open();

  // Takes up to one page of mentions. True when there may be more. At the end of what is stored, lets time pass.
  Result<bool> tick();
  void run(const std::stop_token& stop, Pulse& committed);

 private:
  struct Step;
  Result<void> look_again();
  Result<void> signals(const std::vector<Signal>& found, Step& step);
  Result<void> signal(const Signal& signal, Step& step);
  void hurry(const Signal& found, Step& step) const;
  Result<void> timers(Time now, Step& step);
  Result<void> move(const std::string& key, const Event& event, Time now, Step& step);
  Result<void> owe(const Incident& incident, const Owed& owed, Time now, Step& step);

  const Settings& settings_;
  Store& store_;
  const Clock& clock_;
  Metrics& metrics_;
  Pulse& owed_;
  std::unique_ptr<Rules> rules_;
  std::int64_t offset_ = 0;
  std::int64_t looked_ = 0;  // seq up to which mentions that wait for a reply were read again
  std::map<std::string, Incident> current_;  // newest incident that is not closed, by brand and kind
};

}  // namespace vigie
