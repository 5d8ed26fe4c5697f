#include "wall/score.h"

#include <algorithm>
#include <cmath>

namespace vigie {

double student_quantile(double degrees) {
  constexpr double z = 1.959963985;
  const double z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
  return z + (z3 + z) / (4 * degrees) + (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees * degrees) +
         (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees * degrees * degrees);
}

std::optional<Score> score(const RatingCounts& counts) {
  if (counts.rated < kEnoughRatings) return std::nullopt;
  const double n = static_cast<double>(counts.rated) + 2;
  const double centre = (counts.sum + 1 + 5) / n;
  const double variance = std::max(0.0, (counts.sum_squares + 1 + 25 - n * centre * centre) / (n - 1));
  const double reach = student_quantile(n - 1) * std::sqrt(variance / n);
  return Score{counts.sum / static_cast<double>(counts.rated), std::max(1.0, centre - reach),
               std::min(5.0, centre + reach)};
}

}  // namespace vigie
