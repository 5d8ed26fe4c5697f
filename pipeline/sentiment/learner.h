// The weights while they are learnt, in floating point, and one step of learning.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pipeline/sentiment/features.h"
#include "pipeline/sentiment/model.h"
#include "pipeline/sentiment/reading.h"

namespace vigie::sentiment {

// A training row as features.
struct Example {
  std::array<std::vector<Feature>, kGroups> features;
  std::array<float, kGroups> scale{};  // 1 / sqrt(features of the text + 1), those left out of training counted too
  std::vector<float> statistics;       // [column][kStatistics]
  Slot slot = kNoSlot;
  std::size_t label = 1;  // place in Probabilities
  float weight = 1;
  bool polar = false;
  bool exclaims = false;
  std::uint64_t slice = 0;    // rows of one slice are held out together
  bool contradicted = false;  // not to be learnt from
};

class Learner {
 public:
  Learner(unsigned bits, std::size_t slots, std::size_t columns, double rate);

  Logits logits(const Example& example) const;
  // Lets features step the further the more one-sided they are among the rows of `order`: a word as common in praise as
  // in complaints mostly learns noise. After Wang and Manning, "Baselines and Bigrams", 2012, who scale each feature by
  // its log-count ratio. Before the first learn().
  void weigh(const std::vector<Example>& examples, const std::vector<std::uint32_t>& order);
  // Moves the weights against the loss of `example`; returns that loss before the step, in nats.
  double learn(const Example& example);
  // Takes up another of the same shape, as the `count`-th: the weights are then the mean of all. The mean of what
  // several orders of the rows ended in is nearer to the optimum than any (Polyak and Juditsky, "Acceleration of
  // Stochastic Approximation by Averaging", 1992), and what it says is less a matter of chance.
  void take_up(const Learner& other, int count);

  // Eight-bit weights and the value of one step.
  std::pair<std::vector<Weight>, float> quantised() const;
  std::vector<float> dense() const;

 private:
  static constexpr std::uint16_t kWhole = 1u << 14;
  struct Cell {
    float polarity = 0, neutrality = 0, squares = 0;
    std::uint16_t polar_step = kWhole, neutral_step = kWhole;  // share of the step that each takes, in kWhole-ths
  };
  struct Gradient {
    float polarity = 0, neutrality = 0;
  };

  std::size_t dense_at(Slot slot) const { return (slot == kNoSlot ? slots_ : slot) * statistics_; }
  void move(Cell& cell, const Gradient& gradient, float value) const;

  unsigned bits_;
  std::size_t slots_, statistics_;
  float rate_;
  std::vector<Cell> cells_;
  std::vector<Cell> dense_;
};

}  // namespace vigie::sentiment
