// Learning an adapter from texts that people labelled.
//
// The model's own logits are the fixed part of a multinomial logistic regression; the weights of words and pairs, and
// each slot's calibration, are learnt on top with a pull back to what the model says (L2, the prior of a Gaussian
// around it): a few labels change little, many change much. After Chelba and Acero, "Adaptation of Maximum Entropy
// Capitalizer", 2004.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/judgement.h"
#include "model/mention.h"
#include "pipeline/sentiment/adapter.h"

namespace vigie::sentiment {

// What a scorer is asked about.
struct AskedText {
  std::string text, lang, domain;
  std::optional<Rating> rating{};
};

// The same with what a person said of it.
struct LabelledText {
  AskedText asked;
  Label label = Label::neutral;
};

struct AdaptOptions {
  double pull = 0.2;  // of a weight to 0
  double trust = 20;  // of a bias to the shipped one
  int steps = 150;
};

// The same texts in the same order give the same bytes.
AdapterParts learn_adapter(const std::shared_ptr<const Model>& base, const std::vector<LabelledText>& texts,
                           const AdaptOptions& options = {});

// A key that texts share when they hold the same words, whatever links, handles and signs stand between.
std::uint64_t words_key(std::string_view text);
// Whether a text of that key is kept out of learning for good, to judge adapters by: one in three.
bool held_out(std::uint64_t key);

}  // namespace vigie::sentiment
