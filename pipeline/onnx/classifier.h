// Any ONNX text classifier as a second stage.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/judgement.h"
#include "pipeline/second_stage.h"

namespace vigie::onnx {

struct ClassifierFiles {
  std::string name;           // kept with each judgement: "xlm"
  std::string model;          // .onnx
  std::string tokenizer;      // tokenizer.json
  std::string runtime;        // library; "" = the system's
  std::vector<Label> labels;  // what each class of the model says, in its order; several may say the same
  std::size_t batch = 1;      // texts at once
  std::size_t most_ids = 128;
};

// bad_config when a file is missing or does not fit the others: a probe text is judged before it is called open.
Result<std::unique_ptr<SecondStage>> open_classifier(const ClassifierFiles& files, const Clock& clock);

// The version of the runtime that open_classifier() would use: "1.16.3".
Result<std::string> runtime_version(const std::string& library);

// Class scores folded into our three: softmax, unless they are probabilities already, then the sum over the classes
// that say the same. Rounded to 1/10,000, so that the last bits of sums, which depend on how many texts go together,
// change nothing. Nothing when one is not a number.
std::optional<SecondOpinion> folded(std::span<const float> scores, const std::vector<Label>& labels,
                                    bool probabilities);

}  // namespace vigie::onnx
