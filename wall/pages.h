// What each public page says, as the data its template is filled with and then as HTML. No I/O but the store's.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/page.h"
#include "base/result.h"
#include "base/wording.h"
#include "config/settings.h"
#include "store/store.h"
#include "wall/address.h"

namespace vigie {

inline constexpr int kReviewsAPage = 20;

// The sources whose reviews stand on this brand's wall, in the order of the settings.
std::vector<std::string> wall_sources(const Settings& settings, std::string_view brand);

// The wall of a brand. `address.source` that is not on this wall is ignored; a page past the end shows the last one.
Result<std::string> wall_page(const Settings& settings, const BrandSettings& brand, WallAddress address, Store& store,
                              const Wording& wording);

// The list of walls.
Result<std::string> home_page(const Settings& settings, Store& store, const Wording& wording);

// A page of one sentence: not found, not allowed, unavailable. `key` is its place in the catalogue.
Result<std::string> message_page(std::string_view title_key, std::string_view key, const Wording& wording);

// The shipped style sheet and icon, in this order.
const std::vector<Asset>& wall_assets();

}  // namespace vigie
