// A wall's newest reviews as an Atom feed (RFC 4287).

#pragma once

#include "base/result.h"
#include "store/store.h"
#include "wall/view.h"

namespace vigie {

inline constexpr int kFeedEntries = 50;

Result<std::string> atom_feed(const WallView& view, Store& store);

}  // namespace vigie
