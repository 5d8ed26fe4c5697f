#include "collectors/html.h"

#include <libxml/HTMLparser.h>

#include <memory>

#include "base/http.h"
#include "base/text.h"
#include "collectors/html_policy.h"

namespace vigie {
namespace {

constexpr std::size_t kTextBytes = 200'000;
constexpr std::size_t kHtmlBytes = 1u << 20;
constexpr std::size_t kMaxOutput = 4u << 20;  // short links grow by their base
constexpr std::size_t npos = std::string_view::npos;

using html::Fate;

struct DocDeleter {
  void operator()(xmlDoc* doc) const { xmlFreeDoc(doc); }
};
using Doc = std::unique_ptr<xmlDoc, DocDeleter>;

// libxml2 sets up its tables at the first use, which must not happen in two threads at once.
void start_libxml() {
  static const bool started = [] {
    xmlInitParser();
    return true;
  }();
  static_cast<void>(started);
}

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

// Comments that never end would hide all that follows: they end at their ">", as their writer meant.
std::string without_open_comments(std::string html) {
  const std::size_t last_end = html.rfind("-->");
  std::size_t open = html.find("<!--", last_end == npos ? 0 : last_end + 3);
  if (open == npos) return html;
  std::string out = html.substr(0, open);
  while (open != npos) {
    const std::size_t end = html.find('>', open);
    if (end == npos) break;
    open = html.find("<!--", end);
    out.append(html, end + 1, open == npos ? npos : open - end - 1);
  }
  return out;
}

// With `fragment`, text stands directly in the body instead of in an implied <p>.
Doc read_html(std::string_view html, bool fragment) {
  start_libxml();
  const std::string bytes =
      fragment ? concat("<html><body>", without_open_comments(to_valid_utf8(html))) : to_valid_utf8(html);
  constexpr int kOptions =
      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_COMPACT;
  return Doc(htmlReadMemory(bytes.data(), static_cast<int>(bytes.size()), nullptr, "UTF-8", kOptions));
}

// Plain text as it grows: white space folded, line breaks where blocks begin and end.
class TextWriter {
 public:
  void add(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      const bool no_break_space = c == '\xC2' && i + 1 < text.size() && text[i + 1] == '\xA0';
      if (preformatted_ > 0 && c == '\n') {
        ++breaks_;
      } else if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || no_break_space) {
        space_ = true;
        if (no_break_space) ++i;
      } else {
        flush();
        out_ += c;
      }
    }
  }
  void at_least_breaks(int count) { breaks_ = std::max(breaks_, count); }
  void add_break() { ++breaks_; }
  void add_space() { space_ = true; }
  void preformatted(bool begin) { preformatted_ += begin ? 1 : -1; }
  std::string take() { return std::move(out_); }

 private:
  void flush() {
    if (!out_.empty()) {
      if (breaks_ > 0)
        out_.append(static_cast<std::size_t>(std::min(breaks_, 2)), '\n');
      else if (space_)
        out_ += ' ';
    }
    breaks_ = 0;
    space_ = false;
  }

  std::string out_;
  int breaks_ = 0, preformatted_ = 0;
  bool space_ = false;
};

class Cleaner {
 public:
  Cleaner(std::string_view base, bool with_html) : base_(base), with_html_(with_html) {}

  CleanHtml clean(const xmlDoc* doc) {
    const xmlNode* root = doc == nullptr ? nullptr : xmlDocGetRootElement(doc);
    for (const xmlNode* node = root; node != nullptr;) {
      const bool inside = enter(node);
      if (inside && node->children != nullptr) {
        node = node->children;
        continue;
      }
      if (inside) leave(node);
      while (node != root && node->next == nullptr) {
        node = node->parent;
        leave(node);
      }
      node = node == root ? nullptr : node->next;
    }
    return {text_.take(), std::move(html_)};
  }

