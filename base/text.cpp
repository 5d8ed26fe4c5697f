#include "base/text.h"

#include <algorithm>

#include <simdjson.h>

namespace vigie {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "…";

constexpr bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

struct Decoded {
  char32_t code_point = 0;
  std::size_t size = 1;  // bytes taken; of an ill-formed sequence, its maximal subpart
  bool well_formed = false;
};

// The first continuation byte a lead byte allows (Unicode Standard, table 3-7): no overlong form, no surrogate,
// nothing past U+10FFFF.
struct LeadByte {
  std::size_t size;
  unsigned char low, high;
};

constexpr LeadByte lead_byte(unsigned char c) {
  if (c >= 0xC2 && c <= 0xDF) return {2, 0x80, 0xBF};
  if (c == 0xE0) return {3, 0xA0, 0xBF};
  if (c == 0xED) return {3, 0x80, 0x9F};
  if (c >= 0xE1 && c <= 0xEF) return {3, 0x80, 0xBF};
  if (c == 0xF0) return {4, 0x90, 0xBF};
  if (c >= 0xF1 && c <= 0xF3) return {4, 0x80, 0xBF};
  if (c == 0xF4) return {4, 0x80, 0x8F};
  return {1, 1, 0};
}

// One code point of non-empty `text`.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {byte(0), 1, true};
  const LeadByte lead = lead_byte(byte(0));
  if (lead.size == 1) return {};

  char32_t code_point = byte(0) & (0xFFu >> (lead.size + 1));
  for (std::size_t i = 1; i < lead.size; ++i) {
    const unsigned char low = i == 1 ? lead.low : 0x80;
    const unsigned char high = i == 1 ? lead.high : 0xBF;
    if (i == text.size() || byte(i) < low || byte(i) > high) return {0, i, false};
    code_point = (code_point << 6) | (byte(i) & 0x3Fu);
  }
  return {code_point, lead.size, true};
}

// Unicode property White_Space.
constexpr bool is_white_space(char32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// How many characters from the start are ASCII and no white space: most of most texts.
std::size_t plain_run(std::string_view text) {
  const auto plain = [](unsigned char c) { return c > ' ' && c < 0x7F; };
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), plain) - text.begin());
}

std::u32string code_points(std::string_view text) {
  std::u32string out;
  while (!text.empty()) {
    const Decoded next = decode(text);
    out.push_back(next.well_formed ? next.code_point : U'\uFFFD');
    text.remove_prefix(next.size);
  }
  return out;
}

}  // namespace

bool is_valid_utf8(std::string_view bytes) { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

std::string to_valid_utf8(std::string_view bytes) {
  if (bytes.find('\0') == std::string_view::npos && is_valid_utf8(bytes)) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const Decoded next = decode(bytes);
    if (!next.well_formed) {
      out.append(kReplacement);
    } else if (next.code_point != 0) {
      out.append(bytes.substr(0, next.size));
    }
    bytes.remove_prefix(next.size);
  }
  return out;
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
  if (text.size() <= count && is_valid_utf8(text)) return text;
  std::size_t end = 0;
  for (; count > 0 && end < text.size(); --count) {
    const Decoded next = decode(text.substr(end));
    if (!next.well_formed) break;
    end += next.size;
  }
  return text.substr(0, end);
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string shorten(std::string_view text, std::size_t count) {
  const std::string_view whole = first_code_points(text, count);
  if (whole.size() == text.size()) return std::string(text);
  if (count == 0) return {};

  std::string_view cut = first_code_points(whole, count - 1);
  const bool inside_word = cut.size() < text.size() && !is_ascii_space(text[cut.size()]);
  const std::size_t space = inside_word ? cut.find_last_of(" \n\t\r") : std::string_view::npos;
  if (space != std::string_view::npos && space * 4 >= cut.size() * 3) cut = cut.substr(0, space);
  while (!cut.empty() && is_ascii_space(cut.back())) cut.remove_suffix(1);
  return std::string(cut).append(kEllipsis);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string squeeze_spaces(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool pending = false;
  while (!text.empty()) {
    std::size_t kept = plain_run(text);
    if (kept == 0) {
      const Decoded next = decode(text);
      if (next.well_formed && is_white_space(next.code_point)) {
        pending = !out.empty();
        text.remove_prefix(next.size);
        continue;
      }
      kept = next.size;
    }
    if (pending) out.push_back(' ');
    pending = false;
    out.append(text.substr(0, kept));
    text.remove_prefix(kept);
  }
  return out;
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

bool iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&': out.append("&amp;"); break;
      case '<': out.append("&lt;"); break;
      case '>': out.append("&gt;"); break;
      case '"': out.append("&quot;"); break;
      case '\'': out.append("&#39;"); break;
      default: out.push_back(c);
    }
  }
  return out;
}

std::string url_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = lower(c) >= 'a' && lower(c) <= 'z';
    if (letter || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~') {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15u]);
    }
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

std::string url_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool coded =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    if (coded) {
      out.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i] == '+' && plus_is_space ? ' ' : text[i]);
    }
  }
  return out;
}

// Optimal string alignment: insert, delete, replace, swap two neighbours. Three rows are enough for the swap.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  const std::u32string x = code_points(a), y = code_points(b);
  std::vector<std::size_t> before(y.size() + 1), above(y.size() + 1), row(y.size() + 1);
  for (std::size_t j = 0; j <= y.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= x.size(); ++i) {
    before.swap(above);
    above.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= y.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[y.size()];
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::size_t length = count_code_points(word);
  std::size_t best_distance = std::max<std::size_t>(2, length / 3) + 1;
  std::string_view best;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    // A word of which every letter would change is no likeness at all.
    if (distance < best_distance && distance < length) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace vigie
