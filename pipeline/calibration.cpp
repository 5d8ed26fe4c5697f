#include "pipeline/calibration.h"

#include <algorithm>
#include <cmath>

namespace vigie {
namespace {

using Map = std::array<std::array<double, kFeatures>, 3>;

// Multinomial logistic regression of the label on the features below, one per language and domain, by gradient descent
// on the development rows of the sentiment data (public tweets; insurer and series reviews in French, film sentences in
// English), L2 of 2 on everything but the constant, no class weights: the probabilities are those of such texts.
// Held-out folds scored within half a point of what the whole fit scores. Rows: negative, neutral, positive, centred to
// sum 0.
constexpr Map kEnglishPost = {{
    {{0.20, -0.48, -0.70, 0.91, -0.24, 0.39, -0.14, 0.54, -0.42, -0.19, -0.76, 0.84, 1.18}},
    {{0.46, -0.08, -0.25, -0.61, -0.02, -0.38, 0.02, 0.35, -0.50, 0.08, 0.49, -0.26, -0.15}},
    {{-0.65, 0.55, 0.95, -0.30, 0.25, -0.01, 0.11, -0.90, 0.92, 0.11, 0.27, -0.58, -1.03}},
}};
constexpr Map kEnglishReview = {{
    {{0.13, -0.17, -0.47, 0.34, -0.07, 0.10, 0.07, 0.15, -0.21, 0.00, 0.40, 0.33, -0.17}},
    {{-0.14, 0.19, -0.24, 0.12, 0.20, -0.29, 0.15, 0.77, 0.12, 0.00, -0.27, 0.05, 0.17}},
    {{0.01, -0.02, 0.71, -0.46, -0.13, 0.19, -0.22, -0.92, 0.09, 0.00, -0.13, -0.38, -0.01}},
}};
constexpr Map kFrenchPost = {{
    {{-0.29, -0.23, -0.03, 0.77, -0.33, 0.09, -0.50, 0.27, -0.66, 0.00, 0.28, 0.54, 0.13}},
    {{0.51, 0.03, -0.55, -0.60, 0.15, -0.04, 0.09, 0.05, 0.37, 0.00, -0.38, -0.59, -0.14}},
    {{-0.22, 0.20, 0.58, -0.17, 0.17, -0.05, 0.41, -0.31, 0.29, 0.00, 0.10, 0.05, 0.01}},
}};
constexpr Map kFrenchReview = {{
    {{-0.19, -0.75, -0.47, 0.73, 0.60, -0.15, 0.34, 0.04, 0.28, 0.13, 0.26, 0.40, -0.27}},
    {{-0.28, -0.02, -0.19, -0.33, -0.59, -0.01, -0.24, 0.20, -0.48, 0.19, 0.33, -0.10, 0.68}},
    {{0.48, 0.77, 0.66, -0.40, -0.01, 0.17, -0.10, -0.25, 0.20, -0.32, -0.59, -0.31, -0.41}},
}};

// Languages without a lexicon: only signs speak, and without one nothing is known beyond that most posts are neutral.
constexpr Map kSignsOnly = {{
    {{-0.35, -1.2, -0.2, 0.3, 0, -0.3, 0, 0, 0, 0, 0, 0, 0}},
    {{0.7, 0, -0.2, -0.2, 0.3, 0, 0, 0.1, 0, 0.2, 0, 0, 0}},
    {{-0.35, 1.2, 0.4, -0.1, -0.3, 0.3, 0, -0.1, 0.2, -0.2, 0, 0, 0}},
}};

const Map& map_of(std::string_view lang, std::string_view domain) {
  const bool review = domain == "review";
  if (lang == "en") return review ? kEnglishReview : kEnglishPost;
  if (lang == "fr") return review ? kFrenchReview : kFrenchPost;
  return kSignsOnly;
}

// Softmax.
Probabilities normalized(const std::array<double, 3>& scores) {
  const double most = *std::max_element(scores.begin(), scores.end());
  Probabilities out{};
  double sum = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) sum += out[i] = std::exp(scores[i] - most);
  for (double& p : out) p /= sum;
  return out;
}

}  // namespace

Features features(const Opinion& opinion) {
  constexpr double kSoft = 12;  // where the balance of weights is half-way to sure
  const double sum = opinion.positive - opinion.negative;
  return {
      1,
      sum / std::sqrt(sum * sum + kSoft),
      std::log1p(opinion.positive),
      std::log1p(opinion.negative),
      opinion.found == 0 ? 1.0 : 0.0,
      opinion.strongest / 4,
      opinion.last / 4,
      opinion.question ? 1.0 : 0.0,
      std::min(opinion.exclamations, 3) / 3.0,
      opinion.link ? 1.0 : 0.0,
      std::log1p(opinion.words) / 4,
      opinion.negation ? 1.0 : 0.0,
      std::min(opinion.found, 8) / 8.0,
  };
}

Probabilities calibrated(const Features& features, std::string_view lang, std::string_view domain) {
  const Map& map = map_of(lang, domain);
  std::array<double, 3> scores{};
  for (std::size_t label = 0; label < scores.size(); ++label) {
    for (std::size_t i = 0; i < kFeatures; ++i) scores[label] += map[label][i] * features[i];
  }
  return normalized(scores);
}

}  // namespace vigie
