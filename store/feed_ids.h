// A feed that gives its items new ids (a moved blog, ids made anew with each poll) must not double them.

#pragma once

#include "base/result.h"
#include "store/driver.h"
#include "store/store.h"

namespace vigie {

// Inside an open transaction, before the batch is written. When more than 80 % of a feed's ids are new while more than
// 80 % of its (link, title) pairs are stored, the stored mentions take the new ids. Returns how many did.
Result<int> follow_changed_ids(Driver& driver, const JudgedBatch& batch);

}  // namespace vigie
