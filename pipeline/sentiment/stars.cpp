#include "pipeline/sentiment/stars.h"

namespace vigie::sentiment {
namespace {

constexpr double kBad = 0.3, kGood = 0.7;
constexpr double kStarsWeight = 0.75;
constexpr double kFurious = 0.75;

// Three stars complain more often than they praise.
Probabilities of_stars(double fraction) {
  if (fraction <= kBad) return {0.92, 0.06, 0.02};
  if (fraction >= kGood) return {0.03, 0.07, 0.90};
  return {0.30, 0.50, 0.20};
}

}  // namespace

WithStars with_stars(const Probabilities& words, double fraction, bool says_anything) {
  const Probabilities stars = of_stars(fraction);
  if (!says_anything) return {stars, false};
  WithStars out;
  for (std::size_t i = 0; i < out.p.size(); ++i) out.p[i] = kStarsWeight * stars[i] + (1 - kStarsWeight) * words[i];
  out.contradiction = (fraction >= kGood && words[0] >= kFurious) || (fraction <= kBad && words[2] >= kFurious);
  return out;
}

}  // namespace vigie::sentiment
