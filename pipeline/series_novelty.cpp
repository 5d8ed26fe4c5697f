#include "pipeline/series_novelty.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vigie {
namespace {

constexpr double kForget = 1.0 / 5000;  // of the range a point: a glitch weighs on it for some 14,000 points
constexpr double kNarrow = 1.0 / 16;    // lately less than this part of the range in use: all would fall into one cell
constexpr int kFamiliar = 12;           // visits after which a cell is no news, whatever surrounds it
constexpr double kAround = 0.4;  // share of the novelty that asks for empty neighbours too: a step aside is less new
constexpr double kRarest = 8;    // nats; one novelty in 3,000 visits counts in full
constexpr int kRelearn = 500;    // visits in silence after a map was emptied

}  // namespace

void Axis::restart() {
  first_ = low_ = lately_low_;
  high_ = lately_high_;
  width_ = (high_ - low_) / cells_;
  restarted_ = true;
}

int Axis::cell_of(double value) const {
  if (width_ <= 0) return 0;
  const double cells = (value - first_) / width_;
  const int towards_zero = static_cast<int>(cells);  // std::floor is a call where the processor is not known to have it
  return towards_zero - (cells < towards_zero ? 1 : 0);
}

void Axis::see(double value) {
  if (!started_) {
    started_ = true;
    first_ = low_ = high_ = lately_low_ = lately_high_ = value;
  }
  restarted_ = false;
  doublings_ = 0;

  const double closing = kForget * (lately_high_ - lately_low_);
  lately_low_ = std::min(lately_low_ + closing, value);
  lately_high_ = std::max(lately_high_ - closing, value);
  const double low_before = low_;
  low_ = std::min(low_, value);
  high_ = std::max(high_, value);

  const double span = high_ - low_;
  const double lately = lately_high_ - lately_low_;
  if (lately > 0 && lately < kNarrow * span) {
    restart();
  } else if (width_ <= 0) {
    width_ = span / cells_;
  } else if (span > width_ * cells_) {
    lowest_before_ = cell_of(low_before);
    for (; span > width_ * cells_; ++doublings_) width_ *= 2;
  }
  cell_ = cell_of(value);
}

void NoveltyMap::merge(const Axis& a, const Axis& b) {
  if (a.restarted() || b.restarted()) {
    visits_.fill(0);
    learning_ = kRelearn;
    return;
  }
  const auto old = visits_;
  visits_.fill(0);
  const int halve_a = std::min(a.doublings(), 31), halve_b = std::min(b.doublings(), 31);
  const int side = kSide;
  for (int i = a.lowest_before(); i < a.lowest_before() + side; ++i) {
    for (int j = b.lowest_before(); j < b.lowest_before() + side; ++j) {
      const int seen = old[(static_cast<unsigned>(i) % kSide) * kSide + static_cast<unsigned>(j) % kSide];
      if (seen == 0) continue;
      std::uint8_t& merged = at(i >> halve_a, j >> halve_b);
      merged = static_cast<std::uint8_t>(std::min<int>(merged + seen, std::numeric_limits<std::uint8_t>::max()));
    }
  }
}

int NoveltyMap::around(int a, int b) {
  int sum = -at(a, b);
  for (int i = -1; i <= 1; ++i) {
    for (int j = -1; j <= 1; ++j) sum += at(a + i, b + j);
  }
  return sum;
}

double NoveltyMap::visit(const Axis& a, const Axis& b) {
  if (a.doublings() + b.doublings() > 0 || a.restarted() || b.restarted()) merge(a, b);
  ++asked_;
  std::uint8_t& here = at(a.cell(), b.cell());
  const int seen = here;
  if (seen < std::numeric_limits<std::uint8_t>::max()) ++here;
  if (learning_ > 0) {
    --learning_;
    return 0;
  }
  if (seen >= kFamiliar) return 0;
  const double empty = 1.0 / (1 + around(a.cell(), b.cell()));
  const double fresh = (1 - kAround + kAround * empty) / (1 + seen);
  novelty_ += fresh;
  const double rarity = std::log(static_cast<double>(asked_ + 10) / novelty_) / kRarest;
  return fresh * std::clamp(rarity, 0.0, 1.0);
}

}  // namespace vigie
