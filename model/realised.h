// How often people were alarmed for nothing, by what they said of the incidents: the budget as it was kept.

#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "model/incident.h"
#include "model/verdict.h"

namespace vigie {

inline constexpr Duration kMonth = 365 * kDay / 12;
inline constexpr Duration kRealisedOver = 90 * kDay;  // what pages and reports look back on

struct RealisedRate {
  std::string brand;
  int incidents = 0;  // that people were told of
  int useful = 0, false_alarms = 0, normal = 0, unjudged = 0;
  double months = 1;  // looked at; less than one counts as one: a rate is not made of three days

  double false_a_month() const { return false_alarms / months; }
  double at_most_a_month() const { return (false_alarms + unjudged) / months; }  // if nobody had found the rest useful
};

// One for each brand that had incidents opened in [from, to), most false alarms first, then most that nobody judged.
std::vector<RealisedRate> realised_rates(const std::vector<Incident>& incidents, const StandingVerdicts& verdicts,
                                         Time from, Time to);

}  // namespace vigie
