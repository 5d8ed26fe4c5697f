// The incidents that are not closed, and how events and time move them: what the live watch and a back-test share.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alerts/incident.h"
#include "model/silence.h"

namespace vigie {

class OpenIncidents {
 public:
  void put(Incident incident);  // one that was kept; an unclosed one of its brand and kind that is there stays
  void clear() { current_.clear(); }
  bool empty() const { return current_.empty(); }

  const Incident* find(std::string_view brand, std::string_view kind) const;
  const Incident* find(std::string_view id) const;
  // Those that calm down: without another rise their end is near.
  std::vector<Incident> calming() const;

  // Applies to the incident of that brand and kind, or opens one.
  Outcome take(std::string_view brand, std::string_view kind, const Event& event, const Policy& policy, Time now);

  // What time did to the one whose timer is the earliest at or before `now`, at the timer's own instant; nothing when
  // no timer is due. Called until it returns nothing, it makes no difference how often or how late.
  struct Fired {
    Outcome outcome;
    Time at{};
  };
  std::optional<Fired> fire(Time now);

  // Nobody looked at the clock for a while: what was due meanwhile is due now, so that a chain goes on step by step
  // rather than all at once. The times of calm keep their own instants.
  void wake(Time now);

  // Those of which nobody may be told now, and those of which people may be told again: their clocks stand or go on.
  // Returns the ones that this changed.
  std::vector<Incident> hush(const std::vector<Silence>& silences, Time now);

  // The one that time moves next, if its timer is due.
  const Incident* due(Time now) const;

  // One whose message just changed it: whom it told.
  void replace(const Incident& incident);

 private:
  void keep(const std::string& key, const Incident& incident);

  std::map<std::string, Incident, std::less<>> current_;  // newest one that is not closed, by brand and kind
};

}  // namespace vigie
