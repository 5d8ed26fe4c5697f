// The small words six languages are made of: they explain nothing.

#pragma once

#include <string_view>

namespace vigie {

// Of English, French, German, Spanish, Italian or Portuguese; `folded` as words.h folds.
bool is_function_word(std::string_view folded);

}  // namespace vigie
