// The case of an incident, counted again: every number of its evidence beside what the same engine finds in the stored
// mentions today, each mention that counted, and each that did not and why. Pure.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "model/incident.h"
#include "model/notification.h"
#include "model/stored.h"
#include "model/verdict.h"
#include "store/store.h"

namespace vigie {

// A number as it was told, and as it comes out now; "" when one side has none.
struct Number {
  std::string what, then, now;
  bool agrees = true;
};

// Counts must be equal; what is weighed may differ by what nobody would see when it is shown.
std::vector<Number> compare_numbers(const Signal& then, const Signal& now);
bool all_agree(const std::vector<Number>& numbers);

struct Weighed {
  enum class Why { counted, not_negative, copy, same_author, late, before };
  StoredMention mention;
  Why why = Why::counted;
  std::int64_t of = 0;  // copy: of which mention; same_author: already counted with which
};

// How each mention stored by the signal's time and written since the rise began, or that came in during it, counts
// towards the negatives of distinct authors; by seq.
std::vector<Weighed> weigh(std::vector<StoredMention> mentions, const Signal& signal);

// A route of the file, and why it tells somebody of this incident or does not.
struct RouteAnswer {
  std::vector<std::string> to;  // endpoints
  bool tells = false;
  std::string why;
};
std::vector<RouteAnswer> who_is_told(const Incident& incident, const std::vector<RouteSettings>& routes);

struct IncidentCase {
  Incident incident;
  std::string brand_name;
  double budget = 1;
  std::optional<Signal> again;  // nothing: the engine says nothing any more
  std::vector<Number> numbers;
  std::vector<Weighed> mentions;
  ChangedSince changed;
  std::vector<RouteAnswer> routes;
  std::vector<Notification> sent;
  std::optional<Verdict> verdict{};

  // Whether `mentions` says of each how it counted: the built-in rule's way. Other rules count what they are set to.
  bool counts_people() const { return incident.kind == Signal().incident_kind; }
  bool agrees() const { return again.has_value() && all_agree(numbers); }
};

// `most`: mentions listed of each sort.
std::string explanation_text(const IncidentCase& explanation, std::size_t most);

// One brand at one moment, whether or not it had anything to say.
struct BrandStanding {
  std::string brand_name;
  Time at{};
  std::optional<Time> first, last;              // mentions stored before then
  std::optional<Incident> incident{};           // that the rules would have had open, its newest evidence
  std::optional<Signal> least{};                // what would have been told if next to nothing were enough
  std::int64_t negatives = 0, total = 0;        // of the day before
  double usual_negatives = 0, usual_total = 0;  // of a day, by the four weeks before that
  double budget = 1;
};
std::string standing_text(const BrandStanding& standing);

}  // namespace vigie
