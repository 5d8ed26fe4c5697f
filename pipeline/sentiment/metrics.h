// How right and how honest a scorer is on labelled rows.

#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "model/judgement.h"

namespace vigie::sentiment {

struct Metrics {
  std::size_t rows = 0;
  double accuracy = 0;
  double macro_f1 = 0, macro_recall = 0;      // over the labels that the rows have
  std::array<std::optional<double>, 3> f1{};  // negative, neutral, positive; nothing where no row has the label
  // Expected calibration error over 15 equal bins of the label's probability: Guo et al., 2017.
  double calibration_error = 0;
  std::optional<double> forced;  // accuracy of the likelier of negative and positive; only without neutral rows
};

using Confusion = std::array<std::array<double, 3>, 3>;  // [truth][said], number of rows

// F1 of each label; nothing where no row has it. Macro F1 is their mean, macro recall the mean over the same labels of
// the share that is found; both are 0 without rows.
std::array<std::optional<double>, 3> f1_of(const Confusion& seen);
double macro_f1(const Confusion& seen);
double macro_recall(const Confusion& seen);

class Tally {
 public:
  void add(Label truth, const Judgement& judged);
  Metrics metrics() const;

 private:
  static constexpr std::size_t kBins = 15;
  struct Bin {
    double rows = 0, right = 0, probability = 0;
  };
  Confusion seen_{};
  std::array<Bin, kBins> bins_{};
  double forced_right_ = 0;
};

}  // namespace vigie::sentiment