 private:
  // False when what is inside must not be looked at.
  bool enter(const xmlNode* node) {
    if (node->type == XML_TEXT_NODE) {
      text_.add(view(node->content));
      if (with_html_) html_ += escape_html(view(node->content));
      return true;
    }
    if (node->type == XML_ENTITY_REF_NODE) {
      text_.add(concat("&", view(node->name), ";"));
      return false;
    }
    if (node->type != XML_ELEMENT_NODE || html_.size() > kMaxOutput)
      return false;  // comments, declarations, raw text of scripts
    const std::string_view name = view(node->name);
    const html::Rule rule = html::rule_of(name);
    if (rule.fate == Fate::drop) return false;
    if (name == "br") text_.add_break();
    if (name == "td" || name == "th") text_.add_space();
    text_.at_least_breaks(rule.breaks);
    if (rule.preformatted) text_.preformatted(true);
    if (with_html_ && rule.fate == Fate::keep) open_tag(node, name);
    return true;
  }

  void leave(const xmlNode* node) {
    if (node->type != XML_ELEMENT_NODE) return;
    const std::string_view name = view(node->name);
    const html::Rule rule = html::rule_of(name);
    text_.at_least_breaks(rule.breaks);
    if (rule.preformatted) text_.preformatted(false);
    if (with_html_ && rule.fate == Fate::keep && !rule.is_void) html_ += concat("</", name, ">");
  }

  void open_tag(const xmlNode* node, std::string_view name) {
    html_ += '<';
    html_ += name;
    for (const xmlAttr* a = node->properties; a != nullptr; a = a->next) attribute(a, name);
    if (name == "a") html_ += " rel=\"nofollow noopener\"";
    html_ += '>';
  }

  void attribute(const xmlAttr* a, std::string_view element) {
    const std::string_view name = view(a->name);
    if (!html::attribute_allowed(element, name)) return;
    std::string value;
    for (const xmlNode* part = a->children; part != nullptr; part = part->next) {
      value += part->type == XML_TEXT_NODE ? std::string(view(part->content)) : concat("&", view(part->name), ";");
    }
    if (html::is_url_attribute(name)) {
      value = html::safe_url(value, base_);
      if (value.empty()) return;
    }
    html_ += concat(" ", name, "=\"", escape_html(value), "\"");
  }

  std::string_view base_;
  bool with_html_;
  TextWriter text_;
  std::string html_;
};

CleanHtml clean(std::string_view html, std::string_view base, bool with_html, std::size_t max_bytes) {
  if (html.size() > max_bytes) {
    html = html.substr(0, max_bytes);
    const std::size_t tag = html.rfind('<');
    if (tag != npos && html.find('>', tag) == npos) html = html.substr(0, tag);  // not inside a tag
  }
  return Cleaner(base, with_html).clean(read_html(html, true).get());
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The name of the tag that begins at `at` ("<b", "</b"), lower case; "" when none does.
std::string tag_name(std::string_view text, std::size_t at) {
  std::size_t start = at + 1;
  if (start < text.size() && text[start] == '/') ++start;
  if (start >= text.size() || !is_letter(text[start])) return {};
  std::size_t end = start;
  while (end < text.size() && (is_letter(text[end]) || (text[end] >= '0' && text[end] <= '9'))) ++end;
  return ascii_lower(text.substr(start, end - start));
}

bool is_reference(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  if (end < text.size() && text[end] == '#')
    return end + 1 < text.size() && (text[end + 1] == 'x' || (text[end + 1] >= '0' && text[end + 1] <= '9'));
  while (end < text.size() && is_letter(text[end])) ++end;
  return end > at + 1 && end < text.size() && text[end] == ';';
}

// Elements that do something by being there.
bool is_active(std::string_view name) {
  constexpr std::string_view kActive[] = {"script", "iframe", "frame", "frameset", "object", "embed",
                                          "applet", "meta",   "base",  "link",     "style",  "svg",
                                          "math",   "form",   "audio", "video",    "img"};
  return std::find(std::begin(kActive), std::end(kActive), name) != std::end(kActive);
}

// Where a character stands next, asked for in ascending order: text full of openings and no end is still read once.
class NextOf {
 public:
  NextOf(std::string_view text, char c) : text_(text), c_(c), at_(text.find(c)) {}
  std::size_t from(std::size_t start) {
    if (at_ != npos && at_ < start) at_ = text_.find(c_, start);
    return at_;
  }

 private:
  std::string_view text_;
  char c_;
  std::size_t at_;
};

// Anything shaped like a tag that names an active element or carries an attribute.
bool is_armed(std::string_view text) {
  NextOf end(text, '>');
  NextOf equals(text, '=');
  for (std::size_t at = text.find('<'); at != npos; at = text.find('<', at + 1)) {
    const std::string name = tag_name(text, at);
    if (name.empty()) continue;
    const std::size_t value = equals.from(at);
    if (is_active(name) || (value != npos && value < end.from(at))) return true;
  }
  return false;
}

}  // namespace

