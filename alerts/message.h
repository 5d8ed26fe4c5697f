// The alert document: one set of facts, from which every channel's message and the console's page are made. Pure.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/facts.h"
#include "base/result.h"
#include "base/time.h"
#include "config/settings.h"
#include "model/incident.h"
#include "model/stored.h"

namespace vigie {

struct DocumentInput {
  Incident incident;
  std::string purpose;  // first worse reopened resolved over acked escalate repeat, test of an invented incident
  std::int64_t seq = 0;
  std::string reason{};  // of Owed: what made it worse
  std::string brand_name;
  std::vector<StoredMention> quotes;     // candidates, in order of the signal
  std::vector<double> hourly_negatives;  // last 24 h, oldest first
  std::string incident_url, wall_url;
  Time now{};

  // What is not known may be left as it is: nothing is said of it then.
  Escalation escalation{};
  std::string assignee{};                       // a person's id
  bool pinned = false;                          // it flaps: kept open until it has been quiet for long
  std::optional<double> told_observed{};        // the count that the message before this one told
  std::vector<SilentSource> silent{};           // what makes the incident blind
  std::optional<Time> fresh{};                  // the newest mention of the brand came in then
  std::map<std::string, std::string> people{};   // id -> name, of those who appear here
  std::map<std::string, std::string> sources{};  // the same of sources that have a name
};

// JSON, versioned ("version": 1); everything a renderer needs, frozen when the message is owed. Its fields stand in
// document.cpp.
std::string make_document(const DocumentInput& input);

// A message that something could be sent: about no incident. `drill`: the weekly one, which nobody asked for.
std::string make_test_document(std::string_view endpoint, bool drill, Time now);

// "212 in 1 h, expected 35 (20 to 55)" and the like: the one-line reason the console and webhooks show.
std::string reason_line(const Signal& signal, std::string_view language);
// "12 negative posts in 1 h; the limit is 10", of a rule that counts; "" of the budget.
std::string found_by_rule(const Signal& signal, std::string_view language);
// "Acme: negative posts 6× usual (late deliveries)". A multiple only where at least 5 were expected: "×9" of next to
// nothing misleads.
std::string headline(const Signal& signal, std::string_view brand_name, std::string_view language);

}  // namespace vigie
