// Characters as tokenizers sort them. They follow Unicode's own classes, which are not quite those of pipeline/words.h:
// a vocabulary is only of use with the classes it was made with.

#pragma once

#include <unicode/utypes.h>
#include <string>
#include <string_view>

namespace vigie::tokenizer {

bool is_space(UChar32 c);
bool is_control(UChar32 c);      // control, format, private use; never tab or line breaks
bool is_punctuation(UChar32 c);  // every ASCII sign, and Unicode's punctuation
bool is_word(UChar32 c);         // \w: letters, marks, decimal digits, connectors
bool is_letter(UChar32 c);
bool is_number(UChar32 c);
bool is_accent(UChar32 c);  // a nonspacing mark
bool is_han(UChar32 c);     // an ideograph of the blocks that BERT knows

void append(std::string& out, UChar32 c);

// Calls `each(code point, its bytes)` along `text`, which must be valid UTF-8.
template <class Each>
void for_each_character(std::string_view text, Each each);

UChar32 next_character(std::string_view text, std::size_t& at);

template <class Each>
void for_each_character(std::string_view text, Each each) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const UChar32 c = next_character(text, at);
    each(c, text.substr(begin, at - begin));
  }
}

}  // namespace vigie::tokenizer
