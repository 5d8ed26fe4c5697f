#include "pipeline/poisson.h"

#include <algorithm>
#include <cmath>

namespace vigie {
namespace {

constexpr double kExact = 200;  // above, the normal approximation is off by less than one
constexpr double kZ = 1.6448536269514722;

// The smallest k with P(X <= k) >= p.
double quantile(double mean, double p) {
  double term = std::exp(-mean), sum = term, k = 0;
  while (sum < p && k < 2 * kExact) {
    k += 1;
    term *= mean / k;
    sum += term;
  }
  return k;
}

}  // namespace

Interval poisson_interval_90(double mean) {
  if (!(mean > 0)) return {};
  if (mean <= kExact) return {quantile(mean, 0.05), quantile(mean, 0.95)};
  const double half = kZ * std::sqrt(mean);
  return {std::max(0.0, std::floor(mean - half)), std::ceil(mean + half)};
}

}  // namespace vigie
