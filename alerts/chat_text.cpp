#include "alerts/chat_text.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include <memory>

#include "base/http.h"
#include "base/result.h"
#include "base/text.h"

namespace vigie {
namespace {

// U+2060 WORD JOINER: nothing to see, no place to break a line, and no chat knows a mention, an address or an emoji's
// name with one inside.
constexpr std::string_view kJoiner = "\u2060";

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }
// By its first byte: these two begin quotation marks, dashes and no-break spaces, by which a sentence ends.
bool letter_beyond_ascii(char c) { return beyond_ascii(c) && c != '\xC2' && c != '\xE2'; }
bool of_word(char c) { return letter(c) || digit(c) || beyond_ascii(c); }

// Whether the character between these two begins or holds together something that a chat would act on: a mention
// "@all", a channel "#general" or "~town", a command "/leave", an address "https://", "bank.example", "mailto:x", an
// emoji ":ok:", and "<!here>", "<@42>".
bool acts(char before, char c, char after) {
  switch (c) {
    case '@': return true;  // at the end, too: more may follow
    case '#':
    case '~': return of_word(after);
    case '/': return letter(after) && !of_word(before) && before != '/';
    case ':': return after == '/' || after == '+' || after == '-' || after == '_' || letter(after);
    case '<': return letter(after) || std::string_view("!@#&:/").find(after) != std::string_view::npos;
    case '.': return of_word(before) && (letter(after) || letter_beyond_ascii(after));
    default: return false;
  }
}

std::string inert(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char before = i == 0 ? '\0' : text[i - 1];
    const char after = i + 1 < text.size() ? text[i + 1] : '\0';
    out.push_back(text[i]);
    if (acts(before, text[i], after)) out.append(kJoiner);
  }
  return out;
}

std::string_view entity(char c, bool quotes) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return quotes ? "&quot;" : "";
    default: return "";
  }
}

// Slack has no escape for these: a joiner on both sides, so that they stand at no border of a word.
std::string_view slack_guarded(char c) {
  switch (c) {
    case '*': return "\u2060*\u2060";
    case '_': return "\u2060_\u2060";
    case '~': return "\u2060~\u2060";
    case '`': return "\u2060`\u2060";
    default: return "";
  }
}

std::string escape_slack(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool within_word = c == '_' && i > 0 && i + 1 < text.size() && of_word(text[i - 1]) && of_word(text[i + 1]);
    const std::string_view other = !entity(c, false).empty() ? entity(c, false) : slack_guarded(c);
    if (other.empty() || within_word) {
      out.push_back(c);
    } else {
      out.append(other);
    }
  }
  return out;
}

std::string escape_entities(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const std::string_view other = entity(c, true);
    other.empty() ? out.push_back(c) : static_cast<void>(out.append(other));
  }
  return out;
}

// A list, a heading or a quotation begins with these at the beginning of a line.
std::string begin_escaped(std::string_view text) {
  if (text.empty()) return "";
  if (std::string_view("-+=").find(text[0]) != std::string_view::npos) return concat("\\", text);
  const std::size_t number = text.find_first_not_of("0123456789");
  if (number == 0 || number == std::string_view::npos || (text[number] != '.' && text[number] != ')'))
    return std::string(text);
  return concat(text.substr(0, number), "\\", text.substr(number));
}

std::string escape_backslash(std::string_view text, std::string_view special, bool entities) {
  std::string out;
  for (const char c : begin_escaped(text)) {
    if (special.find(c) != std::string_view::npos) out.push_back('\\');
    const std::string_view other = entities ? entity(c, false) : "";
    other.empty() ? out.push_back(c) : static_cast<void>(out.append(other));
  }
  return out;
}

// Its parser knows a backslash before five characters only; links are taken apart between their halves.
std::string escape_rocket(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("*_~`#").find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
    if (c == '<' || c == ']' || c == '\\') out.append(kJoiner);
  }
  return out;
}

// begin_escaped() put its backslash before the rest is escaped; these two keep it apart from what a stranger wrote.
constexpr std::string_view kCommonmarkSpecial = "`*_{}[]~|#";
constexpr std::string_view kDiscordSpecial = "`*_[]~|#<>";

std::string doubled_backslashes(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) code = (code << 6) | (byte(at + i) & 0x3Fu);
  at += length;
  return code;
}

bool is_space(char32_t c) { return c <= 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029; }

// Marks, embeddings, overrides and isolates of direction; the joiner we use ourselves and other invisible marks; tags.
bool is_invisible(char32_t c) {
  return c == 0xAD || c == 0x61C || c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB);
}

