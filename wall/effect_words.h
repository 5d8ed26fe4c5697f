// The measured effect of an improvement, in sentences.

#pragma once

#include <string>
#include <vector>

#include "base/wording.h"
#include "model/moderation.h"

namespace vigie {

// `words`: of the catalogue "moderation". `theme`: its name for readers; "" = none, complaints are left out.
std::vector<std::string> effect_in_words(const Improvement& improvement, const std::string& theme,
                                         const Wording& words);

}  // namespace vigie