CleanHtml clean_html(std::string_view html, std::string_view base_url) {
  CleanHtml out = clean(html, base_url, true, kHtmlBytes);
  if (html.size() > kTextBytes) out.text = html_to_text(html);
  return out;
}

std::string html_to_text(std::string_view html) { return clean(html, "", false, kTextBytes).text; }

std::string sanitize_html(std::string_view html, std::string_view base_url) {
  return clean(html, base_url, true, kHtmlBytes).html;
}

bool looks_like_html(std::string_view text) {
  for (std::size_t at = text.find_first_of("<&"); at != npos; at = text.find_first_of("<&", at + 1)) {
    if (text[at] == '&' ? is_reference(text, at)
                        : text.substr(at).starts_with("<!--") || html::is_html_element(tag_name(text, at)))
      return true;
  }
  return false;
}

bool is_harmless_link(std::string_view url) {
  constexpr std::string_view kActing[] = {"javascript", "vbscript", "livescript", "mocha",
                                          "data",       "blob",     "file",       "about"};
  std::string scheme;
  for (const char c : url.substr(0, url.find(':'))) {
    if (static_cast<unsigned char>(c) > 0x20) scheme += c;
  }
  scheme = ascii_lower(scheme);
  return url.find(':') == npos || std::find(std::begin(kActing), std::end(kActing), scheme) == std::end(kActing);
}

std::string disarmed(std::string text) {
  constexpr int kLevels = 4;
  for (int level = 0; level < kLevels && is_armed(text); ++level) text = html_to_text(text);
  if (!is_armed(text)) return text;
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '<') out += ' ';  // no longer a tag to anybody
  }
  return out;
}

std::vector<std::string> feeds_of_page(std::string_view html, std::string_view page_url) {
  std::vector<std::string> found;
  const Doc doc = read_html(html.substr(0, kTextBytes), false);
  const xmlNode* root = doc == nullptr ? nullptr : xmlDocGetRootElement(doc.get());
  for (const xmlNode* node = root; node != nullptr;) {
    if (node->type == XML_ELEMENT_NODE && view(node->name) == "link") {
      std::string rel, type, href;
      for (const xmlAttr* a = node->properties; a != nullptr; a = a->next) {
        const std::string_view value = a->children == nullptr ? std::string_view() : view(a->children->content);
        if (view(a->name) == "rel") rel = ascii_lower(value);
        if (view(a->name) == "type") type = ascii_lower(trim(value));
        if (view(a->name) == "href") href = std::string(trim(value));
      }
      const bool is_feed =
          type.starts_with("application/") && (type.find("xml") != npos || type.find("feed+json") != npos);
      if (rel.find("alternate") != npos && is_feed && !href.empty()) found.push_back(resolve_url(page_url, href));
    }
    if (node->children != nullptr && node->type == XML_ELEMENT_NODE) {
      node = node->children;
      continue;
    }
    while (node != root && node->next == nullptr) node = node->parent;
    node = node == root ? nullptr : node->next;
  }
  return found;
}

}  // namespace vigie
