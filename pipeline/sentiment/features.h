// What the linear model sees of a text: words, pairs of words, character n-grams, each hashed to 32 bits.
//
// After Wang and Manning, "Baselines and Bigrams", 2012 (pairs), Mohammad, Kiritchenko and Zhu, "NRC-Canada", 2013
// (negation scope, lengthening, lexicon sums) and Weinberger et al., "Feature Hashing for Large Scale
// Multitask Learning", 2009 (a shared copy of each feature and one per language and domain), and Brown et al.,
// "Class-Based n-gram Models of Natural Language", 1992 (pairs of classes of words).

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "pipeline/letters.h"
#include "pipeline/sentiment/tokens.h"

namespace vigie::sentiment {

using Feature = std::uint32_t;

inline Feature scatter(std::uint64_t hash) { return static_cast<Feature>((hash * 0x9E3779B97F4A7C15ull) >> 32); }

// Features of one kind share one scale, 1 / sqrt(their number in the text + 1): without it the many n-grams of
// characters drown the few words.
enum class Group : std::uint8_t { words, letters, pairs, skips, shape, classes };
constexpr std::size_t kGroups = 6;
// Copies per language and domain: words and their neighbours change their meaning with both. Words with one between are
// too rare to learn it twice, and what is left to characters is the same everywhere.
constexpr bool has_copies(Group group) { return group != Group::letters && group != Group::skips; }

constexpr std::size_t kShortest = 2, kLongest = 5;  // characters of an n-gram
constexpr std::size_t kLetters = 40;                // of a word; no word people write is longer

// The features that a token has by itself, whatever stands around it: sink(Group, Feature) for each.
template <class Sink>
void own_features(const Token& token, const Sink& sink) {
  sink(Group::words, scatter(token.hash));
  if (!token.letters) return;
  if (token.negated) sink(Group::words, scatter(token.hash ^ 0x6E6567ull));

  std::array<char32_t, kLetters + 2> letters{};
  std::size_t count = 0;
  letters[count++] = '<';
  for (std::size_t at = 0; at < token.text.size() && count <= kLetters;)
    letters[count++] = next_code_point(token.text, at);
  letters[count++] = '>';
  for (std::size_t first = 0; first < count; ++first) {
    std::uint64_t gram = 0x9D;
    const std::size_t most = std::min(count - first, kLongest);
    for (std::size_t length = 1; length <= most; ++length) {
      gram = (gram ^ letters[first + length - 1]) * 0x100000001B3ull;
      if (length >= kShortest && length < count) sink(Group::letters, scatter(gram ^ length));
    }
  }
}

// Two tokens that follow each other, and two with one between.
inline Feature pair_of(std::uint64_t first, std::uint64_t second) { return scatter(first * 31 + second * 7 + 11); }
inline Feature skip_of(std::uint64_t first, std::uint64_t second) { return scatter(first * 37 + second * 13 + 23); }
constexpr std::uint64_t kBorder = 0x5E;  // stands before the first and behind the last token

// Words of like meaning have one class, in whatever language: what no training text said in these words, one may have
// said in others. `word_class`: of the word table, 0 for none; signs are a class each, other words without one are one.
constexpr std::uint64_t kUnclassed = 1u << 16, kClassBorder = 2u << 16;
inline std::uint64_t class_of(const Token& token, std::uint32_t word_class) {
  if (word_class != 0) return word_class;
  return token.letters ? kUnclassed : token.hash;
}
inline std::uint64_t stirred(std::uint64_t x) {
  x *= 0x9E3779B97F4A7C15ull;
  return x ^ (x >> 29);
}
inline Feature class_feature(std::uint64_t of) { return scatter(stirred(of ^ 0xC1A550000000ull)); }
inline Feature class_pair(std::uint64_t first, std::uint64_t second) {
  return scatter(stirred(stirred(first) + second));
}

// Counts over the whole text.
struct Shape {
  int words = 0, questions = 0, lengthened = 0;
};

Shape shape_of(const Words& words);

// Whether the first word is a handle ("@acme where is my order"): said to somebody, as what customers write to a brand
// is, where other posts are said to all. Signs and emoji before it change nothing.
bool is_addressed(const Words& words);

template <class Sink>
void shape_features(const Shape& shape, const Sink& sink) {
  int size = 0;
  while ((1 << size) < shape.words) ++size;
  const auto number = [&](std::uint64_t kind, int value) {
    sink(Group::shape, scatter(0x5A5A0000ull + kind * 64 + static_cast<std::uint64_t>(value)));
  };
  number(0, size);
  number(1, std::min(shape.questions, 3));
  number(2, std::min(shape.lengthened, 2));
}

}  // namespace vigie::sentiment
