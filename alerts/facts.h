// An alert document read back: what a renderer works from.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/incident.h"
#include "model/signal.h"

namespace vigie {

inline constexpr int kDocumentVersion = 1;

struct Quote {
  std::string text;                 // verbatim, at most 140 characters
  std::string author, source, url;  // url: http(s) or ""
  std::optional<std::int64_t> followers;
  std::optional<int> stars;  // 1..5
  Time written{};
};

// How far an incident that nobody took has been carried up.
struct Escalation {
  int level = 0;                    // steps taken after the first message
  std::string because{};            // of the newest: no_ack ack_expired nobody_on_duty unreachable unack assigned
  std::string by{};                 // assigned: who did
  std::vector<std::string> told{};  // who was told before and did not answer, as people call them
  std::optional<Time> next{};       // when the next step is due, unless somebody takes it before
  std::string next_who{};           // who is told then, as people call them
};

struct SilentSource {
  std::string source;
  Time since{};
};

struct Facts {
  std::string purpose, reason;
  std::int64_t seq = 0;
  Time now{};
  std::string brand, brand_name;
  std::string incident, kind;
  int epoch = 0, severity = 1;
  IncidentState state = IncidentState::open;
  bool blind = false;
  Time opened{};
  std::optional<Time> ended;
  std::string acked_by, assignee, resolve_reason, resolved_by;  // people by name where it is known
  std::string merged_into;  // id of the incident that tells its story from now on
  bool pinned = false;
  double peak_observed = 0;
  std::vector<std::string> themes;  // of the whole incident
  Signal signal;
  std::vector<Quote> quotes;  // at most 3
  std::vector<double> hourly;
  std::string incident_url, wall_url;
  Escalation escalation;
  std::optional<double> told_observed;
  std::vector<SilentSource> silent;  // at most 8
  std::map<std::string, std::string> source_names;  // id -> name, of those that appear here and have one
  std::optional<Time> fresh;
  int top_accounts = 0;  // that many accounts make `top_share` of the reach, at least; 0 = not known
  double top_share = 0;
  std::string endpoint;  // of a test of no incident
  bool drill = false;

  bool is_about_incident() const { return !incident.empty(); }
};

// bad_data when the document is not one of ours, or of a version this program does not know.
Result<Facts> read_document(std::string_view document);

}  // namespace vigie
