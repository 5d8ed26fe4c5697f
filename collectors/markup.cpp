#include "collectors/markup.h"

#include <algorithm>
#include <array>

#include "base/result.h"
#include "base/text.h"
#include "collectors/html.h"

namespace vigie {
namespace {

constexpr std::string_view kInline = "*_~`";

bool is_word(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  const auto c = static_cast<unsigned char>(text[at]);
  return std::isalnum(c) || c >= 0x80;
}

// [words](address) or ![words](address) at `at`: the words, and where it ends; npos when it is none.
std::size_t link_at(std::string_view line, std::size_t at, std::string& out) {
  const std::size_t close = line.find(']', at);
  if (close == std::string_view::npos || close + 1 >= line.size() || line[close + 1] != '(')
    return std::string_view::npos;
  if (close == at + 1) return std::string_view::npos;  // no words: the sign is all there is to read
  int depth = 0;
  for (std::size_t i = close + 1; i < line.size(); ++i) {
    if (line[i] == '(') ++depth;
    if (line[i] == ')' && --depth == 0) {
      out += line.substr(at + 1, close - at - 1);
      return i + 1;
    }
  }
  return std::string_view::npos;
}

// snake_case and 2 * 3 stay: a sign of emphasis stands at the edge of a word.
bool is_emphasis(std::string_view line, std::size_t at) {
  if (line[at] == '`') return true;
  const bool before = at > 0 && is_word(line, at - 1), after = is_word(line, at + 1);
  const bool doubled = (at + 1 < line.size() && line[at + 1] == line[at]) || (at > 0 && line[at - 1] == line[at]);
  if (line[at] == '_') return doubled ? !(before && after) : before != after;
  if (line[at] == '~') return doubled;
  return before || after || doubled;
}

std::string plain_line(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size();) {
    const bool image = line[i] == '!' && i + 1 < line.size() && line[i + 1] == '[';
    if (line[i] == '[' || image) {
      if (const std::size_t end = link_at(line, i + (image ? 1 : 0), out); end != std::string_view::npos) {
        i = end;
        continue;
      }
    }
    if (line[i] == '\\' && i + 1 < line.size() && std::ispunct(static_cast<unsigned char>(line[i + 1]))) {
      out += line[i + 1];
      i += 2;
      continue;
    }
    if (kInline.find(line[i]) != std::string_view::npos && is_emphasis(line, i)) {
      ++i;
      continue;
    }
    out += line[i++];
  }
  return out;
}

// "## Title", "- item", "1. item": without the sign at its head.
std::string_view without_head(std::string_view line) {
  std::string_view rest = trim(line);
  const std::size_t hashes = std::min(rest.find_first_not_of('#'), rest.size());
  if (hashes > 0 && hashes <= 6 && hashes < rest.size() && rest[hashes] == ' ') return trim(rest.substr(hashes));
  if (rest.size() > 1 && (rest[0] == '-' || rest[0] == '*' || rest[0] == '+') && rest[1] == ' ')
    return trim(rest.substr(2));
  return rest;
}

bool is_rule(std::string_view line) {
  return line.size() >= 3 && (line.find_first_not_of("- ") == std::string_view::npos ||
                              line.find_first_not_of("* ") == std::string_view::npos ||
                              line.find_first_not_of("_ ") == std::string_view::npos ||
                              line.find_first_not_of("= ") == std::string_view::npos);
}

bool is_fence(std::string_view line) { return line.starts_with("```") || line.starts_with("~~~"); }

void add_line(std::string& out, std::string_view line) {
  if (!out.empty()) out += '\n';
  out += line;
}

// Blank lines at the ends and in a row say nothing.
std::string squeezed_lines(std::string_view text) {
  std::string out;
  bool blank = false;
  for (const std::string_view raw : split(text, '\n')) {
    const std::string line = squeeze_spaces(raw);
    if (line.empty()) {
      blank = !out.empty();
      continue;
    }
    if (blank) out += '\n';
    blank = false;
    add_line(out, line);
  }
  return out;
}

bool starts_tag(std::string_view text, std::size_t at, std::string_view name) {
  const std::string_view rest = text.substr(at + 1);
  if (rest.size() <= name.size() || !iequals(rest.substr(0, name.size()), name)) return false;
  const char after = rest[name.size()];
  return after == ']' || after == '=' || after == ' ';
}

constexpr std::array<std::string_view, 26> kTags = {
    "b",  "i",    "u",       "s",     "strike", "url", "img", "h1",      "h2",   "h3",    "list", "olist",  "*",
    "hr", "code", "noparse", "table", "tr",     "td",  "th",  "spoiler", "size", "color", "font", "center", "quote"};

// The length of a tag at `at`, 0 when what stands there is the writer's own bracket.
std::size_t tag_length(std::string_view text, std::size_t at) {
  const std::size_t close = text.find(']', at);
  if (close == std::string_view::npos || close - at > 300) return 0;
  const std::size_t name = at + 1 < text.size() && text[at + 1] == '/' ? at + 1 : at;
  const bool known =
      std::any_of(kTags.begin(), kTags.end(), [&](std::string_view tag) { return starts_tag(text, name, tag); });
  return known ? close - at + 1 : 0;
}

// What stands between "<" and ">" in Slack's text.
std::string slack_reference(std::string_view inner) {
  const std::size_t bar = inner.find('|');
  const std::string_view label = bar == std::string_view::npos ? "" : inner.substr(bar + 1);
  std::string_view target = inner.substr(0, bar);
  if (inner.starts_with('@')) return concat("@", label.empty() ? target.substr(1) : label);
  if (inner.starts_with('#')) return concat("#", label.empty() ? target.substr(1) : label);
  if (inner.starts_with('!')) {  // <!here>, <!subteam^S1|@group>, <!date^...|tomorrow>
    target = target.substr(1, target.find('^') == std::string_view::npos ? target.npos : target.find('^') - 1);
    return label.empty() ? concat("@", target) : std::string(label);
  }
  return std::string(label.empty() ? target : label);
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("&amp;")) {
      out += '&';
      i += 4;
    } else if (rest.starts_with("&lt;")) {
      out += '<';
      i += 3;
    } else if (rest.starts_with("&gt;")) {
      out += '>';
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::string markdown_to_text(std::string_view text) {
  std::string out;
  bool fenced = false;
  for (const std::string_view raw : split(text, '\n')) {
    const std::string_view line = trim(raw);
    if (is_fence(line)) {
      fenced = !fenced;
    } else if (fenced) {
      add_line(out, line);
    } else if (!line.starts_with('>') && !is_rule(line)) {
      add_line(out, plain_line(without_head(line)));
    }
  }
  // Trackers let tags through; a "<" that opens none stays.
  const bool tags = out.find("</") != std::string::npos || out.find("/>") != std::string::npos ||
                    out.find("<!--") != std::string::npos || out.find("<br") != std::string::npos;
  if (tags || out.find('&') != std::string::npos) {
    std::string lines;
    for (const char c : out) lines += c == '\n' ? "<br>" : std::string(1, c);
    out = html_to_text(lines);
  }
  return squeezed_lines(out);
}

std::string bbcode_to_text(std::string_view text) {
  std::string out;
  int quoted = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = text[i] == '[' ? tag_length(text, i) : 0;
    if (length == 0) {
      if (quoted == 0) out += text[i];
      ++i;
      continue;
    }
    if (starts_tag(text, i, "quote")) ++quoted;
    if (i + 1 < text.size() && text[i + 1] == '/' && starts_tag(text, i + 1, "quote")) quoted = std::max(0, quoted - 1);
    if (quoted == 0) out += starts_tag(text, i, "*") || starts_tag(text, i, "hr") ? "\n" : "";
    i += length;
  }
  return squeezed_lines(out);
}

std::string slack_to_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t close = text[i] == '<' ? text.find('>', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += text[i++];
      continue;
    }
    out += slack_reference(text.substr(i + 1, close - i - 1));
    i = close + 1;
  }
  return squeezed_lines(unescaped(out));
}

}  // namespace vigie
