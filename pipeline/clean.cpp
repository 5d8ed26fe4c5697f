#include "pipeline/clean.h"

#include <algorithm>

#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include "base/text.h"

namespace vigie {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// One form for one text: "é" typed as two code points is the "é" of everyone else.
std::string nfc(std::string text) {
  if (is_ascii(text)) return text;
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status) != 0) return text;
  if (normalizer->isNormalizedUTF8(text, status) != 0 && U_SUCCESS(status) != 0) return text;
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  status = U_ZERO_ERROR;
  normalizer->normalizeUTF8(0, text, sink, nullptr, status);
  return U_SUCCESS(status) != 0 ? out : text;
}

std::string repaired(std::string_view text) { return is_valid_utf8(text) ? std::string(text) : to_valid_utf8(text); }

// Already as it should be, which most are: nothing to build anew.
bool is_tidy_line(std::string_view text) {
  if (!is_ascii(text) || text.starts_with(' ') || text.ends_with(' ')) return false;
  char previous = 0;
  for (const char c : text) {
    if ((c < ' ') || c == 0x7F || (c == ' ' && previous == ' ')) return false;
    previous = c;
  }
  return true;
}

}  // namespace

std::string clean_line(std::string_view text) {
  if (is_tidy_line(text)) return std::string(text);
  return squeeze_spaces(nfc(repaired(text)));
}

std::string clean_paragraphs(std::string_view text) {
  if (is_tidy_line(text)) return std::string(text);
  const std::string normal = nfc(repaired(text));
  std::string out;
  out.reserve(normal.size());
  int breaks = 0;
  for (const std::string_view raw : split(normal, '\n')) {
    const std::string line = squeeze_spaces(raw);
    if (line.empty()) {
      ++breaks;
      continue;
    }
    if (!out.empty()) out += breaks > 0 ? "\n\n" : "\n";
    out += line;
    breaks = 0;
  }
  return out;
}

void clean(Mention& mention) {
  mention.title = clean_line(mention.title);
  mention.text = clean_paragraphs(mention.text);
  if (mention.reply) mention.reply->text = clean_paragraphs(mention.reply->text);
}

}  // namespace vigie
