#include "pipeline/sentiment/learner.h"

#include <algorithm>
#include <cmath>

namespace vigie::sentiment {
namespace {

constexpr float kTiny = 1e-6F;      // keeps the first step finite
// Share of the step that a feature takes: the least, that for each nat of its log-count ratio, the most.
constexpr double kLeastStep = 0.3, kStepOfNat = 0.4, kMostStep = 2;
constexpr double kRowsOfChance = 1;  // rows with the labels of all: a feature met once is not one-sided yet
constexpr double kNoLess = 1e-9;    // a loss is finite
constexpr double kWithin = 0.9999;  // of the weights fit the eight bits; those beyond are cut to the end of the scale

}  // namespace

Learner::Learner(unsigned bits, std::size_t slots, std::size_t columns, double rate)
    : bits_(bits),
      slots_(slots),
      statistics_(columns * kStatistics),
      rate_(static_cast<float>(rate)),
      cells_(Model::rows(bits)),
      dense_((slots + 1) * columns * kStatistics) {}

Logits Learner::logits(const Example& example) const {
  double polarity = 0, neutrality = 0;
  for (std::size_t group = 0; group < kGroups; ++group) {
    const bool copies = example.slot != kNoSlot && has_copies(static_cast<Group>(group));
    float good = 0, neutral = 0;
    for (const Feature feature : example.features[group]) {
      const Cell& shared = cells_[Model::row(static_cast<Group>(group), feature, kNoSlot, bits_)];
      good += shared.polarity;
      neutral += shared.neutrality;
      if (!copies) continue;
      const Cell& copy = cells_[Model::row(static_cast<Group>(group), feature, example.slot, bits_)];
      good += copy.polarity;
      neutral += copy.neutrality;
    }
    const float scale = example.scale[group];
    polarity += static_cast<double>(good * scale);
    neutrality += static_cast<double>(neutral * scale);
  }
  for (std::size_t i = 0; i < statistics_; ++i) {
    const auto value = static_cast<double>(example.statistics[i]);
    const Cell& shared = dense_[dense_at(kNoSlot) + i];
    const Cell& copy = dense_[dense_at(example.slot) + i];
    polarity += value * static_cast<double>(shared.polarity + copy.polarity);
    neutrality += value * static_cast<double>(shared.neutrality + copy.neutrality);
  }
  return {polarity, neutrality, example.exclaims};
}

void Learner::weigh(const std::vector<Example>& examples, const std::vector<std::uint32_t>& order) {
  using Counts = std::array<float, 3>;
  std::vector<Counts> counts(cells_.size());
  std::array<double, 3> all{};
  for (const std::uint32_t i : order) {
    const Example& example = examples[i];
    all[example.label] += static_cast<double>(example.weight);
    for (std::size_t group = 0; group < kGroups; ++group) {
      const bool copies = example.slot != kNoSlot && has_copies(static_cast<Group>(group));
      for (const Feature feature : example.features[group]) {
        counts[Model::row(static_cast<Group>(group), feature, kNoSlot, bits_)][example.label] += example.weight;
        if (copies)
          counts[Model::row(static_cast<Group>(group), feature, example.slot, bits_)][example.label] += example.weight;
      }
    }
  }
  const double total = all[0] + all[1] + all[2];
  const auto step = [](double ratio) {
    const double share = std::min(kMostStep, kLeastStep + kStepOfNat * std::abs(ratio));
    return static_cast<std::uint16_t>(std::lround(share * kWhole));
  };
  for (std::size_t at = 0; at < cells_.size(); ++at) {
    std::array<double, 3> log{};  // of how much more often the label stands here than elsewhere
    for (std::size_t k = 0; k < log.size(); ++k) {
      const double share = std::max(all[k] / std::max(total, 1.0), kNoLess);
      log[k] = std::log(static_cast<double>(counts[at][k]) / share + kRowsOfChance);
    }
    cells_[at].polar_step = step((log[2] - log[0]) / 2);
    cells_[at].neutral_step = step(log[1] - (log[0] + log[2]) / 2);
  }
}

void Learner::move(Cell& cell, const Gradient& gradient, float value) const {
  const float polarity = gradient.polarity * value, neutrality = gradient.neutrality * value;
  cell.squares += polarity * polarity + neutrality * neutrality;
  const float step = rate_ / (std::sqrt(cell.squares) + kTiny) / static_cast<float>(kWhole);
  cell.polarity -= step * static_cast<float>(cell.polar_step) * polarity;
  cell.neutrality -= step * static_cast<float>(cell.neutral_step) * neutrality;
}

double Learner::learn(const Example& example) {
  const Logits z = logits(example);
  Gradient gradient;
  double loss = 0;
  if (example.polar) {
    const double good = 1 / (1 + std::exp(-2 * z.polarity));
    const bool is_good = example.label == 2;
    loss = -std::log(std::max(kNoLess, is_good ? good : 1 - good));
    gradient.polarity = static_cast<float>(2 * (good - (is_good ? 1 : 0)));
  } else {
    Probabilities p = softmax({-z.polarity, z.neutrality, z.polarity});
    loss = -std::log(std::max(kNoLess, p[example.label]));
    p[example.label] -= 1;
    gradient.polarity = static_cast<float>(p[2] - p[0]);
    gradient.neutrality = static_cast<float>(p[1]);
  }
  gradient.polarity *= example.weight;
  gradient.neutrality *= example.weight;

  for (std::size_t group = 0; group < kGroups; ++group) {
    const bool copies = example.slot != kNoSlot && has_copies(static_cast<Group>(group));
    const float value = example.scale[group];
    for (const Feature feature : example.features[group]) {
      move(cells_[Model::row(static_cast<Group>(group), feature, kNoSlot, bits_)], gradient, value);
      if (copies) move(cells_[Model::row(static_cast<Group>(group), feature, example.slot, bits_)], gradient, value);
    }
  }
  for (std::size_t i = 0; i < statistics_; ++i) {
    const float statistic = example.statistics[i];
    if (statistic == 0) continue;
    move(dense_[dense_at(kNoSlot) + i], gradient, statistic);
    move(dense_[dense_at(example.slot) + i], gradient, statistic);
  }
  return loss;
}

void Learner::take_up(const Learner& other, int count) {
  const float part = 1 / static_cast<float>(count);
  const auto into = [&](std::vector<Cell>& mine, const std::vector<Cell>& others) {
    for (std::size_t i = 0; i < mine.size(); ++i) {
      mine[i].polarity += (others[i].polarity - mine[i].polarity) * part;
      mine[i].neutrality += (others[i].neutrality - mine[i].neutrality) * part;
      mine[i].squares += others[i].squares;
    }
  };
  into(cells_, other.cells_);
  into(dense_, other.dense_);
}

std::pair<std::vector<Weight>, float> Learner::quantised() const {
  std::vector<float> sizes;
  for (const Cell& cell : cells_) {
    if (cell.squares > 0) sizes.push_back(std::max(std::abs(cell.polarity), std::abs(cell.neutrality)));
  }
  float most = 1;
  if (!sizes.empty()) {
    const auto place = sizes.begin() + static_cast<std::ptrdiff_t>(kWithin * static_cast<double>(sizes.size() - 1));
    std::nth_element(sizes.begin(), place, sizes.end());
    most = std::max(*place, kTiny);
  }
  const float step = most / 127;
  const auto eight_bits = [&](float weight) {
    return static_cast<std::int8_t>(std::clamp(std::lround(weight / step), -127L, 127L));
  };
  std::vector<Weight> weights(cells_.size());
  std::transform(cells_.begin(), cells_.end(), weights.begin(), [&](const Cell& cell) {
    return Weight{eight_bits(cell.polarity), eight_bits(cell.neutrality)};
  });
  return {std::move(weights), step};
}

std::vector<float> Learner::dense() const {
  std::vector<float> out;
  for (const Cell& cell : dense_) {
    out.push_back(cell.polarity);
    out.push_back(cell.neutrality);
  }
  return out;
}

}  // namespace vigie::sentiment
