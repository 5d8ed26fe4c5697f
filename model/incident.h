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
  std::string event;               // raise update worse clear no_data ack unack resolve timer
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
  std::int64_t last_seq = 0;       // of its transitions
  std::string last_signal;         // id: applied once
  Signal evidence;                 // the newest raise or update; the peak's numbers are in `peak`
  double peak_observed = 0;
  std::vector<std::string> themes; // every theme that was part of it, in order of appearance
};

std::string to_json(const Incident& incident);
Result<Incident> incident_from_json(const json::Value& value);

}  // namespace vigie
