// Text as people see it: cut between what they take for letters, and kept from running over its neighbours.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vigie {

// At most `count` grapheme clusters (UAX 29), with "…" when anything was cut: a family emoji or a flag is whole or not
// there at all.
std::string first_graphemes(std::string_view text, std::size_t count);

// The text as it may stand on a page: of a run of combining marks no more than 8 are kept (more would be drawn over the
// lines above), and no control characters but newline and tab. Nothing else changes; what is stored stays as it came.
std::string displayable(std::string_view text);

}  // namespace vigie
