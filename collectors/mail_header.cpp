#include "collectors/mail_header.h"

#include <algorithm>
#include <optional>

#include "base/limits.h"
#include "base/secret.h"
#include "base/text.h"
#include "collectors/charset.h"

namespace vigie::mail {
namespace {

constexpr std::size_t kMostHeaders = 500;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

struct Word {
  std::string charset, bytes;
};

// `=?charset?Q?text?=` at the start of `text`; `length` is what it takes up.
std::optional<Word> encoded_word(std::string_view text, std::size_t& length) {
  constexpr std::size_t kLongestWord = 2000;  // the standard says 75; programs write more
  if (!text.starts_with("=?")) return std::nullopt;
  const std::size_t charset_end = text.substr(0, kLongestWord).find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 2 >= text.size() || text[charset_end + 2] != '?')
    return std::nullopt;
  const std::size_t start = charset_end + 3;
  const std::size_t end = text.substr(0, kLongestWord).find("?=", start);
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view charset = text.substr(2, charset_end - 2);
  charset = charset.substr(0, charset.find('*'));  // RFC 2231: charset*language
  const std::string_view coded = text.substr(start, end - start);
  const char encoding = text[charset_end + 1];
  length = end + 2;
  if (encoding == 'B' || encoding == 'b') return Word{ascii_lower(charset), from_loose_base64(coded)};
  if (encoding == 'Q' || encoding == 'q') return Word{ascii_lower(charset), from_quoted_printable(coded, true)};
  return std::nullopt;
}

// One piece of a parameter's value, from `at` on: quoted or up to the next semicolon.
std::string parameter_value(std::string_view text) {
  text = trim(text);
  if (!text.starts_with('"')) return std::string(trim(text.substr(0, text.find(';'))));
  std::string out;
  for (std::size_t i = 1; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

// Cuts at semicolons that stand outside quotes.
std::vector<std::string_view> pieces(std::string_view value) {
  std::vector<std::string_view> out;
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && quoted) {
      ++i;
    } else if (value[i] == '"') {
      quoted = !quoted;
    } else if (value[i] == ';' && !quoted) {
      out.push_back(value.substr(start, i - start));
      start = i + 1;
    }
  }
  out.push_back(value.substr(std::min(start, value.size())));
  return out;
}

}  // namespace

Split split_headers(std::string_view bytes) {
  Split out;
  std::string_view rest = bytes.substr(0, limits::kHeaderBytes);
  bool first = true;
  while (!rest.empty()) {
    const std::string_view line = next_line(rest);
    if (line.empty()) break;
    if (std::exchange(first, false) && line.starts_with("From ")) continue;  // an mbox's own line
    if (is_blank(line.front())) {
      if (!out.headers.empty()) out.headers.back().second.append(" ").append(trim(line));
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || out.headers.size() == kMostHeaders) continue;
    out.headers.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
  }
  const auto read = static_cast<std::size_t>(rest.data() - bytes.data());
  out.body = rest.empty() ? bytes.substr(std::min(bytes.size(), limits::kHeaderBytes)) : bytes.substr(read);
  return out;
}

std::string_view find(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (iequals(key, name)) return value;
  }
  return "";
}

std::string decode_words(std::string_view value) {
  std::string out, raw;
  std::optional<Word> pending;  // words of one charset are joined before they are decoded: programs cut characters
  const auto flush_raw = [&] {
    if (!raw.empty()) out += decode_text(std::exchange(raw, {}), "");
  };
  const auto flush_word = [&] {
    if (pending) out += decode_text(pending->bytes, pending->charset);
    pending.reset();
  };
  while (!value.empty()) {
    std::size_t length = 0;
    if (std::optional<Word> word = encoded_word(value, length)) {
      const bool gap = !trim(raw).empty() || !pending;
      if (gap) {
        flush_word();
        flush_raw();
      }
      raw.clear();  // blanks between two words are not part of the text
      if (pending && pending->charset == word->charset) {
        pending->bytes += word->bytes;
      } else {
        flush_word();
        pending = std::move(word);
      }
      value.remove_prefix(length);
      continue;
    }
    if (pending && !is_blank(value.front())) flush_word();
    raw += value.front();
    value.remove_prefix(1);
  }
  flush_word();
  flush_raw();
  return squeeze_spaces(out);
}

std::string main_value(std::string_view value) { return ascii_lower(trim(value.substr(0, value.find(';')))); }

std::string parameter(std::string_view value, std::string_view name) {
  std::string joined;
  for (const std::string_view piece : pieces(value)) {
    const std::size_t equals = piece.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = trim(piece.substr(0, equals));
    const std::string_view base = key.substr(0, key.find('*'));
    if (!iequals(base, name)) continue;
    if (key.size() == base.size()) return parameter_value(piece.substr(equals + 1));
    joined += parameter_value(piece.substr(equals + 1));  // name*0, name*1: as they come
  }
  return joined;
}

Address first_address(std::string_view value) {
  std::string name, comment, word, address;
  bool quoted = false, bracket = false;
  int depth = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\\' && (quoted || depth > 0) && i + 1 < value.size()) {
      (depth > 0 ? comment : word) += value[++i];
    } else if (quoted) {
      if (c == '"')
        quoted = false;
      else
        word += c;
    } else if (c == '(' && !bracket) {
      ++depth;
    } else if (depth > 0) {
      if (c == ')')
        --depth;
      else
        comment += c;
    } else if (c == '"' && !bracket) {
      quoted = true;
    } else if (c == '<' && !bracket) {
      bracket = true;
      name = std::exchange(word, {});
    } else if ((c == '>' && bracket) || (c == ',' && !bracket && word.find('@') != std::string::npos)) {
      break;  // the end of the first address
    } else {
      word += c;
    }
  }
  address = decode_text(trim(word), "");
  if (name.empty()) name = comment;
  if (address.find('@') == std::string::npos && name.empty()) return {decode_words(word), ""};
  return {decode_words(name), address};
}

std::string first_id(std::string_view value) {
  const std::size_t open = value.find('<');
  if (open != std::string_view::npos) {
    const std::size_t close = value.find('>', open);
    if (close != std::string_view::npos) return decode_text(trim(value.substr(open + 1, close - open - 1)), "");
  }
  value = trim(value);
  return decode_text(value.substr(0, value.find_first_of(" \t,")), "");
}

std::string from_quoted_printable(std::string_view text, bool in_header) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_header && text[i] == '_') {
      out += ' ';
    } else if (text[i] != '=') {
      out += text[i];
    } else {
      const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
      std::size_t end = i + 1;  // a soft line break, blanks before it allowed
      while (end < text.size() && (is_blank(text[end]) || text[end] == '\r')) ++end;
      if (end < text.size() && text[end] == '\n')
        i = end;
      else if (end == text.size())
        i = end - 1;
      else
        out += '=';
    }
  }
  return out;
}

std::string from_loose_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 3 / 4);
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = base64_digit(c);
    if (value < 0) continue;
    buffer = (buffer << 6) | static_cast<unsigned>(value);
    if ((bits += 6) >= 8) out.push_back(static_cast<char>((buffer >> (bits -= 8)) & 0xFFu));
  }
  return out;
}

}  // namespace vigie::mail
