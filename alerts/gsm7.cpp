#include "alerts/gsm7.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/text.h"

namespace vigie {
namespace {

// 3GPP TS 23.038, 6.2.1: the basic table without its escape and carriage return, and the extension without form feed.
constexpr std::u16string_view kBasic =
    u"@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    u"abcdefghijklmnopqrstuvwxyzäöñüà";
constexpr std::u16string_view kExtension = u"^{}\\[~]|€";

constexpr std::size_t kMost = 4000;  // code points that are looked at: many times a message

bool basic(char16_t c) { return kBasic.find(c) != std::u16string_view::npos; }
bool extended(char16_t c) { return kExtension.find(c) != std::u16string_view::npos; }

struct Likeness {
  char16_t c;
  std::u16string_view as;
};
// Where the transliteration would say less or something else.
constexpr std::array kLikenesses = std::to_array<Likeness>({
    {u'×', u"x"},     {u'·', u"-"},     {u'•', u"-"},      {u'–', u"-"},      {u'—', u"-"},      {u'\u2212', u"-"},
    {u'…', u"..."},   {u'’', u"'"},     {u'‘', u"'"},      {u'“', u"\""},     {u'”', u"\""},     {u'„', u"\""},
    {u'≈', u"~"},     {u'→', u"->"},    {u'\u00A0', u" "}, {u'\u202F', u" "}, {u'\u2009', u" "}, {u'\t', u" "},
    {u'\u2060', u""}, {u'\u200D', u""}, {u'\uFE0F', u""},  {u'\r', u""},
});

// Building one takes milliseconds, and it may be used by one thread at a time.
icu::Transliterator* latin() {
  thread_local const std::unique_ptr<icu::Transliterator> one = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<icu::Transliterator>(
        icu::Transliterator::createInstance("Any-Latin; Latin-ASCII", UTRANS_FORWARD, status));
  }();
  return one.get();
}

void append_kept(std::u16string& out, const icu::UnicodeString& text) {
  for (std::int32_t i = 0; i < text.length(); ++i) {
    const char16_t c = text[i];
    if (basic(c) || extended(c)) out.push_back(c);
  }
}

// A run of letters beyond the alphabet goes through at once: scripts are read by the syllable.
void flush(std::u16string& out, icu::UnicodeString& strange) {
  if (strange.isEmpty()) return;
  if (icu::Transliterator* one = latin()) one->transliterate(strange);
  append_kept(out, strange);
  strange.remove();
}

// French sets a space inside its quotation marks; " has none.
bool inside_quotes(const icu::UnicodeString& text, std::int32_t at) {
  const bool space = text[at] == u' ' || text[at] == u'\u00A0' || text[at] == u'\u202F';
  return space && ((at > 0 && text[at - 1] == u'«') || (at + 1 < text.length() && text[at + 1] == u'»'));
}

std::u16string letters(const icu::UnicodeString& text) {
  std::u16string out;
  icu::UnicodeString strange;
  for (std::int32_t i = 0; i < text.length(); ++i) {
    const char16_t c = text[i];
    if (inside_quotes(text, i)) continue;
    const auto* like =
        std::find_if(kLikenesses.begin(), kLikenesses.end(), [&](const Likeness& one) { return one.c == c; });
    const bool quote = c == u'«' || c == u'»';
    if (!basic(c) && !extended(c) && !quote && like == kLikenesses.end()) {
      strange.append(c);
      continue;
    }
    flush(out, strange);
    if (quote)
      out.push_back(u'"');
    else if (like != kLikenesses.end())
      out.append(like->as);
    else
      out.push_back(c);
  }
  flush(out, strange);
  return out;
}

std::u16string single_spaces(const std::u16string& text) {
  std::u16string out;
  for (const char16_t c : text) {
    const bool after_space = out.empty() || out.back() == u' ' || out.back() == u'\n';
    if (c == u' ' && after_space) continue;
    if (c == u'\n' && out.empty()) continue;
    out.push_back(c);
  }
  while (!out.empty() && (out.back() == u' ' || out.back() == u'\n')) out.pop_back();
  return out;
}

icu::UnicodeString wide(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

}  // namespace

std::string to_gsm7(std::string_view text) {
  const std::string valid = to_valid_utf8(text.substr(0, 8 * kMost));
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* composer = icu::Normalizer2::getNFCInstance(status);
  icu::UnicodeString composed = wide(first_code_points(valid, kMost));
  if (U_SUCCESS(status)) composed = composer->normalize(composed, status);
  const std::u16string kept = single_spaces(letters(composed));
  std::string out;
  icu::UnicodeString(kept.data(), static_cast<std::int32_t>(kept.size())).toUTF8String(out);
  return out;
}

std::size_t gsm7_length(std::string_view text) {
  const icu::UnicodeString characters = wide(text);
  std::size_t length = 0;
  for (std::int32_t i = 0; i < characters.length(); ++i) length += extended(characters[i]) ? 2 : 1;
  return length;
}

bool is_gsm7(std::string_view text) {
  const icu::UnicodeString characters = wide(text);
  for (std::int32_t i = 0; i < characters.length(); ++i) {
    if (!basic(characters[i]) && !extended(characters[i])) return false;
  }
  return true;
}

std::string shorten_gsm7(std::string_view text, std::size_t most) {
  constexpr std::string_view kCut = "...";
  if (gsm7_length(text) <= most) return std::string(text);
  if (most <= kCut.size()) return "";
  std::size_t count = std::min(count_code_points(text), most);
  while (count > 0 && gsm7_length(first_code_points(text, count)) > most - kCut.size()) --count;
  std::string_view kept = first_code_points(text, count);
  // A word is cut in two only where it is a long one.
  const std::size_t space = kept.find_last_of(" \n");
  if (space != std::string_view::npos && space > kept.size() * 3 / 4 && text[kept.size()] != ' ')
    kept = kept.substr(0, space);
  kept = kept.substr(0, kept.find_last_not_of(" ,;:(-\n") + 1);
  return concat(kept, kCut);
}

}  // namespace vigie
