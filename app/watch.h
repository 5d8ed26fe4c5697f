// The third loop: reads what was committed, in order, weighs it, opens and closes incidents, and writes down who is
// owed a message. Detector state, incidents and notifications change in one transaction with the place reached.

#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "alerts/incident.h"
#include "alerts/message.h"
#include "alerts/open_incidents.h"
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
  Result<void> take_verdicts_until(Time time, Step& step);
  Result<void> take_verdict(const Verdict& verdict, Step& step);
  Result<void> look_again();
  Result<bool> forget_erased();
  Result<void> signals(const std::vector<Signal>& found, Step& step);
  Result<void> signal(const Signal& signal, Step& step);
  Result<void> see_who_watches(Time now, Step& step);
  Result<bool> blinded_by_sources(const std::string& incident, const Step& step);
  void hurry(const Signal& found, Step& step) const;
  Result<void> timers(Time now, Step& step);
  void hush(Time now, Step& step);
  Result<bool> waits_for_its_first_message(const Incident& incident, const Step& step);
  Result<void> take_acts_until(Time time, Step& step);
  Result<void> take_act(const Act& act, Step& step);
  Result<bool> move(const Incident& incident, const Event& event, Time now, Step& step);
  Result<void> carry_out(Outcome outcome, Time now, Step& step);
  Result<void> owe(Incident& incident, const Owed& owed, Time now, Step& step);
  Result<void> fill_in(DocumentInput& input, const Incident& incident, const Owed& owed, Time now);
  Escalation escalation_of(const Incident& incident, const Owed& owed) const;
  Result<void> name_those_told(Escalation& escalation, const Incident& incident);
  Result<std::vector<SilentSource>> silent_sources(const Incident& incident, Time now);
  Result<void> nobody(Incident& incident, const Owed& owed, const std::vector<std::string>& gaps, Time now, Step& step);

  const Settings& settings_;
  Store& store_;
  const Clock& clock_;
  Metrics& metrics_;
  Pulse& owed_;
  std::unique_ptr<Rules> rules_;
  std::int64_t offset_ = 0;
  std::int64_t told_ = 0;          // up to here people were told: what is learnt anew from before is not told again
  std::int64_t verdict_ = 0;       // number of the last verdict taken
  std::int64_t acted_ = 0;         // of the last one that was acted on: the others only teach the rules anew
  std::vector<Verdict> verdicts_;  // that wait for their place among the mentions, by number
  std::int64_t looked_ = 0;        // seq up to which mentions that wait for a reply were read again
  std::int64_t act_ = 0;           // number of the last act carried out
  std::int64_t erasure_ = 0;       // number of the last erasure whose words the rules forgot
  std::vector<Act> acts_;          // that wait for their place, by number
  OpenIncidents incidents_;
  std::vector<Silence> silences_;  // as they stood when this tick began
  Time ticked_{};                  // when time was last let pass
};

}  // namespace vigie
