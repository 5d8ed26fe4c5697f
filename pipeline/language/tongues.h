// The languages a text is told apart into: the six that vigie reads, and nine groups of neighbours that must not be
// taken for one of them. A group answers with the code of its largest language.

#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace vigie::language {

inline constexpr std::size_t kTongues = 16;
inline constexpr std::size_t kRead = 6;  // the first ones: read, not only told apart

inline constexpr std::array<std::string_view, kTongues> kCodes = {"en", "fr", "de", "es", "it", "pt", "nl", "ca",
                                                                  "ro", "sv", "pl", "tr", "id", "fi", "hi", "other"};

// Place of a language in kCodes, by itself or by its group; "other" for one that has none.
std::size_t tongue_of(std::string_view code);

}  // namespace vigie::language
