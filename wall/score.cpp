#include "wall/score.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "wall/log/encoding.h"

namespace vigie {
namespace {

constexpr std::string_view kStars = "1-5";  // whose counts stand without its name
constexpr std::int64_t kMostSteps = 100;

// sum / count in units of 1 / `unit`, half rounded up; ratings are not negative.
std::int64_t rounded(std::int64_t sum, std::int64_t count, std::int64_t unit) {
  return (2 * unit * sum + count) / (2 * count);
}

}  // namespace

std::int64_t Ratings::count() const {
  std::int64_t sum = 0;
  for (const auto& [rating, n] : counts) sum += n;
  return sum;
}

std::optional<Ratings> scale_from(std::string_view scale) {
  if (scale.starts_with(tlog::kOpenAnswers)) scale.remove_prefix(tlog::kOpenAnswers.size());
  const std::size_t dash = scale.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto least = tlog::from_strict_decimal(scale.substr(0, dash));
  const auto most = tlog::from_strict_decimal(scale.substr(dash + 1));
  if (!least || !most || *most <= *least || *most - *least > kMostSteps) return std::nullopt;
  return Ratings{*least, *most, {}};
}

Ratings ratings_of(const tlog::CountByRating& counts, std::string_view scale) {
  Ratings ratings = scale_from(scale).value_or(Ratings{});
  const std::string prefix = scale == kStars ? "" : concat(scale, ":");
  for (const auto& [key, n] : counts) {
    if (!key.starts_with(prefix)) continue;
    const auto rating = tlog::from_strict_decimal(std::string_view(key).substr(prefix.size()));
    if (rating && *rating >= ratings.least && *rating <= ratings.most) ratings.counts[*rating] += n;
  }
  return ratings;
}

double student_quantile(double degrees) {
  constexpr double z = 1.959963985;
  const double z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
  return z + (z3 + z) / (4 * degrees) + (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees * degrees) +
         (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees * degrees * degrees);
}

MeanInterval mean_interval(std::int64_t count, double sum, double squares, double least, double most) {
  const double n = static_cast<double>(count) + 2;
  const double centre = (sum + least + most) / n;
  const double variance = std::max(0.0, (squares + least * least + most * most - n * centre * centre) / (n - 1));
  const double reach = student_quantile(n - 1) * std::sqrt(variance / n);
  return {std::max(least, centre - reach), std::min(most, centre + reach)};
}

std::optional<Score> score(const Ratings& ratings) {
  std::int64_t count = 0, sum = 0, squares = 0;
  for (const auto& [rating, n] : ratings.counts) {
    count += n;
    sum += n * rating;
    squares += n * rating * rating;
  }
  if (count < kEnoughRatings) return std::nullopt;
  const MeanInterval interval = mean_interval(count, static_cast<double>(sum), static_cast<double>(squares),
                                          static_cast<double>(ratings.least), static_cast<double>(ratings.most));
  return Score{rounded(sum, count, 1000), static_cast<double>(rounded(sum, count, 10)) / 10, interval.low,
               interval.high};
}

}  // namespace vigie
