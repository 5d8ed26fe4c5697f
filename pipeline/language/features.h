// What the language model sees of a word: its letters in runs of one to five, and the word itself.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "pipeline/words.h"

namespace vigie::language {

inline constexpr std::size_t kMostLetters = 24;  // of a word: what stands behind them says nothing new
inline constexpr std::size_t kLongestRun = 5;
// Runs of each length over the letters and two borders, and the word with and without accents.
inline constexpr std::size_t kMostFeatures = kLongestRun * (kMostLetters + 2) + 2;

struct Features {
  std::array<std::uint32_t, kMostFeatures> hashes;
  std::size_t size = 0;
  std::uint8_t latin = 0;    // Latin letters
  std::uint8_t foreign = 0;  // letters of other scripts: such a word has no features
};

// Of a word as written: in lower case, accents kept, letters three times or more in a row twice. `folded` (words.h)
// stands for it when it holds letters outside Latin's usual blocks, so that full-width and mathematical ones are read.
// Without features: words of other scripts, numbers.
void read_features(std::string_view written, std::string_view folded, Features& out);

// Whether a word can say anything of its language: links, handles and emoji do not.
inline bool speaks(const Word& word) { return word.kind == Word::Kind::word || word.kind == Word::Kind::hashtag; }

}  // namespace vigie::language
