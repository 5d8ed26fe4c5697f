#include "base/http.h"
#include "base/text.h"
#include "collectors/feed_parts.h"
#include "collectors/html.h"

namespace vigie::feed {
namespace {

constexpr std::size_t npos = std::string_view::npos;

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

// As text. What is no base64, or no text behind it, comes back as it is.
std::string from_base64(const std::string& text) {
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (c == '=' || c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    if (value < 0) return text;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFFFF;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<char>(bits >> count & 0xFF));
    }
  }
  return is_valid_utf8(out) ? out : text;
}

// The type without its parameters: "text/html" of "text/html; charset=utf-8".
std::string media_type(std::string_view text) { return ascii_lower(trim(text.substr(0, text.find(';')))); }

}  // namespace

Markup plain_or_html(std::string value) {
  const bool html = looks_like_html(value);
  return {std::move(value), html, {}};
}

Markup rss_markup(const xml::Element& element) {
  if (element.has_elements()) return {xml::markup_of(element), true, std::string(element.base)};
  Markup out = plain_or_html(xml::text_of(element));
  out.base = element.base;
  return out;
}

Markup atom_markup(const xml::Element& element) {
  const std::string type = media_type(element.attribute("type"));
  const std::string mode = ascii_lower(trim(element.attribute("mode")));  // Atom 0.3: xml, escaped, base64
  const std::string base(element.base);
  if (element.has_elements()) return {xml::markup_of(element), true, base};

  std::string text = xml::text_of(element);
  if (type == "html" || type == "text/html" || type == "xhtml" || type == "application/xhtml+xml") {
    if (mode == "base64") text = from_base64(text);
    return {std::move(text), true, base};
  }
  const bool is_text =
      type.empty() || type == "text" || type.starts_with("text/") || type.ends_with("/xml") || type.ends_with("+xml");
  if (mode == "base64" || (!is_text && type.find('/') != npos)) text = from_base64(text);
  // Without a type it is plain text by the letter; tags in it are HTML that somebody forgot to declare.
  if (type == "text" || type == "text/plain") {
    const bool html = mode == "escaped" && looks_like_html(text);
    return {std::move(text), html, base};
  }
  Markup out = plain_or_html(std::move(text));
  out.base = base;
  return out;
}

void Reading::set_content(FeedItem& item, const Markup& markup) {
  // Short links in many items grow by a long base: past this, only the text is read.
  constexpr std::size_t kMaxHtml = 4 * limits::kFeedBytes;
  const bool with_html = parts_ == FeedParts::all && html_bytes_ < kMaxHtml;
  if (!markup.html) {
    item.text = disarmed(std::string(trim(markup.value)));
    if (with_html) item.html = escape_html(trim(markup.value));
  } else if (with_html) {
    CleanHtml clean = clean_html(markup.value, markup.base.empty() ? url_ : std::string_view(markup.base));
    item.html = std::move(clean.html);
    item.text = disarmed(std::move(clean.text));
  } else {
    item.text = disarmed(html_to_text(markup.value));
  }
  html_bytes_ += item.html.size();
}

std::string Reading::title(const Markup& markup) const {
  return squeeze_spaces(disarmed(markup.html ? html_to_text(markup.value) : markup.value));
}

std::string person_name(std::string_view text) {
  std::string_view rest = trim(text);
  if (rest.find('@') == npos) return std::string(rest);
  const std::size_t open = rest.find_first_of("(<");
  if (open != npos) {
    const std::size_t close = rest.find_first_of(")>", open);
    const std::string_view inside = trim(rest.substr(open + 1, close == npos ? npos : close - open - 1));
    const std::string_view before = trim(rest.substr(0, open));
    if (before.find('@') == npos && !before.empty()) return std::string(before);
    return std::string(inside.empty() ? before : inside);
  }
  // "mail@x.org Jo Doe" or "Jo Doe mail@x.org"
  const std::size_t at = rest.find('@');
  const std::size_t start = rest.rfind(' ', at) == npos ? 0 : rest.rfind(' ', at) + 1;
  const std::size_t end = std::min(rest.find(' ', at), rest.size());
  const std::string_view before = trim(rest.substr(0, start));
  const std::string_view after = trim(rest.substr(end));
  if (!before.empty()) return std::string(before);
  return std::string(after.empty() ? rest : after);
}

bool is_url(std::string_view text) {
  const std::string start = ascii_lower(text.substr(0, 8));
  return (start.starts_with("http://") || start.starts_with("https://")) && text.find_first_of(" \t\r\n<>\"") == npos;
}

std::string resolved(const xml::Element& element, std::string_view reference) {
  const std::string_view link = trim(reference);
  std::string url = link.empty() || element.base.empty() ? std::string(link) : resolve_url(element.base, link);
  return is_harmless_link(url) ? url : std::string();
}

}  // namespace vigie::feed
