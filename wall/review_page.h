// One review at the address that is its own for good: as it stands on the wall with its history, or what became of it.

#pragma once

#include "wall/pages.h"

namespace vigie {

// 404: no review has that number. 410: it was withdrawn, erased or has expired; nothing of its content is told.
// A refused, hidden or waiting one is told of without content, with the reason.
Result<Page> review_page(const WallView& view, std::int64_t leaf, Store& store);

// What every page of a wall says of it: heading, who runs it, how it is checked and ordered, where the method stands.
void write_head(json::Writer& out, const WallView& view);

}  // namespace vigie
