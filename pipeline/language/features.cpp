#include "pipeline/language/features.h"

#include <unicode/uchar.h>

#include <algorithm>

#include <xxhash.h>

#include "pipeline/letters.h"

namespace vigie::language {
namespace {

constexpr char32_t kBorder = '_';

bool is_latin(char32_t c) { return c < kTableOfLetters || (c >= 0x1E00 && c <= 0x1EFF); }

char32_t lower(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
}

struct Letters {
  std::array<char32_t, kMostLetters + 2> all{kBorder};  // a border first and, once closed, last
  std::size_t size = 1;
  std::size_t latin = 0, foreign = 0;
  bool usual = true;  // Latin's usual blocks, no loose accents

  void add(char32_t c) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && is_latin(c)) ++latin;
    if (!is_latin(c)) {
      usual = false;
      if (u_isalpha(static_cast<UChar32>(c))) ++foreign;
    }
    const bool third = !digit && size >= 3 && all[size - 1] == c && all[size - 2] == c;
    if (!third && size <= kMostLetters) all[size++] = c;
  }
  void close() { all[size++] = kBorder; }
};

Letters letters_of(std::string_view word) {
  Letters letters;
  for (std::size_t at = 0; at < word.size() && at < 8 * kMostLetters;) letters.add(lower(next_code_point(word, at)));
  letters.close();
  return letters;
}

// Murmur's last step: what was multiplied so far, spread over all bits.
std::uint32_t spread(std::uint64_t h) {
  h ^= h >> 33;
  h *= 0xFF51AFD7ED558CCDull;
  return static_cast<std::uint32_t>(h >> 32);
}

void add_runs(const Letters& letters, Features& out) {
  for (std::size_t begin = 0; begin < letters.size; ++begin) {
    std::uint64_t h = 0;
    const std::size_t end = std::min(letters.size, begin + kLongestRun);
    for (std::size_t i = begin; i < end; ++i) {
      h = (h + letters.all[i] + 1) * 0x9E3779B97F4A7C15ull;
      if (i == begin && letters.all[i] == kBorder) continue;  // every word has borders
      out.hashes[out.size++] = spread(h);
    }
  }
}

void add_word(std::string_view bytes, std::uint64_t seed, Features& out) {
  out.hashes[out.size++] = static_cast<std::uint32_t>(XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed));
}

}  // namespace

void read_features(std::string_view written, std::string_view folded, Features& out) {
  out.size = 0;
  Letters letters = letters_of(written);
  if (!letters.usual) letters = letters_of(folded);
  out.latin = static_cast<std::uint8_t>(std::min<std::size_t>(letters.latin, 255));
  out.foreign = static_cast<std::uint8_t>(std::min<std::size_t>(letters.foreign, 255));
  if (letters.latin == 0 || letters.foreign > 0) return;
  add_runs(letters, out);
  add_word(folded, 1, out);
  const std::string_view whole(reinterpret_cast<const char*>(letters.all.data()), letters.size * sizeof(char32_t));
  add_word(whole, 2, out);
}

}  // namespace vigie::language
