// What people complain about: a taxonomy of words per language, in config/themes/*.toml.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vigie {

struct ThemesFound {
  std::vector<std::string> themes;  // taxonomy ids, sorted
  std::vector<std::string> cues;    // severity cues, sorted
};

// Accent-blind, case-blind; words of every shipped language are tried (themes must survive a wrong language).
ThemesFound find_themes(std::string_view text);

// The taxonomy's ids in their fixed order; position = bit in detector state.
const std::vector<std::string>& theme_ids();

}  // namespace vigie
