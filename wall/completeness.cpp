#include "wall/completeness.h"

#include <algorithm>
#include <cmath>

#include "store/reviews.h"

namespace vigie {
namespace {

constexpr Duration kGrace = hours(1);  // for the loops that publish and add up
constexpr double kQuantile = 2.5758;   // of the normal distribution, 99.5 %
constexpr std::int64_t kFewest = 5;
constexpr int kMostHidden = 1000;
constexpr std::string_view kNotTheBrands[] = {"AUTHOR-REQUEST", "COURT", "RETENTION"};

bool is_the_brands(const std::string& code) {
  return std::find(std::begin(kNotTheBrands), std::end(kNotTheBrands), code) == std::end(kNotTheBrands);
}

struct Halves {
  double low = 0, high = 0;
};

Halves halves_of(const Ratings& ratings) {
  Halves halves;
  for (const auto& [rating, n] : ratings.counts) {
    const std::int64_t twice = 2 * rating, middle = ratings.least + ratings.most;
    if (twice < middle) halves.low += static_cast<double>(n);
    if (twice > middle) halves.high += static_cast<double>(n);
  }
  return halves;
}

bool adds_up(const tlog::WallNumbers& n) {
  return n.received == n.pending + n.published + n.refused + n.hidden + n.withdrawn + n.erased + n.expired;
}

// By what they are counted under in the log: "4", "0-10:9".
Result<tlog::CountByRating> withheld(Store& store, const std::string& brand, const tlog::WallNumbers& numbers) {
  tlog::CountByRating sum;
  for (const auto& [code, counts] : numbers.refused_by) {
    if (!is_the_brands(code)) continue;
    for (const auto& [rating, n] : counts) sum[rating] += n;
  }
  // Nothing tells an erasure without its author's proof from one that the brand wished for.
  if (const auto unproved = numbers.erased_by.find("gdpr"); unproved != numbers.erased_by.end()) {
    for (const auto& [rating, n] : unproved->second) sum[rating] += n;
  }
  ReviewFilter filter;
  filter.brand = brand;
  filter.states = {ReviewState::hidden};
  filter.limit = kMostHidden;
  TRY(const std::vector<Review> hidden, store.reviews().reviews(filter));
  for (const Review& review : hidden) {
    if (is_the_brands(review.newest().code)) ++sum[tlog::rating_key(tlog::scale_key(review.origin, review.scale), review.newest().rating)];
  }
  return sum;
}

std::vector<std::string> scales_in(const tlog::CountByRating& counts) {
  std::vector<std::string> scales = {std::string(tlog::kStars)};
  for (const auto& [key, n] : counts) {
    const std::size_t colon = key.find(':');
    if (colon != std::string::npos && key.substr(0, colon) != scales.back()) scales.push_back(key.substr(0, colon));
  }
  return scales;
}

}  // namespace

std::string_view to_text(Completeness completeness) {
  switch (completeness) {
    case Completeness::holds: return "holds";
    case Completeness::empty: return "empty";
    case Completeness::unbalanced: return "unbalanced";
    case Completeness::stale: return "stale";
    case Completeness::late: return "late";
    case Completeness::lopsided: return "lopsided";
  }
  return "unbalanced";
}

bool is_lopsided(const Ratings& shown, const Ratings& withheld) {
  const Halves kept = halves_of(shown), taken = halves_of(withheld);
  const double low = kept.low + taken.low, high = kept.high + taken.high;
  if (taken.low + taken.high < kFewest || low == 0 || high == 0) return false;
  const double both = (taken.low + taken.high) / (low + high);
  const double spread = std::sqrt(both * (1 - both) * (1 / low + 1 / high));
  return spread > 0 && (taken.low / low - taken.high / high) / spread > kQuantile;
}

Result<Completeness> completeness(Store& store, const std::string& brand, const WallStanding& standing, Time now) {
  if (standing.numbers.received == 0) return Completeness::empty;
  if (!adds_up(standing.numbers)) return Completeness::unbalanced;
  TRY(const LogState log, store.log_state(brand));
  if (log.size > standing.size && now - standing.at > kGrace) return Completeness::stale;
  ReviewFilter late;
  late.brand = brand;
  late.due = now - kGrace;
  TRY(const std::int64_t overdue, store.reviews().count(late));
  if (overdue > 0) return Completeness::late;
  TRY(const tlog::CountByRating taken, withheld(store, brand, standing.numbers));
  for (const std::string& scale : scales_in(taken)) {
    if (is_lopsided(ratings_of(standing.numbers.histogram, scale), ratings_of(taken, scale)))
      return Completeness::lopsided;
  }
  return Completeness::holds;
}

}  // namespace vigie
