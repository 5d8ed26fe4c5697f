// The small words each language is made of: they tell languages apart, and explain nothing.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace vigie {

enum class Tongue : std::uint8_t { en, fr, de, es, it, pt };
inline constexpr std::array<std::string_view, 6> kTongues = {"en", "fr", "de", "es", "it", "pt"};

// Bit i: a small word of kTongues[i]; 0 = of none. `folded` as words.h folds.
std::uint8_t tongues_of(std::string_view folded);

inline bool is_function_word(std::string_view folded) { return tongues_of(folded) != 0; }

}  // namespace vigie
