// Text as Unicode: validated once at the door, cut only between code points.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

bool is_valid_utf8(std::string_view bytes);

// The same text with each ill-formed sequence replaced by U+FFFD (one per maximal subpart, as WHATWG does) and NUL
// removed. Valid text comes back unchanged.
std::string to_valid_utf8(std::string_view bytes);

// The longest prefix of valid UTF-8 with at most `count` code points.
std::string_view first_code_points(std::string_view text, std::size_t count);
std::size_t count_code_points(std::string_view text);

// As above, but ends on a word where one ends in the last quarter, with "…" when anything was cut.
std::string shorten(std::string_view text, std::size_t count);

// NFKC, full case folding (ICU); the form in which names are matched. Invalid UTF-8 is repaired first.
std::string fold(std::string_view text);

// fold() with accents removed: "Problème" and "PROBLEME" are one word.
std::string fold_blind(std::string_view text);

std::string_view trim(std::string_view text);       // ASCII white space
std::string squeeze_spaces(std::string_view text);  // runs of Unicode white space to one U+0020, trimmed
std::string ascii_lower(std::string_view text);
bool iequals(std::string_view a, std::string_view b);  // ASCII case only
std::vector<std::string_view> split(std::string_view text, char separator);

// & < > " ' escaped: safe between tags and inside a quoted attribute.
std::string escape_html(std::string_view text);

int hex_digit(char c);  // 0..15, -1 for another character

// Percent-encodes all but RFC 3986 unreserved characters.
std::string url_encode(std::string_view text);
std::string url_decode(std::string_view text, bool plus_is_space);

// Edit distance (optimal string alignment) for "did you mean".
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate nearest to `word`, or "" when none is within a third of its length (at least 2).
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace vigie
