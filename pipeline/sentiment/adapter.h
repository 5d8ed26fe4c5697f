// What the people of one installation taught: weights added to a model's own, and a calibration in place of its own.
// One small file beside the installation's data; without it the model is as it was shipped.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/sentiment/features.h"
#include "pipeline/sentiment/model.h"
#include "pipeline/sentiment/tokens.h"

namespace vigie::sentiment {

// What an adapter sees of a text: words, negated words and pairs. Character n-grams and counts are left to the model, a
// few hundred texts say nothing new of them. What is learnt of one language changes nothing in another.
struct AdapterFeature {
  Feature feature = 0;
  float value = 0;          // 1 / sqrt(features of its group in the text + 1), as in the model
  std::uint32_t token = 0;  // that it ends with
};
void adapter_features(const std::vector<Token>& tokens, std::string_view lang, std::vector<AdapterFeature>& out);

struct AdapterWeight {
  Feature feature = 0;
  float polarity = 0, neutrality = 0;
};

// What an adapter file is written from.
struct AdapterParts {
  std::uint64_t base = 0;              // checksum of the model it belongs to
  std::uint32_t number = 0;            // its own in this installation, from 1
  std::uint32_t before = 0;            // the one that ran when it was promoted; 0 = none
  std::uint32_t labels = 0;            // texts it was learnt from
  std::vector<AdapterWeight> weights;  // by feature, each once
  std::vector<SlotSettings> slots;     // as many as the model has
  SlotSettings shared;
};

std::string to_bytes(const AdapterParts& parts);

class Adapter {
 public:
  // bad_data when the bytes are not a whole adapter, bad_config when it was made for another model than `base`.
  static Result<std::shared_ptr<const Adapter>> read(std::string_view bytes, const Model& base);
  static Result<std::shared_ptr<const Adapter>> open(const std::string& path, const Model& base);
  static std::shared_ptr<const Adapter> of(AdapterParts parts, const Model& base);

  const SlotSettings& settings(Slot slot) const { return slot == kNoSlot ? parts_.shared : parts_.slots[slot]; }
  const AdapterWeight* find(Feature feature) const {
    for (std::size_t at = feature & (places_.size() - 1);; at = (at + 1) & (places_.size() - 1)) {
      if (places_[at] == 0) return nullptr;
      const AdapterWeight& weight = parts_.weights[places_[at] - 1];
      if (weight.feature == feature) return &weight;
    }
  }
  const AdapterParts& parts() const { return parts_; }
  const std::string& name() const { return name_; }  // "sentiment-1+a3"

 private:
  AdapterParts parts_;
  std::vector<std::uint32_t> places_;  // open table over the weights: place + 1, 0 = empty
  std::string name_;
};

}  // namespace vigie::sentiment
