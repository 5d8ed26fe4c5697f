// The number at the top of a wall, and how far it can be trusted.

#pragma once

#include <cstdint>
#include <optional>

#include "store/store.h"

namespace vigie {

// Below this many rated reviews a mean says more about chance than about the brand: none is shown.
inline constexpr std::int64_t kEnoughRatings = 10;

struct Score {
  double mean = 0;           // 1..5, the plain mean
  double low = 0, high = 0;  // 95 % interval, within 1..5
};

// Nothing when there are fewer than kEnoughRatings.
//
// The interval is Student's, over the ratings and two imaginary reviews, one of 1 star and one of 5: ten reviews of 5
// stars would otherwise have an interval of width 0. The same remedy as Agresti and Coull, "Approximate is better than
// exact", 1998.
std::optional<Score> score(const RatingCounts& counts);

// The 97.5 % quantile of Student's distribution, for at least 5 degrees of freedom (Abramowitz and Stegun 26.7.5; off
// by less than 0.01).
double student_quantile(double degrees);

}  // namespace vigie
