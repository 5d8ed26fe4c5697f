// Training of the sentiment model: multinomial logistic regression over hashed features, AdaGrad, one thread, the same
// bytes from the same rows.
//
// AdaGrad: Duchi, Hazan and Singer, 2011. A feature's shared weight and its copy per language and domain are learnt
// together: Daumé III, "Frustratingly Easy Domain Adaptation", 2007.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/labelled_rows.h"
#include "pipeline/sentiment/model.h"

namespace vigie::sentiment {

struct TrainOptions {
  std::string name = "sentiment";
  unsigned bits = 22;  // 2^bits rows of weights, 2 bytes each
  int epochs = 5;
  double rate = 0.07;    // AdaGrad's step
  double balance = 0.5;  // 0: classes as they come, 1: each class of a slot weighs the same
  int trainings = 4;     // with the rows in as many orders; the mean of their weights is kept
  std::uint64_t seed = 1;
  bool learning_curve = true;  // trains on a quarter and a half of the rows too, to show what more rows are worth
};

// Told of each step: "epoch 1 of 5: loss 0.71, held out: macro F1 64.2, loss 0.70".
using Progress = std::function<void(const std::string&)>;

// Trains on all rows, and once more without each fifth of them (by a hash of the text): the calibration is fitted on
// what those say of the rows they never saw. bad_data when there are too few rows of a label to learn from.
Result<ModelParts> train(const std::vector<LabelledRow>& rows, const WordTable& words, const TrainOptions& options,
                         const Progress& progress);

}  // namespace vigie::sentiment
