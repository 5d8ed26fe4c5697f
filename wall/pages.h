// What each public page says, as the data its template is filled with and then as HTML. No I/O but the store's.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/wording.h"
#include "config/settings.h"
#include "store/store.h"
#include "wall/frame.h"
#include "wall/log/quorum.h"
#include "wall/view.h"

namespace vigie {

inline constexpr int kReviewsAPage = 20;

struct Page {
  int status = 200;
  std::string html{};
};

// The wall of a brand, or one of its reviews: 404 when there is none of that number, 410 when it was withdrawn, erased
// or has expired. A page past the end shows the last one; a survey or language that is not on this wall is ignored.
Result<Page> wall_page(const WallView& view, WallAddress address, Store& store, const tlog::Quorum& quorum);

// The list of walls.
Result<std::string> home_page(const Settings& settings, Store& store, const Wording& wording);

// A page of one sentence: not found, not allowed, unavailable. `key` is its place in the catalogue.
Result<std::string> message_page(std::string_view title_key, std::string_view key, const Wording& wording);

}  // namespace vigie
