#include "model/realised.h"

#include <algorithm>
#include <map>

namespace vigie {
namespace {

void count(RealisedRate& rate, const std::optional<VerdictWord>& word) {
  ++rate.incidents;
  if (!word) {
    ++rate.unjudged;
    return;
  }
  switch (*word) {
    case VerdictWord::useful: ++rate.useful; break;
    case VerdictWord::false_alarm: ++rate.false_alarms; break;
    case VerdictWord::normal: ++rate.normal; break;
  }
}

}  // namespace

std::vector<RealisedRate> realised_rates(const std::vector<Incident>& incidents, const StandingVerdicts& verdicts,
                                         Time from, Time to) {
  const double months = static_cast<double>((to - from).count()) / static_cast<double>(kMonth.count());
  std::map<std::string, RealisedRate> by_brand;
  for (const Incident& incident : incidents) {
    const bool told = incident.state != IncidentState::discarded && !incident.shadow;
    if (!told || incident.opened < from || incident.opened >= to) continue;
    RealisedRate& rate = by_brand[incident.brand];
    rate.brand = incident.brand;
    rate.months = std::max(1.0, months);
    const auto said = verdicts.find(incident.id);
    count(rate, said == verdicts.end() ? std::nullopt : said->second.word);
  }
  std::vector<RealisedRate> rates;
  for (auto& [brand, rate] : by_brand) rates.push_back(std::move(rate));
  std::stable_sort(rates.begin(), rates.end(), [](const RealisedRate& a, const RealisedRate& b) {
    return a.false_alarms != b.false_alarms ? a.false_alarms > b.false_alarms : a.unjudged > b.unjudged;
  });
  return rates;
}

}  // namespace vigie
