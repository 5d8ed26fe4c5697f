#include "pipeline/tokenizer/characters.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <cstdint>

namespace vigie::tokenizer {
namespace {

constexpr UChar32 kReplacement = 0xFFFD;

bool is_ascii_sign(UChar32 c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

bool among(UChar32 c, std::uint32_t classes) { return (U_GET_GC_MASK(c) & classes) != 0; }

}  // namespace

bool is_space(UChar32 c) { return u_isUWhiteSpace(c) != 0; }

bool is_control(UChar32 c) {
  if (c == '\t' || c == '\n' || c == '\r') return false;
  return among(c, U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK | U_GC_CS_MASK);
}

bool is_punctuation(UChar32 c) { return is_ascii_sign(c) || among(c, U_GC_P_MASK); }

bool is_word(UChar32 c) {
  if (among(c, U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) return true;
  return u_hasBinaryProperty(c, UCHAR_ALPHABETIC) != 0 || u_hasBinaryProperty(c, UCHAR_JOIN_CONTROL) != 0;
}

bool is_letter(UChar32 c) { return among(c, U_GC_L_MASK); }
bool is_number(UChar32 c) { return among(c, U_GC_N_MASK); }
bool is_accent(UChar32 c) { return among(c, U_GC_MN_MASK); }

bool is_han(UChar32 c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
         (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

void append(std::string& out, UChar32 c) {
  char bytes[U8_MAX_LENGTH];
  std::int32_t length = 0;
  U8_APPEND_UNSAFE(bytes, length, c);
  out.append(bytes, static_cast<std::size_t>(length));
}

UChar32 next_character(std::string_view text, std::size_t& at) {
  UChar32 c = 0;
  U8_NEXT(text.data(), at, text.size(), c);
  return c < 0 ? kReplacement : c;
}

}  // namespace vigie::tokenizer
