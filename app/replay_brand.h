// The rules of one brand over its stored mentions, and the incidents they would have opened: what the watch does, with
// the same engine and the same life of an incident, without telling anyone. Pure: mentions in, incidents out.

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alerts/incident.h"
#include "alerts/open_incidents.h"
#include "config/settings.h"
#include "model/stored.h"
#include "model/verdict.h"
#include "pipeline/rules.h"

namespace vigie {

// An incident as it would have gone.
struct ReplayedIncident {
  Signal first;       // with which people would have been told
  Incident incident;  // as it stood at its end, or at the end of the replay
  int messages = 0;   // that each person concerned would have got: first, worse, end, again
};

// What a person accepted as the new normal, where it stands among the mentions.
struct Acceptance {
  Time at{};
  std::string kind;  // of the incident
};

class ReplayBrand {
 public:
  // `settings` outlives it. `accepted`: by time.
  ReplayBrand(const Settings& settings, const std::vector<std::string>& themes, std::string brand,
              std::vector<Acceptance> accepted = {});

  // Mentions by seq; those of other brands count for nothing.
  void take(const StoredMention& mention);
  // Time went on until then without mentions: alarms end, silence is noticed.
  void pass(Time until);

  const std::vector<ReplayedIncident>& incidents() const { return incidents_; }  // in the order they opened
  const std::vector<Signal>& signals() const { return signals_; }                // of the last call alone
  const Rules& rules() const { return *rules_; }

 private:
  void go_on(Time until);
  void tell();
  void timers(Time now);
  void keep(const Signal& signal, const Outcome& outcome);
  void accept_until(Time time);

  const Settings& settings_;
  std::string brand_;
  std::unique_ptr<Rules> rules_;
  std::vector<Acceptance> accepted_;
  std::size_t next_accepted_ = 0;
  std::optional<Time> now_;
  std::vector<Signal> fresh_, signals_;
  std::vector<ReplayedIncident> incidents_;
  OpenIncidents open_;
  std::map<std::string, std::size_t, std::less<>> places_;  // id -> place among incidents_
};

}  // namespace vigie
