// What of HTML is let through, and what each element does to the text around it. Internal to collectors/html.

#pragma once

#include <string>
#include <string_view>

namespace vigie::html {

enum class Fate {
  keep,    // shown, with the attributes of the list
  unwrap,  // the tag goes, what it holds stays
  drop,    // goes with everything in it
};

struct Rule {
  Fate fate = Fate::unwrap;
  int breaks = 0;        // line breaks around it in plain text: 1 a new line, 2 a blank line between
  bool is_void = false;  // has no end tag
  bool preformatted = false;
};

Rule rule_of(std::string_view element);  // lower case; unknown ones are unwrapped

bool attribute_allowed(std::string_view element, std::string_view attribute);
bool is_url_attribute(std::string_view attribute);

// The URL as it may stand in an attribute: resolved, http, https or mailto; "" when it is anything else. A relative one
// without a known base stays relative.
std::string safe_url(std::string_view url, std::string_view base);

// A name of HTML's own, of any fate: "b" and "script" are, "city" is not.
bool is_html_element(std::string_view lower);

}  // namespace vigie::html
