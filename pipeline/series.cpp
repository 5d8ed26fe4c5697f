// A numeric series, point by point: how new the state it is in. Its mean and its roughness over five spans are set
// against each other, two by two, each pair on a map of where it has been (series_novelty.h); the maps vote. So a
// spike, a level between two usual ones, noise that grows, a peak that does not come are all found by one rule, and a
// thing that returns is found once. Bounded state (some 56 KB), no history, no clock: points are counted, not timed.
//
// Constants were chosen in the middle of a wide plain: see
// docs/decisions/0050-a-series-is-judged-by-what-it-never-did.md.

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "pipeline/detect.h"
#include "pipeline/series_novelty.h"

namespace vigie {
namespace {

constexpr std::size_t kSpans = 5;
constexpr double kSpanStep = 4;  // spans of 1, 4, 16, 64 and 256 points
constexpr double kLargest = 1e100;
constexpr int kSettle = 15;          // points before a mean means something
constexpr int kLearn = 60;           // and before the first score
constexpr double kScale = 0.002;     // weight of the newest point in the centre and the usual distance from it
constexpr double kFarthest = 4;      // usual distances; a point further off moves the scale no more than one there
constexpr double kSmooth = 0.05;     // of the usual distance: steps smaller than that are all alike to the logarithm
constexpr double kUsualSpan = 3000;  // points over which the usual novelty is known
constexpr double kUsualStart = 0.01, kUsualPoints = 50;  // and what is supposed of it at first, as so many points
constexpr double kOverUsual = 2;                         // times the usual novelty count for nothing
constexpr double kAlarm = 1.0 / 14;                      // novelty that speaks for itself; a score of one half
constexpr double kQuiet = 0.996;  // of the silence after a peak, a point: the same story is not told twice

// Cell widths double, so at any moment they are off their target by up to two. Three maps, a third of a doubling
// apart, even that out.
constexpr std::array<double, 3> kCells = {12.7, 16, 20.2};

// Mean and mean step over growing spans, and the step's logarithm in units of the series' own scale.
class Ladder {
 public:
  // One span after the other, the shortest without a roughness: its step says nothing its mean does not.
  static constexpr std::size_t kCount = 3 * kSpans - 2;
  static constexpr std::size_t level(std::size_t span) { return span; }
  static constexpr std::size_t step(std::size_t span) { return kSpans + span - 1; }
  static constexpr std::size_t log_step(std::size_t span) { return 2 * kSpans + span - 2; }

  Ladder() {
    for (std::size_t k = 1; k < kSpans; ++k)
      weight_[k] = 1 - std::exp(-1 / std::pow(kSpanStep, static_cast<double>(k)));
  }

  void see(double value) {
    if (seen_ == 0) centre_ = last_ = value;
    const double first_ones = 1.0 / static_cast<double>(++seen_);
    const double step = std::abs(value - last_);
    const double unit = std::max(distance_, 1e-9 * std::abs(centre_));
    now_[level(0)] = value;
    for (std::size_t k = 1; k < kSpans; ++k) {
      const double weight = std::max(weight_[k], first_ones);
      now_[level(k)] += weight * (value - now_[level(k)]);
      now_[Ladder::step(k)] += weight * (step - now_[Ladder::step(k)]);
      now_[log_step(k)] = std::log((unit > 0 ? now_[Ladder::step(k)] / unit : 0) + kSmooth);
    }
    follow(value, unit, std::max(kScale, first_ones));
    last_ = value;
  }

  double operator[](std::size_t index) const { return now_[index]; }
  std::int64_t seen() const { return seen_; }

 private:
  void follow(double value, double unit, double weight) {
    const double off = value - centre_;
    const bool early = seen_ <= kSettle;
    centre_ += weight * std::clamp(off, -kFarthest * unit, kFarthest * unit);
    distance_ += weight * ((early ? std::abs(off) : std::min(std::abs(off), kFarthest * unit)) - distance_);
  }

  std::array<double, kSpans> weight_{};
  std::array<double, kCount> now_{};
  double centre_ = 0, distance_ = 0, last_ = 0;
  std::int64_t seen_ = 0;
};

// Which two numbers share a map: every two means, and each mean but the shortest with its span's roughness.
std::vector<std::pair<std::size_t, std::size_t>> pairs() {
  std::vector<std::pair<std::size_t, std::size_t>> all;
  for (std::size_t i = 0; i < kSpans; ++i) {
    for (std::size_t j = i + 1; j < kSpans; ++j) all.emplace_back(Ladder::level(i), Ladder::level(j));
  }
  for (std::size_t i = 1; i < kSpans; ++i) {
    all.emplace_back(Ladder::level(i), Ladder::log_step(i));
    all.emplace_back(Ladder::level(i), Ladder::step(i));
  }
  return all;
}

// All pairs at one fineness.
class Committee {
 public:
  explicit Committee(double cells) : axes_(Ladder::kCount, Axis(cells)), pairs_(pairs()), maps_(pairs_.size()) {}

  double novelty(const Ladder& ladder) {
    for (std::size_t k = 0; k < axes_.size(); ++k) axes_[k].see(ladder[k]);
    double sum = 0;
    for (std::size_t k = 0; k < maps_.size(); ++k)
      sum += maps_[k].visit(axes_[pairs_[k].first], axes_[pairs_[k].second]);
    return sum / static_cast<double>(maps_.size());
  }

 private:
  std::vector<Axis> axes_;
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;
  std::vector<NoveltyMap> maps_;
};

class NoveltyScorer final : public SeriesScorer {
 public:
  double score(Time, double value) override {
    if (!std::isfinite(value)) return 0;
    ladder_.see(std::clamp(value, -kLargest, kLargest));
    return tell(novelty());
  }

 private:
  double novelty() {
    if (ladder_.seen() <= kSettle) return 0;
    double sum = 0;
    for (Committee& committee : committees_) sum += committee.novelty(ladder_);
    return ladder_.seen() <= kLearn ? 0 : sum / static_cast<double>(committees_.size());
  }

  double tell(double novelty) {
    const double told = std::max(0.0, novelty - kOverUsual * usual_) * (1 - quiet_);
    const double points = std::min(kUsualSpan, static_cast<double>(ladder_.seen()) + kUsualPoints);
    usual_ += (novelty - usual_) / points;
    // The fourth power: what is well below an alarm keeps nothing quiet, an alarm does so in full.
    quiet_ = std::max(quiet_ * kQuiet, std::min(1.0, std::pow(told / kAlarm, 4)));
    return told / (told + kAlarm);
  }

  Ladder ladder_;
  std::vector<Committee> committees_{kCells.begin(), kCells.end()};
  double usual_ = kUsualStart, quiet_ = 0;
};

}  // namespace

std::unique_ptr<SeriesScorer> make_series_scorer() { return std::make_unique<NoveltyScorer>(); }

}  // namespace vigie
