// The number at the top of a wall, and how far it can be trusted. Ratings of two scales are never added up.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "wall/log/leaf.h"

namespace vigie {

// Below this many ratings a mean says more about chance than about the brand: none is shown.
inline constexpr std::int64_t kEnoughRatings = 10;

// How often each rating of one scale was given.
struct Ratings {
  std::int64_t least = 1, most = 5;  // ends of the scale
  std::map<std::int64_t, std::int64_t> counts{};

  std::int64_t count() const;
};

// "1-5", "0-10", "qr/1-5": the ends of a scale; nothing when it is none, or has more than 100 steps.
std::optional<Ratings> scale_from(std::string_view scale);
// The ratings of that scale out of counts kept as the log keeps them ("4", "0-10:9", "-").
Ratings ratings_of(const tlog::CountByRating& counts, std::string_view scale);

struct Score {
  std::int64_t mean_milli = 0;  // the plain mean x 1000, half rounded up
  double mean = 0;              // rounded to a tenth, half up from the exact mean: what is shown
  double low = 0, high = 0;     // 95 % interval, within the scale
};

struct MeanInterval {
  double low = 0, high = 0;  // 95 %, within the scale
};

// Of the mean of `count` ratings with this sum and this sum of squares, on a scale from least to most.
//
// The interval is Student's, over the ratings and two imaginary ones, the least and the most of the scale: ten reviews
// of 5 stars would otherwise have an interval of width 0. The same remedy as Agresti and Coull, "Approximate is better
// than exact", 1998.
MeanInterval mean_interval(std::int64_t count, double sum, double squares, double least, double most);

// Nothing when there are fewer than kEnoughRatings.
std::optional<Score> score(const Ratings& ratings);

// The 97.5 % quantile of Student's distribution, for at least 5 degrees of freedom (Abramowitz and Stegun 26.7.5; off
// by less than 0.01).
double student_quantile(double degrees);

}  // namespace vigie
