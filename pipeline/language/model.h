// The language model: for each hashed feature a row of small weights, one for each tongue.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/language/features.h"
#include "pipeline/language/tongues.h"

namespace vigie::language {

using Sums = std::array<std::int16_t, kTongues>;  // cannot overflow: kMostFeatures weights of at most 127
static_assert(kMostFeatures * 127 <= INT16_MAX);

// What training gives, as written to a file.
struct ModelParts {
  std::array<std::int32_t, kTongues> bias{};
  std::vector<std::int8_t> weights;  // 2^bits rows of kTongues
  float step = 1;                    // what a weight of 1 adds to the log of a tongue's odds
  std::string provenance;            // what it was trained on, for people
};

std::string to_bytes(const ModelParts& parts);

class Model {
 public:
  // Over bytes that outlive it. bad_data, with the reason, for anything training did not write.
  static Result<std::shared_ptr<const Model>> over(std::string_view bytes);
  // The one built into the program; without it, one that is of no opinion.
  static const Model& shipped();

  Sums sums_of(const Features& features) const;
  const std::array<std::int32_t, kTongues>& bias() const { return bias_; }
  float step() const { return step_; }
  std::string_view provenance() const { return provenance_; }

 private:
  static constexpr std::array<char, kTongues> kNoOpinion{};
  std::array<std::int32_t, kTongues> bias_{};
  std::string_view weights_{kNoOpinion.data(), kNoOpinion.size()};
  std::string_view provenance_;
  std::uint32_t mask_ = 0;
  float step_ = 1;
};

}  // namespace vigie::language
