#include "collectors/html_policy.h"

#include <algorithm>
#include <iterator>

#include "base/http.h"
#include "base/text.h"

namespace vigie::html {
namespace {

struct Named {
  std::string_view name;
  Rule rule;
};

constexpr Rule kInline{Fate::keep};
constexpr Rule kBlock{Fate::keep, 1};
constexpr Rule kParagraph{Fate::keep, 2};
constexpr Rule kUnwrapped{Fate::unwrap};
constexpr Rule kUnwrappedBlock{Fate::unwrap, 1};
constexpr Rule kDropped{Fate::drop};

// In order of name: looked up by bisection.
constexpr Named kElements[] = {
    {"a", kInline},
    {"abbr", kInline},
    {"acronym", kInline},
    {"address", kBlock},
    {"applet", kDropped},
    {"area", kUnwrapped},
    {"article", kBlock},
    {"aside", kBlock},
    {"audio", kUnwrapped},
    {"b", kInline},
    {"base", kDropped},
    {"bdi", kInline},
    {"bdo", kInline},
    {"big", kInline},
    {"blink", kUnwrapped},
    {"blockquote", kParagraph},
    {"body", kUnwrapped},
    {"br", {Fate::keep, 0, true}},
    {"button", kUnwrapped},
    {"canvas", kUnwrapped},
    {"caption", kBlock},
    {"center", kBlock},
    {"cite", kInline},
    {"code", kInline},
    {"col", {Fate::keep, 0, true}},
    {"colgroup", kInline},
    {"dd", kBlock},
    {"del", kInline},
    {"details", kBlock},
    {"dfn", kInline},
    {"dir", kBlock},
    {"div", kBlock},
    {"dl", kBlock},
    {"dt", kBlock},
    {"em", kInline},
    {"embed", kUnwrapped},
    {"fieldset", kUnwrappedBlock},
    {"figcaption", kBlock},
    {"figure", kBlock},
    {"font", kUnwrapped},
    {"footer", kBlock},
    {"form", kUnwrappedBlock},
    {"frame", kUnwrapped},
    {"frameset", kUnwrapped},
    {"h1", kParagraph},
    {"h2", kParagraph},
    {"h3", kParagraph},
    {"h4", kParagraph},
    {"h5", kParagraph},
    {"h6", kParagraph},
    {"head", kUnwrapped},
    {"header", kBlock},
    {"hr", {Fate::keep, 1, true}},
    {"html", kUnwrapped},
    {"i", kInline},
    {"iframe", kUnwrapped},
    {"image", kUnwrapped},
    {"img", {Fate::keep, 0, true}},
    {"input", kUnwrapped},
    {"ins", kInline},
    {"kbd", kInline},
    {"label", kUnwrapped},
    {"legend", kUnwrappedBlock},
    {"li", kBlock},
    {"link", kDropped},
    {"main", kBlock},
    {"map", kUnwrapped},
    {"mark", kInline},
    {"marquee", kUnwrapped},
    {"math", kUnwrapped},
    {"menu", kBlock},
    {"meta", kDropped},
    {"nav", kBlock},
    {"nobr", kUnwrapped},
    {"noembed", kDropped},
    {"noframes", kDropped},
    {"noscript", kUnwrapped},
    {"object", kUnwrapped},
    {"ol", kBlock},
    {"option", kUnwrappedBlock},
    {"p", kParagraph},
    {"param", kDropped},
    {"picture", kUnwrapped},
    {"plaintext", kUnwrapped},
    {"pre", {Fate::keep, 2, false, true}},
    {"q", kInline},
    {"rp", kInline},
    {"rt", kInline},
    {"ruby", kInline},
    {"s", kInline},
    {"samp", kInline},
    {"script", kDropped},
    {"section", kBlock},
    {"select", kUnwrapped},
    {"small", kInline},
    {"source", kUnwrapped},
    {"span", kInline},
    {"strike", kInline},
    {"strong", kInline},
    {"style", kDropped},
    {"sub", kInline},
    {"summary", kBlock},
    {"sup", kInline},
    {"svg", kUnwrapped},
    {"table", kBlock},
    {"tbody", kInline},
    {"td", kInline},
    {"template", kDropped},
    {"textarea", kUnwrapped},
    {"tfoot", kInline},
    {"th", kInline},
    {"thead", kInline},
    {"time", kInline},
    {"title", kUnwrappedBlock},
    {"tr", kBlock},
    {"track", kUnwrapped},
    {"tt", kInline},
    {"u", kInline},
    {"ul", kBlock},
    {"var", kInline},
    {"video", kUnwrapped},
    {"wbr", {Fate::keep, 0, true}},
    {"xml", kUnwrapped},
    {"xmp", {Fate::unwrap, 1, false, true}},
};

struct Allowed {
  std::string_view element, attribute;
};

// No id, name, class or style: they reach into the page that shows the fragment. No srcset: its grammar hides URLs.
constexpr Allowed kAttributes[] = {
    {"", "title"},     {"", "lang"},         {"", "dir"},         {"a", "href"},          {"img", "src"},
    {"img", "alt"},    {"img", "width"},     {"img", "height"},   {"blockquote", "cite"}, {"q", "cite"},
    {"del", "cite"},   {"ins", "cite"},      {"del", "datetime"}, {"ins", "datetime"},    {"time", "datetime"},
    {"td", "colspan"}, {"td", "rowspan"},    {"td", "headers"},   {"th", "colspan"},      {"th", "rowspan"},
    {"th", "scope"},   {"ol", "start"},      {"ol", "type"},      {"ol", "reversed"},     {"li", "value"},
    {"col", "span"},   {"colgroup", "span"},
};

const Named* find(std::string_view element) {
  const auto* found = std::lower_bound(std::begin(kElements), std::end(kElements), element,
                                       [](const Named& a, std::string_view b) { return a.name < b; });
  return found != std::end(kElements) && found->name == element ? found : nullptr;
}

// "http" of "http://x"; "" when it has none.
std::string scheme_of(std::string_view url) {
  const std::size_t end = url.find_first_of(":/?#");
  if (end == std::string_view::npos || url[end] != ':') return {};
  return ascii_lower(url.substr(0, end));
}

bool is_space_or_control(unsigned char c) { return c <= 0x20 || c == 0x7F; }

// As browsers read it: blanks around, and tabs and line breaks anywhere, do not count. Other blanks become %20.
std::string without_blanks(std::string_view url) {
  while (!url.empty() && is_space_or_control(static_cast<unsigned char>(url.front()))) url.remove_prefix(1);
  while (!url.empty() && is_space_or_control(static_cast<unsigned char>(url.back()))) url.remove_suffix(1);
  std::string out;
  for (const char c : url) {
    if (c == ' ')
      out += "%20";
    else if (!is_space_or_control(static_cast<unsigned char>(c)))
      out += c;
  }
  return out;
}

}  // namespace

Rule rule_of(std::string_view element) {
  const Named* found = find(element);
  return found != nullptr ? found->rule : kUnwrapped;
}

bool is_html_element(std::string_view lower) { return find(lower) != nullptr; }

bool attribute_allowed(std::string_view element, std::string_view attribute) {
  return std::any_of(std::begin(kAttributes), std::end(kAttributes), [&](const Allowed& one) {
    return one.attribute == attribute && (one.element.empty() || one.element == element);
  });
}

bool is_url_attribute(std::string_view attribute) {
  return attribute == "href" || attribute == "src" || attribute == "cite";
}

std::string safe_url(std::string_view url, std::string_view base) {
  std::string out = without_blanks(url);
  if (scheme_of(out).empty() && !base.empty()) out = resolve_url(base, out);
  const std::string scheme = scheme_of(out);
  if (scheme == "http" || scheme == "https" || scheme == "mailto") return out;
  // A colon before any slash would be a scheme to somebody, however odd it looks: "java%0ascript:".
  const bool relative = scheme.empty() && out.substr(0, out.find_first_of("/?#")).find(':') == std::string::npos;
  return relative ? out : std::string();
}

}  // namespace vigie::html
