// The language of a text that is already split into words.

#pragma once

#include <string>
#include <string_view>

#include "pipeline/words.h"

namespace vigie {

std::string language_of(const Words& words, std::string_view declared);

}  // namespace vigie
