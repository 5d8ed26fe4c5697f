// A numeric series, point by point: how far each value stands out of its own past. DETECT.md section 1: record-relative
// tests with suppression after a peak. No history is kept beyond a few running numbers.

#include <algorithm>
#include <cmath>

#include "pipeline/detect.h"

namespace vigie {
namespace {

constexpr double kFast = 0.05, kSlow = 0.0105;  // weights of the newest value in the short and the long mean
constexpr double kRough = 0.05;                 // in the mean step between neighbours
constexpr double kRecordFade = 0.9998;          // a record is forgotten over some 5,000 points
constexpr double kQuietFade = 0.956;            // what a peak takes from the scores after it, over some 20 points
constexpr double kRangeShare = 0.01;            // a value must pass the range seen by this part of it
constexpr double kLargest = 1e100;              // its square is still a number
constexpr int kSettle = 15, kLearn = 60;        // points before a deviation means something, and before the first score

// A statistic divided by its own fading maximum: heavy-tailed series calibrate themselves.
class Record {
 public:
  double relative(double value) {
    const double ratio = most_ > 0 ? value / most_ : 0;
    most_ = std::max(most_ * kRecordFade, value);
    return ratio;
  }

 private:
  double most_ = 0;
};

class RunningScorer final : public SeriesScorer {
 public:
  double score(Time, double value) override {
    if (!std::isfinite(value)) return 0;
    value = std::clamp(value, -kLargest, kLargest);
    if (seen_ == 0) start(value);
    const double raw = seen_ < kLearn ? learn(value) : weigh(value);
    update(value);
    const double told = std::clamp(raw * (1 - quiet_), 0.0, 1.0);
    quiet_ = std::max(quiet_ * kQuietFade, told);
    return told;
  }

 private:
  void start(double value) { fast_ = slow_ = last_ = low_ = high_ = value; }

  double deviation() const { return std::sqrt(std::max(variance_, 1e-12)); }

  double learn(double value) {
    // The records must know what is usual before anything is told, and the deviation before the records.
    if (seen_ >= kSettle) weigh(value);
    return 0;
  }

  double weigh(double value) {
    const double sd = deviation();
    const double point = point_.relative(std::abs(value - slow_) / sd);
    const double level = level_.relative(std::abs(fast_ + kFast * (value - fast_) - slow_) / sd);
    const double rough = rough_.relative(std::abs(value - last_) / std::max(step_, 1e-12));
    const double span = std::max(high_ - low_, 1e-12);
    const double beyond = std::max(value - high_, low_ - value) / span;
    const double range = beyond > kRangeShare ? 1 + std::min(beyond, 1.0) : 0;
    // The weights come from a random search over public series; 4.7 is the most they can add up to.
    const double sum =
        0.79 * std::min(point, 2.0) + 0.23 * std::min(level, 2.0) + 0.15 * std::min(rough, 2.0) + 1.18 * range;
    return sum / 4.7;
  }

  void update(double value) {
    ++seen_;
    const double slow = std::max(kSlow, 1.0 / seen_);
    const double off = value - slow_;
    slow_ += slow * off;
    variance_ += slow * (off * off - variance_);
    fast_ += std::max(kFast, 1.0 / seen_) * (value - fast_);
    step_ += std::max(kRough, 1.0 / seen_) * (std::abs(value - last_) - step_);
    last_ = value;
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
  }

  int seen_ = 0;
  double fast_ = 0, slow_ = 0, variance_ = 0, step_ = 0, last_ = 0, low_ = 0, high_ = 0, quiet_ = 0;
  Record point_, level_, rough_;
};

}  // namespace

std::unique_ptr<SeriesScorer> make_series_scorer() { return std::make_unique<RunningScorer>(); }

}  // namespace vigie
