// Training of the language model: multinomial logistic regression over hashed features, AdaGrad, one thread, the same
// bytes from the same rows.
//
// AdaGrad: Duchi, Hazan and Singer, 2011. Rows are read in pieces of a few words, so that a text of three words is as
// familiar as one of thirty.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/labelled_rows.h"
#include "pipeline/language/model.h"

namespace vigie::language {

struct TrainOptions {
  unsigned bits = 16;  // 2^bits rows of weights, kTongues bytes each
  int epochs = 3;
  double rate = 0.03;  // AdaGrad's step
  std::uint64_t seed = 1;
};

using Progress = std::function<void(const std::string&)>;

// bad_data when one of the six languages has no rows.
Result<ModelParts> train(const std::vector<LabelledRow>& rows, const TrainOptions& options, const Progress& progress);

}  // namespace vigie::language
