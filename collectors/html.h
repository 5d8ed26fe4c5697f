// Markup from outside, to plain text or to harmless markup. libxml2's HTML parser, no network, recovering.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vigie {

// Text as a reader would see it: block elements and <br> become line breaks, scripts and styles vanish, entities
// decoded. Valid UTF-8; at most 200 kB of input is looked at.
std::string html_to_text(std::string_view html);

// Only elements and attributes of a short list survive; URLs only http, https, mailto. For showing and for `vigie
// feed`.
std::string sanitize_html(std::string_view html, std::string_view base_url);

// Both of the above from one reading.
struct CleanHtml {
  std::string text, html;
};
CleanHtml clean_html(std::string_view html, std::string_view base_url);

// Whether a browser might take this for markup: a tag of HTML, a comment or a character reference in it.
bool looks_like_html(std::string_view text);

// Plain text as it may be shown even by someone who forgets to escape it: what would still run or load something (a
// source that escaped twice, or means harm) is taken out, once more for every level. Text without such markup comes
// back as it is.
std::string disarmed(std::string text);

// Whether following it runs nothing and reads nothing of the reader's own: no javascript:, data:, file: and their kin.
bool is_harmless_link(std::string_view url);

// The feeds an HTML page offers in its head (<link rel="alternate" type="application/rss+xml">), resolved.
std::vector<std::string> feeds_of_page(std::string_view html, std::string_view page_url);

}  // namespace vigie
