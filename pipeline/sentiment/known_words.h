// What the word table says of a text, as a few numbers a column: sums, extremes, the mean, the last word's value.

#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pipeline/sentiment/features.h"
#include "pipeline/sentiment/model.h"
#include "pipeline/sentiment/tokens.h"
#include "pipeline/sentiment/word_table.h"

namespace vigie::sentiment {

using KnownValues = std::array<std::int8_t, WordTable::kMostColumns>;  // of the table, one a column

// Whole numbers, so that a sum is the same in any order: a value counts kUnits of these a 127th, and behind a negator
// kTurned. "Not good" is bad, but less bad than "bad": Taboada et al., "Lexicon-Based Methods", 2011, shift rather
// than flip.
constexpr int kUnits = 10, kTurned = -7;
constexpr float kUnit = 1.0F / (127.0F * kUnits);

struct KnownWord {
  KnownValues values{};
  int units = kUnits;
  std::uint32_t token = 0;
};

// Adds token `at` to `out` when the table holds the phrase of two words that it ends, or else when it holds the word
// itself: `own` are then the values of that one.
inline void add_known(const std::vector<Token>& tokens, std::uint32_t at, const std::int8_t* own,
                      const WordTable& table, std::uint64_t salt, std::vector<KnownWord>& out) {
  const Token& token = tokens[at];
  const std::int8_t* values = at == 0 ? nullptr : table.find_phrase(phrase_key(tokens[at - 1].hash, token.hash, salt));
  if (values == nullptr) values = own;
  if (values == nullptr) return;
  KnownWord& word = out.emplace_back();
  std::copy_n(values, word.values.size(), word.values.begin());
  word.units = token.negated ? kTurned : kUnits;
  word.token = at;
}

// The tokens that the table holds, in order of the text.
void find_known(const std::vector<Token>& tokens, const WordTable& table, std::string_view lang,
                std::vector<KnownWord>& out);

// kStatistics numbers a column, one column behind the other, and the plain sum of each.
struct Statistics {
  std::array<float, WordTable::kMostColumns * kStatistics> values{};
  std::array<float, WordTable::kMostColumns> sums{};
  std::array<float, WordTable::kMostColumns> means{};
  std::array<float, WordTable::kMostColumns> good{}, bad{}, found{};  // sums of what is above and below 0, number
};

// `words`: the text's number of words.
void read_statistics(std::span<const KnownWord> known, std::size_t columns, int words, Statistics& out);

// Sums and means in steps, as hashed features: what is linear in neither.
template <class Sink>
void step_features(const Statistics& statistics, std::size_t columns, const Sink& sink) {
  const auto step = [&](std::uint64_t kind, std::size_t column, float value) {
    const int quarter = std::clamp(static_cast<int>(std::floor(value * 4 + 0.5F)), -8, 8);
    sink(Group::shape, scatter(0x57E90000ull + kind * 4096 + column * 64 + static_cast<std::uint64_t>(quarter + 20)));
  };
  for (std::size_t column = 0; column < columns; ++column) {
    step(0, column, statistics.sums[column]);
    step(1, column, 2 * statistics.means[column]);
  }
}

}  // namespace vigie::sentiment
