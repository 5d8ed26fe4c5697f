// The alphabet of text messages (3GPP TS 23.038): 160 of its characters fit one message, and one letter beyond it
// halves that. French ç, ê, œ and « are beyond it, é, è and à are not.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vigie {

// `text` in letters of that alphabet: ç as c, œ as oe, « as ", … as ..., other scripts as Latin letters; what has no
// likeness, as an emoji, is left out. Single spaces; line feeds stay.
std::string to_gsm7(std::string_view text);

// What to_gsm7()'s answer takes of a message: € [ ] { } | ^ ~ \ take two places each, every other character one.
std::size_t gsm7_length(std::string_view text);

// Whether every character stands in that alphabet.
bool is_gsm7(std::string_view text);

// The beginning of what to_gsm7() gave, at most `most` long; cut at a word with "..." where one ends near.
std::string shorten_gsm7(std::string_view text, std::size_t most);

}  // namespace vigie
