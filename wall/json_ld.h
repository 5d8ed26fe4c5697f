// What a wall's page tells search engines (schema.org), and no more than it may: a brand's own page gets no stars for
// the brand itself, whoever collected them, so an organisation's wall is a page about a brand and says no rating. Where
// everything rated on the wall is one product, the page is about that product, with the numbers shown on it.

#pragma once

#include <string>
#include <vector>

#include "model/review.h"
#include "wall/numbers.h"
#include "wall/view.h"

namespace vigie {

// The product that all reviews of this wall are about: each of its surveys asks about the same one, with stars, and
// nothing else is collected. "" = none.
std::string product_of(const Settings& settings, const BrandSettings& brand);

// One JSON-LD object, safe inside <script>. `reviews`: those on the page.
std::string json_ld(const WallView& view, const WallStanding& standing, const std::vector<Review>& reviews);

}  // namespace vigie
