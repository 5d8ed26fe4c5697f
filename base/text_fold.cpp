// Case folding and accents. Most texts are ASCII or Latin with a few marks: those are mapped by table in one pass;
// ICU does the rest.

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/utf8.h>
#include <cstdint>

#include "base/text.h"

namespace vigie {
namespace {

enum class Accents { keep, drop };

// U+00C0..U+00FF folded, then without accents. Letters that do not decompose (æ ð ø þ) stay; "ß" is "ss" either way.
constexpr std::string_view kFolded[64] = {
    "à", "á", "â", "ã", "ä", "å", "æ", "ç", "è", "é",  "ê", "ë", "ì", "í", "î", "ï", "ð", "ñ", "ò", "ó", "ô", "õ",
    "ö", "×", "ø", "ù", "ú", "û", "ü", "ý", "þ", "ss", "à", "á", "â", "ã", "ä", "å", "æ", "ç", "è", "é", "ê", "ë",
    "ì", "í", "î", "ï", "ð", "ñ", "ò", "ó", "ô", "õ",  "ö", "÷", "ø", "ù", "ú", "û", "ü", "ý", "þ", "ÿ"};
constexpr std::string_view kBare[64] = {"a", "a", "a", "a", "a", "a", "æ", "c", "e", "e", "e", "e", "i", "i", "i", "i",
                                        "ð", "n", "o", "o", "o", "o", "o", "×", "ø", "u", "u", "u", "u", "y", "þ", "ss",
                                        "a", "a", "a", "a", "a", "a", "æ", "c", "e", "e", "e", "e", "i", "i", "i", "i",
                                        "ð", "n", "o", "o", "o", "o", "o", "÷", "ø", "u", "u", "u", "u", "y", "þ", "y"};

// Bytes taken from the front of `text` and folded into `out` by table; 0 when ICU must look at the text. Every
// character known here folds without regard to its neighbours, which is what makes a table right.
std::size_t fold_by_table(std::string_view text, Accents accents, std::string& out) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  if (byte(0) == 0xC3 && byte(1) >= 0x80 && byte(1) <= 0xBF) {
    out.append((accents == Accents::keep ? kFolded : kBare)[byte(1) - 0x80]);
    return 2;
  }
  if (byte(0) == 0xC2 && (byte(1) == 0xAB || byte(1) == 0xBB)) {  // « »
    out.append(text.substr(0, 2));
    return 2;
  }
  if (byte(0) == 0xC2 && byte(1) == 0xA0) {  // no-break space
    out.push_back(' ');
    return 2;
  }
  if (byte(0) == 0xC5 && (byte(1) == 0x92 || byte(1) == 0x93)) {
    out.append("œ");
    return 2;
  }
  if (byte(0) == 0xE2 && byte(1) == 0x80 && (byte(2) == 0x99 || byte(2) == 0x98 || byte(2) == 0x93)) {  // ’ ‘ –
    out.append(text.substr(0, 3));
    return 3;
  }
  const bool emoji =
      byte(0) == 0xF0 && byte(1) == 0x9F && byte(2) >= 0x98 && byte(2) <= 0x99 && byte(3) >= 0x80 && byte(3) <= 0xBF;
  if (emoji) {  // U+1F600..U+1F67F: faces
    out.append(text.substr(0, 4));
    return 4;
  }
  return 0;
}

// Marks that write an accent or a vowel point one may leave out. Other marks are letters in their script: without
// them Japanese "が" would become "か" and Hindi words would merge.
constexpr bool is_accent(UChar32 c) {
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x0483 && c <= 0x0489) || (c >= 0x0591 && c <= 0x05C7) ||
         (c >= 0x0610 && c <= 0x061A) || (c >= 0x064B && c <= 0x065F) || c == 0x0670 || (c >= 0x1AB0 && c <= 0x1AFF) ||
         (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE20 && c <= 0xFE2F);
}

// `text` through one of ICU's normalizers; unchanged when ICU cannot (out of memory, data missing).
std::string normalize(const icu::Normalizer2* normalizer, std::string_view text) {
  std::string out;
  out.reserve(text.size());
  icu::StringByteSink<std::string> sink(&out);
  UErrorCode status = U_ZERO_ERROR;
  if (normalizer == nullptr) return std::string(text);
  normalizer->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr,
                            status);
  return U_SUCCESS(status) ? out : std::string(text);
}

using Instance = const icu::Normalizer2* (*)(UErrorCode&);

const icu::Normalizer2* instance(Instance make) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = make(status);
  return U_SUCCESS(status) ? normalizer : nullptr;
}

std::string without_accents(std::string_view text) {
  static const icu::Normalizer2* const kDecompose = instance(icu::Normalizer2::getNFDInstance);
  static const icu::Normalizer2* const kCompose = instance(icu::Normalizer2::getNFCInstance);
  const std::string decomposed = normalize(kDecompose, text);
  std::string bare;
  bare.reserve(decomposed.size());
  const auto size = static_cast<std::int32_t>(decomposed.size());
  for (std::int32_t i = 0; i < size;) {
    const std::int32_t start = i;
    UChar32 c = 0;
    U8_NEXT(decomposed.data(), i, size, c);
    if (!is_accent(c)) bare.append(decomposed, static_cast<std::size_t>(start), static_cast<std::size_t>(i - start));
  }
  return normalize(kCompose, bare);  // Korean syllables were taken apart too
}

std::string fold_by_icu(std::string_view text, Accents accents) {
  static const icu::Normalizer2* const kFold = instance(icu::Normalizer2::getNFKCCasefoldInstance);
  const std::string folded = normalize(kFold, is_valid_utf8(text) ? std::string(text) : to_valid_utf8(text));
  return accents == Accents::keep ? folded : without_accents(folded);
}

std::string fold_text(std::string_view text, Accents accents) {
  std::string out;
  out.reserve(text.size() + 8);
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) < 0x80) {
      out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
      ++i;
      continue;
    }
    const std::size_t taken = fold_by_table(text.substr(i), accents, out);
    if (taken == 0) return fold_by_icu(text, accents);
    i += taken;
  }
  return out;
}

}  // namespace

std::string fold(std::string_view text) { return fold_text(text, Accents::keep); }
std::string fold_blind(std::string_view text) { return fold_text(text, Accents::drop); }

}  // namespace vigie
