// What the language model says of the words seen lately: posts repeat their words, and a word's sums are exact
// integers, so remembering them changes no result.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "pipeline/language/model.h"

namespace vigie::language {

struct Said {
  std::uint64_t key = 0;  // hash of the word as written; 0 = nothing here yet
  Sums sums{};
  std::uint8_t latin = 0, foreign = 0;  // letters
};

// One thread's; 192 KiB, each word has one place and the newest stays.
class Memory {
 public:
  // `model` outlives it.
  explicit Memory(const Model& model) : model_(model), places_(kPlaces) {}

  // Of a word as written and as folded (words.h); good until the next call.
  const Said& say(std::string_view written, std::string_view folded);

 private:
  static constexpr std::size_t kPlaces = 4096;
  const Model& model_;
  std::vector<Said> places_;
};

}  // namespace vigie::language
