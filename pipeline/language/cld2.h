// CLD2, the library that knows eighty languages: asked where our own model, which knows six well, is unsure.

#pragma once

#include <string>
#include <string_view>

namespace vigie::language {

struct Guess {
  std::string code;       // ISO 639-1, or longer; "" = unknown
  bool reliable = false;  // by its own measure, or nearly all of the text is in it
};

// Of valid UTF-8 that ends between code points: it crashes on text cut inside a character.
Guess ask_cld2(std::string_view text);

}  // namespace vigie::language
