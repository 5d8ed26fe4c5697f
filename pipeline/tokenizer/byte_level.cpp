#include "pipeline/tokenizer/byte_level.h"

#include <array>

#include "pipeline/tokenizer/characters.h"

namespace vigie::tokenizer {
namespace {

// The visible character of each byte: the printable ones of Latin-1 stand for themselves, the others for the characters
// from U+0100 on, in order.
const std::array<std::string, 256>& visible() {
  static const std::array<std::string, 256> table = [] {
    std::array<std::string, 256> out;
    UChar32 next = 0x100;
    for (UChar32 byte = 0; byte < 256; ++byte) {
      const bool printable = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
      append(out[static_cast<std::size_t>(byte)], printable ? byte : next++);
    }
    return out;
  }();
  return table;
}

enum class Kind { space, letter, number, sign };

Kind kind_of(UChar32 c) {
  if (is_letter(c)) return Kind::letter;
  if (is_number(c)) return Kind::number;
  return is_space(c) ? Kind::space : Kind::sign;
}

std::size_t contraction(std::string_view text) {
  for (const std::string_view known : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"}) {
    if (text.starts_with(known)) return known.size();
  }
  return 0;
}

// Bytes of the run of one kind that `text` begins with; `last` is where its last character begins.
std::size_t run_of(std::string_view text, Kind kind, std::size_t& last) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    if (kind_of(next_character(text, at)) != kind) break;
    last = begin;
    end = at;
  }
  return end;
}

std::size_t next_word(std::string_view text) {
  if (const std::size_t length = contraction(text)) return length;
  std::size_t at = 0, last = 0;
  const std::size_t blank = text.starts_with(' ') && text.size() > 1 ? 1 : 0;
  at = blank;
  Kind kind = kind_of(next_character(text, at));
  if (kind != Kind::space) return blank + run_of(text.substr(blank), kind, last);
  const std::size_t run = run_of(text, Kind::space, last);
  return run == text.size() || last == 0 ? run : last;
}

}  // namespace

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t length = next_word(text);
    words.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return words;
}

std::vector<std::string> ByteLevel::operator()(const std::vector<std::string>& pieces) const {
  std::vector<std::string> out;
  for (const std::string& piece : pieces) {
    const std::string text = prefix_space && !piece.starts_with(' ') ? " " + piece : piece;
    const std::vector<std::string_view> cut = words ? words_of(text) : std::vector<std::string_view>{text};
    for (const std::string_view word : cut) {
      std::string& shown = out.emplace_back();
      for (const char c : word) shown += visible()[static_cast<unsigned char>(c)];
    }
  }
  return out;
}

}  // namespace vigie::tokenizer
