// What search engines find: walls, methods, improvements and every review at its own address (sitemaps.org). A wall of
// more reviews than fit one file is told in parts, which the first file names.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

// A sitemap file may name 50,000 addresses; each review has one in each language.
inline constexpr int kReviewsAFile = 10'000;

// wall: "" = everything, when it fits one file, else the index of the parts. `after`: a review's number; the part
// behind it. "" when there is no such wall.
Result<std::string> sitemap(const Settings& settings, std::string_view wall, std::string_view after, Store& store);

std::string robots_text(const Settings& settings);

}  // namespace vigie
