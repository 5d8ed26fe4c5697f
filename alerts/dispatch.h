// Whom a message goes to: what an incident owes, the policy it opened with, and who stands behind each name now. Pure;
// the sender of alerts and `explain` ask the same functions.

#pragma once

#include <set>
#include <string>
#include <vector>

#include "alerts/incident.h"
#include "config/settings.h"
#include "model/incident.h"

namespace vigie {

// The policy of an incident that this signal opens: routes of its brand and kind, their chain, and how long is waited.
Policy policy_for(const Signal& signal, const Settings& settings);

// Who stands behind "ENDPOINT", "person:ID", "team:ID" and "oncall:SCHEDULE" at that time. What the settings no longer
// know names nobody.
struct NamedEndpoints {
  std::vector<std::string> endpoints;  // ids, sorted, each once
  std::vector<std::string> gaps;       // schedules that have nobody on call
};
NamedEndpoints named_by(const std::vector<std::string>& to, const Settings& settings, Time now);

// The same as people call it: the person's, team's or schedule's name; an endpoint by its person or its id.
std::string in_words(const std::string& name, const Settings& settings);

struct Recipient {
  std::string endpoint;
  std::string
      purpose;  // what the message is to this one: somebody who was told nothing yet hears of it for the first time
};

struct Dispatch {
  std::vector<Recipient> recipients;  // by endpoint
  std::vector<std::string> gaps;
};

// `languages`: of the mentions the incident speaks of. Remembers in `incident` who was told.
Dispatch dispatch(Incident& incident, const Owed& owed, const std::set<std::string>& languages,
                  const Settings& settings, Time now);

}  // namespace vigie
