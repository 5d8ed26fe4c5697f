// Everything the brand changed because of reviews, at /wall/BRAND/improvements: newest first, each with an anchor.

#pragma once

#include <string>

#include "model/moderation.h"
#include "wall/pages.h"

namespace vigie {

inline constexpr int kImprovementsAPage = 20;

// The page from `number` on, from 1; one past the end shows the last.
Result<Page> improvements_page(const WallView& view, int number, Store& store);

// Where one of them stands: the page it is on today and its anchor.
Result<std::string> improvement_address(const WallView& view, const Improvement& improvement, Store& store);

}  // namespace vigie