// The last border between two graphemes at or before `most` bytes; 0 when the first one is longer.
std::size_t grapheme_border(std::string_view text, std::size_t most) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UText, decltype(&utext_close)> view(
      utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status), utext_close);
  const std::unique_ptr<UBreakIterator, decltype(&ubrk_close)> graphemes(
      ubrk_open(UBRK_CHARACTER, "en", nullptr, 0, &status), ubrk_close);
  ubrk_setUText(graphemes.get(), view.get(), &status);
  if (U_FAILURE(status)) return most;
  const auto at = static_cast<std::int32_t>(most);
  if (most >= text.size() || ubrk_isBoundary(graphemes.get(), at)) return most;
  const std::int32_t border = ubrk_preceding(graphemes.get(), at);
  return border == UBRK_DONE ? 0 : static_cast<std::size_t>(border);
}

bool may_stand_in_a_link(char c) {
  return of_word(c) ? !beyond_ascii(c) : std::string_view("-._~:/?#!$&+,;=%").find(c) != std::string_view::npos;
}

}  // namespace

std::string escaped(Markup markup, std::string_view text) {
  const std::string safe = inert(text);
  switch (markup) {
    case Markup::plain: return safe;
    case Markup::slack: return escape_slack(safe);
    case Markup::commonmark: return escape_backslash(doubled_backslashes(safe), kCommonmarkSpecial, true);
    case Markup::discord: return escape_backslash(doubled_backslashes(safe), kDiscordSpecial, false);
    case Markup::rocket: return escape_rocket(safe);
    case Markup::telegram:
    case Markup::card: return escape_entities(safe);
    case Markup::matrix: return escape_html(safe);
  }
  return safe;
}

std::string bold(Markup markup, std::string_view text) {
  const std::string inner = escaped(markup, text);
  if (inner.empty()) return inner;
  switch (markup) {
    case Markup::plain: return inner;
    case Markup::slack:
    case Markup::rocket: return concat("*", inner, "*");
    case Markup::commonmark:
    case Markup::discord: return concat("**", inner, "**");
    case Markup::telegram:
    case Markup::matrix:
    case Markup::card: return concat("<b>", inner, "</b>");
  }
  return inner;
}

std::string link(Markup markup, std::string_view label, std::string_view url) {
  const std::string name = escaped(markup, label);
  const std::string address = web_link(url);
  if (address.empty()) return name;
  switch (markup) {
    case Markup::plain: return name.empty() ? address : concat(name, " ", address);
    case Markup::slack: return concat("<", escape_entities(address), "|", name, ">");
    case Markup::commonmark:
    case Markup::discord:
    case Markup::rocket: return concat("[", name, "](", address, ")");
    case Markup::telegram:
    case Markup::matrix:
    case Markup::card: return concat("<a href=\"", escape_entities(address), "\">", name, "</a>");
  }
  return name;
}

std::string one_line(std::string_view text) {
  const std::string valid = to_valid_utf8(text);
  std::string out;
  bool space = false;
  for (std::size_t at = 0; at < valid.size();) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(valid, at);
    if (is_invisible(c)) continue;
    if (is_space(c)) {
      space = !out.empty();
      continue;
    }
    if (space) out.push_back(' ');
    space = false;
    out.append(valid, begin, at - begin);
  }
  return out;
}

std::string cut(std::string_view text, std::size_t count) {
  if (count == 0) return "";
  const std::string_view whole = first_code_points(text, count);
  if (whole.size() == text.size()) return std::string(text);
  const std::size_t most = first_code_points(text, count - 1).size();
  const std::size_t border = grapheme_border(text, most);
  const std::string_view kept = text.substr(0, border == 0 ? most : border);
  return concat(kept.substr(0, kept.find_last_not_of(' ') + 1), "…");
}

std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xC0) == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1;
  }
  return units;
}

std::string web_link(std::string_view url, std::size_t most) {
  const std::string lower = ascii_lower(url.substr(0, 8));
  if (!lower.starts_with("https://") && !lower.starts_with("http://")) return "";
  if (url.size() > most || origin_of(url).empty()) return "";
  const std::string_view host = url.substr(url.find("://") + 3, url.find_first_of("/?#", 8) - url.find("://") - 3);
  // In brackets it has no form that all markups let through; what stands before an @ only looks like the host.
  if (host.find_first_of("[@") != std::string_view::npos) return "";
  std::string out;
  for (std::size_t i = 0; i < url.size(); ++i) {
    const bool stray = url[i] == '%' && (i + 2 >= url.size() || hex_digit(url[i + 1]) < 0 || hex_digit(url[i + 2]) < 0);
    if (may_stand_in_a_link(url[i]) && !stray) {
      out.push_back(url[i]);
    } else {
      out.append(url_encode(url.substr(i, 1)));
    }
  }
  return out.size() > most ? "" : out;
}

bool has_public_name(std::string_view url) {
  const std::string origin = origin_of(url);
  return origin.find('.') != std::string::npos;
}

}  // namespace vigie
