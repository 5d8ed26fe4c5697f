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
  struct Cell {
    float polarity = 0, neutrality = 0, squares = 0;
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
