// Markup from outside, to plain text or to harmless markup. libxml2's HTML parser, no network, recovering.

#pragma once

#include <string>
#include <string_view>

namespace vigie {

// Text as a reader would see it: block elements and <br> become line breaks, scripts and styles vanish, entities decoded.
// Valid UTF-8; at most 200 kB of input is looked at.
std::string html_to_text(std::string_view html);

// Only elements and attributes of a short list survive; URLs only http, https, mailto. For showing and for `vigie feed`.
std::string sanitize_html(std::string_view html, std::string_view base_url);

}  // namespace vigie
