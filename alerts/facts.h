// An alert document read back: what a renderer works from.

#pragma once

#include <cstdint>
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
  std::string acked_by, resolve_reason;
  double peak_observed = 0;
  std::vector<std::string> themes;  // of the whole incident
  Signal signal;
  std::vector<Quote> quotes;  // at most 3
  std::vector<double> hourly;
  std::string incident_url, wall_url;
};

// bad_data when the document is not one of ours, or of a version this program does not know.
Result<Facts> read_document(std::string_view document);

}  // namespace vigie
