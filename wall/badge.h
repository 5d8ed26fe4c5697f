// A wall's badge: an SVG image without script, for any page that can show an image.

#pragma once

#include <string>

#include "base/result.h"
#include "base/wording.h"
#include "config/settings.h"
#include "wall/numbers.h"

namespace vigie {

inline constexpr std::size_t kMostBadgeBytes = 3 * 1024;

// `w`: the catalogue "embed". Its numbers are also in `data-` attributes, for programs.
Result<std::string> badge(const BrandSettings& brand, const WallStanding& standing, const Wording& w);

}  // namespace vigie
