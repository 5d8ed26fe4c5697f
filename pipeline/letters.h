// What a code point is to the splitting of words. Latin letters are answered from a table, all others by ICU.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace vigie {

enum class LetterClass : std::uint8_t {
  other,   // parts words
  letter,  // and digits
  mark,    // combining: belongs to the word it follows
  alone,   // a word by itself: scripts written without blanks
  emoji,
  joiner,  // variation selectors, joiners, skin tones: nothing by themselves
};

struct Letter {
  LetterClass kind = LetterClass::other;
  bool upper = false;
  bool lower = false;
  bool simple = false;  // `folded` is its whole folded form, whatever stands around it
  std::uint8_t length = 0;
  std::array<char, 6> folded{};
};

Letter letter(char32_t code_point);

// Basic Latin to Latin Extended-B, what European brands and reviews are written in: letter() of each.
inline constexpr char32_t kTableOfLetters = 0x250;
const std::array<Letter, kTableOfLetters>& table_of_letters();

char32_t next_beyond_ascii(std::string_view text, std::size_t& at);

// The code point that starts at `at` in valid UTF-8, and moves `at` behind it.
inline char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first >= 0x80) return next_beyond_ascii(text, at);
  ++at;
  return first;
}

}  // namespace vigie
