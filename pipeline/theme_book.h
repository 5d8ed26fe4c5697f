// The taxonomy over a text that is already split into words.

#pragma once

#include "pipeline/themes.h"
#include "pipeline/words.h"

namespace vigie {

ThemesFound find_themes(const Words& words);

}  // namespace vigie
