#include <libxml/HTMLparser.h>

#include <array>

#include "collectors/charset.h"
#include "collectors/xml.h"

namespace vigie::xml {
namespace {

constexpr std::size_t kLongestName = 10;  // "thetasym" has 8; a longer run of letters is no entity

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

// The length of the numeric reference at the start of `text` ("&#..."), its character appended; 0 when it is none.
std::size_t decode_numeric(std::string_view text, std::string& out) {
  std::size_t at = 2;
  const bool hex = at < text.size() && (text[at] == 'x' || text[at] == 'X');
  if (hex) ++at;
  const std::size_t first = at;
  const int radix = hex ? 16 : 10;
  char32_t value = 0;
  for (; at < text.size() && digit_of(text[at]) < radix; ++at) {
    if (value <= 0x10FFFF) value = value * static_cast<char32_t>(radix) + static_cast<char32_t>(digit_of(text[at]));
  }
  if (at == first) return 0;
  if (at < text.size() && text[at] == ';') ++at;

  if (value >= 0x80 && value < 0xA0)
    value = from_windows_1252(static_cast<unsigned char>(value));  // what browsers read &#128; as
  const bool control = value < 0x20 && value != '\t' && value != '\n' && value != '\r';
  if (value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) value = 0xFFFD;
  if (!control) append_utf8(out, value);
  return at;
}

std::size_t decode_named(std::string_view text, std::string& out) {
  std::array<char, kLongestName + 1> name{};
  std::size_t length = 0;
  while (length < kLongestName && length + 1 < text.size()) {
    const char c = text[length + 1];
    if (digit_of(c) > 9 && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')) break;
    name[length++] = c;
  }
  if (length == 0 || length + 1 >= text.size() || text[length + 1] != ';') return 0;
  const std::string_view word(name.data(), length);
  if (word == "apos") {
    out.push_back('\'');
    return length + 2;
  }
  const htmlEntityDesc* entity = htmlEntityLookup(reinterpret_cast<const xmlChar*>(name.data()));
  if (entity == nullptr) return 0;
  append_utf8(out, entity->value);
  return length + 2;
}

}  // namespace

std::string decode_entities(std::string_view text, OwnEntities* own) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t plain = text.find('&');
    out.append(text.substr(0, plain));
    if (plain == std::string_view::npos) break;
    text.remove_prefix(plain);
    const bool numeric = text.size() > 2 && text[1] == '#';
    std::size_t taken = numeric ? decode_numeric(text, out) : decode_named(text, out);
    if (taken == 0 && !numeric && own != nullptr) taken = own->decode(text, out);
    if (taken == 0) out.push_back('&');  // "AT&T": shown as written
    text.remove_prefix(taken == 0 ? 1 : taken);
  }
  return out;
}

}  // namespace vigie::xml
