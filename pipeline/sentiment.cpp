#include "pipeline/sentiment.h"

#include <algorithm>
#include <cmath>

#include "pipeline/calibration.h"
#include "pipeline/lexicon.h"
#include "pipeline/words.h"

namespace vigie {
namespace {

constexpr std::string_view kModel = "lexicon-1";
constexpr double kSure = 0.5;          // the bar of "unsure": below it, being right is less likely than not
constexpr double kStarsWeight = 0.75;  // stars are the author's own judgement; the words keep a quarter of the say
constexpr std::size_t kDrivers = 5;

// What a rating says, on any scale folded to 0..1: up to 0.3 (1 and 2 of 1..5) bad, from 0.7 (4 and 5) good, between
// them (3 of 1..5) neither, with a lean to bad: three stars complain more often than they praise.
Probabilities of_stars(double fraction) {
  if (fraction <= 0.3) return {0.92, 0.06, 0.02};
  if (fraction >= 0.7) return {0.03, 0.07, 0.90};
  return {0.30, 0.50, 0.20};
}

Label most_probable(const Probabilities& p) {
  const auto best = std::max_element(p.begin(), p.end()) - p.begin();
  return best == 0 ? Label::negative : best == 1 ? Label::neutral : Label::positive;
}

std::vector<DrivingWord> strongest(std::vector<DrivingWord> drivers) {
  std::stable_sort(drivers.begin(), drivers.end(),
                   [](const DrivingWord& a, const DrivingWord& b) { return std::abs(a.weight) > std::abs(b.weight); });
  std::vector<DrivingWord> kept;
  for (DrivingWord& driver : drivers) {
    const bool said =
        std::any_of(kept.begin(), kept.end(), [&](const DrivingWord& k) { return k.word == driver.word; });
    if (!said) kept.push_back(std::move(driver));
    if (kept.size() == kDrivers) break;
  }
  return kept;
}

class LexiconScorer final : public Scorer {
 public:
  Judgement score(const Words& words, std::string_view lang, std::string_view domain,
                  const std::optional<Rating>& rating) const override {
    Opinion opinion = lexicon_of(lang).read(words);
    Probabilities p = calibrated(features(opinion), lang, domain);
    if (rating && rating->max > rating->min) p = with_stars(p, *rating, words.text().empty());

    Judgement out;
    out.p_neg = p[0];
    out.p_neu = p[1];
    out.p_pos = p[2];
    out.label = most_probable(p);
    out.unsure = *std::max_element(p.begin(), p.end()) < kSure;
    out.drivers = strongest(std::move(opinion.drivers));
    out.model = kModel;
    return out;
  }

 private:
  static Probabilities with_stars(const Probabilities& words, const Rating& rating, bool no_text) {
    const Probabilities stars = of_stars(std::clamp(rating.fraction(), 0.0, 1.0));
    if (no_text) return stars;
    Probabilities mixed{};
    for (std::size_t i = 0; i < mixed.size(); ++i) mixed[i] = kStarsWeight * stars[i] + (1 - kStarsWeight) * words[i];
    return mixed;
  }
};

}  // namespace

std::unique_ptr<Scorer> make_lexicon_scorer() { return std::make_unique<LexiconScorer>(); }

}  // namespace vigie
