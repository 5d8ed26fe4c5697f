// One story of rising complaints about one brand, from its first signal to its end.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "model/policy.h"
#include "model/signal.h"

namespace vigie {

enum class IncidentState { pending, open, acked, recovering, resolved, closed, discarded };
std::string_view to_text(IncidentState state);
std::optional<IncidentState> incident_state_from(std::string_view text);

enum class Severity { info, warning, high, critical };  // 1-2 info, 3 warning, 4 high, 5 critical
std::string_view to_text(Severity severity);
std::optional<Severity> severity_from(std::string_view text);
Severity severity_of(int one_to_five);

struct Transition {
  std::int64_t seq = 0;            // per incident, from 1
  Time at{};
  std::string event;  // raise update worse clear no_data ack unack assign note resolve merge split announce escalate
                      // repeat expire gap timer
  IncidentState from = IncidentState::pending, to = IncidentState::pending;
  std::string actor;               // "detector", "timer", or a person's id
  std::string reason;
};

struct Incident {
  std::string id;                  // hash of key and first signal, 16 hex
  std::string brand;
  std::string kind = "negative";   // "negative" or the id of a rule; at most one unclosed per (brand, kind)
  IncidentState state = IncidentState::pending;
  IncidentState recovering_from = IncidentState::open;
  int severity = 1;                // highest so far
  int epoch = 0;                   // reopenings
  bool blind = false;              // sources silent: never resolves meanwhile
  bool shadow = false;             // of a rule that is tried out: owes nobody anything
  Time opened{}, updated{};
  std::optional<Time> ended{};
  std::optional<Time> hold_until{};    // recovering: when it resolves; resolved: when it closes
  std::string acked_by, resolve_reason;
  std::string resolved_by;             // the person who did; "" when it ended by itself
  std::int64_t last_seq = 0;       // of its transitions
  std::string last_signal;         // id: applied once
  Signal evidence;                 // the newest raise or update; the peak's numbers are in `peak`
  double peak_observed = 0;
  std::vector<std::string> themes; // every theme that was part of it, in order of appearance

  Policy policy;                   // as it was at the opening
  int level = 0;                   // steps of the chain that were told
  int repeats = 0;                 // times the last step was told again
  std::string assignee;            // person who is to see to it
  bool pinned = false;             // unstable: it is held open longer, and its comings and goings are not told
  std::vector<Time> flaps;         // when it rose again while it calmed down or after its end, the last six hours
  std::string merged_into;         // incident that tells its story; it owes nobody anything meanwhile
  std::string previous;            // the incident of its brand and kind before it
  bool announced = false;          // people were told of it since it opened or reopened
  std::vector<std::string> told;   // endpoints that were, in this epoch
  std::vector<std::string> untold; // themes that came since people were told last
  Time last_told{};                // of "first", "worse" and "reopened"
  double told_reach = 0;           // reach they were told
  std::optional<double> told_observed{};  // count that everybody was told last
  std::optional<Time> announce_at{}, worse_at{}, escalate_at{}, repeat_at{}, ack_until{};
  bool hushed = false;             // nobody may be told of it for now: the clocks of its chain and its reminder stand
  std::optional<Duration> chain_left{}, repeat_left{};  // hushed: what is left on them
};

// When time alone moves it next.
std::optional<Time> next_timer(const Incident& incident);

std::string to_json(const Incident& incident);
Result<Incident> incident_from_json(const json::Value& value);

}  // namespace vigie
