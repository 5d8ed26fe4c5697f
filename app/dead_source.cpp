#include "app/dead_source.h"

#include <algorithm>

namespace vigie {
namespace {

constexpr double kMuch = 0.2;
constexpr Duration kPatience = hours(1);  // as long as the watchdog waits

bool is_dead(const SourceHealth& health, const std::vector<SourceSettings>& sources, Time now) {
  const auto known = std::find_if(sources.begin(), sources.end(),
                                  [&](const SourceSettings& source) { return source.id == health.source; });
  // One that was taken out of the settings fails no more.
  if (known == sources.end() || !health.failing_since) return false;
  return now - *health.failing_since >= std::max<Duration>(kPatience, 3 * known->every_min);
}

}  // namespace

bool hangs_on_a_dead_source(const Signal& evidence, const std::vector<SourceHealth>& health,
                            const std::vector<SourceSettings>& sources, Time now) {
  double all = 0;
  for (const SourceCount& source : evidence.sources) all += static_cast<double>(source.negatives);
  return std::any_of(evidence.sources.begin(), evidence.sources.end(), [&](const SourceCount& source) {
    if (all <= 0 || static_cast<double>(source.negatives) < kMuch * all) return false;
    return std::any_of(health.begin(), health.end(), [&](const SourceHealth& one) {
      return one.source == source.source && is_dead(one, sources, now);
    });
  });
}

}  // namespace vigie
