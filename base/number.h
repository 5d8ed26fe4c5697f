// Numbers that the outside wrote as text.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vigie {

// The number that the whole text is, without blanks or a plus sign; nothing when it is none or does not fit.
std::optional<std::int64_t> whole_number(std::string_view text);
std::optional<double> real_number(std::string_view text);  // finite

}  // namespace vigie
