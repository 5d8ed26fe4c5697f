#include "pipeline/letters.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstring>
#include <string>

#include "base/text.h"

namespace vigie {
namespace {

bool stands_alone(char32_t c) {
  return (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF) ||
         (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c <= 0x3FFFF);
}

bool joins(char32_t c) {
  return c == 0x200D || c == 0x20E3 || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x1F3FB && c <= 0x1F3FF);
}

LetterClass classify(char32_t c) {
  const auto point = static_cast<UChar32>(c);
  if (joins(c)) return LetterClass::joiner;
  if (u_isalnum(point)) return stands_alone(c) ? LetterClass::alone : LetterClass::letter;
  const auto category = u_charType(point);
  if (category == U_NON_SPACING_MARK || category == U_COMBINING_SPACING_MARK || category == U_ENCLOSING_MARK) {
    return LetterClass::mark;
  }
  if (c > 0xFF && u_hasBinaryProperty(point, UCHAR_EXTENDED_PICTOGRAPHIC)) return LetterClass::emoji;
  return LetterClass::other;
}

Letter describe(char32_t c) {
  Letter out;
  out.kind = classify(c);
  const auto point = static_cast<UChar32>(c);
  out.upper = u_isupper(point);
  out.lower = u_islower(point);
  return out;
}

std::array<Letter, kTableOfLetters> make_table() {
  std::array<Letter, kTableOfLetters> table;
  for (char32_t c = 0; c < kTableOfLetters; ++c) {
    Letter& row = table[c];
    row = describe(c);
    if (row.kind != LetterClass::letter) continue;
    char bytes[4];
    int length = 0;
    U8_APPEND_UNSAFE(bytes, length, static_cast<UChar32>(c));
    const std::string folded = fold_blind(std::string_view(bytes, static_cast<std::size_t>(length)));
    if (folded.empty() || folded.size() > row.folded.size()) continue;
    row.simple = true;
    row.length = static_cast<std::uint8_t>(folded.size());
    std::memcpy(row.folded.data(), folded.data(), folded.size());
  }
  return table;
}

}  // namespace

const std::array<Letter, kTableOfLetters>& table_of_letters() {
  static const std::array<Letter, kTableOfLetters> table = make_table();
  return table;
}

Letter letter(char32_t code_point) {
  return code_point < kTableOfLetters ? table_of_letters()[code_point] : describe(code_point);
}

char32_t next_beyond_ascii(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (at + length >
      text.size()) {  // cut inside a character: the caller promised otherwise, stay inside the text all the same
    at = text.size();
    return 0xFFFD;
  }
  char32_t c = first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) c = (c << 6) | (byte(at + i) & 0x3Fu);
  at += length;
  return c;
}

}  // namespace vigie
