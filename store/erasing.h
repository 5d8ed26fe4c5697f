// Taking text and author out of a stored mention: its author deleted it, or the source's terms end.

#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "store/driver.h"

namespace vigie {

enum class Erasure {
  deleted,  // at its source: the address goes too, and it is shown nowhere
  expired,  // kept as long as allowed: link, rating, times and what was thought of it stay
};

struct ErasedMention {
  std::int64_t seq = 0;
  std::string_view title, text;  // as indexed; both "" when their words are in no index
};

// Inside an open transaction. What stays are anonymous numbers; words, versions and fingerprints go.
Result<void> erase_mention(Driver& driver, const ErasedMention& mention, Erasure erasure);

}  // namespace vigie
