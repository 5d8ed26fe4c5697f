// Appending to a wall's log inside a transaction that is open already, so that a review and its entry are committed
// together or not at all.

#pragma once

#include <string>
#include <vector>

#include "model/logged.h"
#include "store/driver.h"

namespace vigie {

// The entries' places, in order. bad_data when one is empty, larger than 65,535 bytes or earlier than the one above it:
// then the whole transaction must be rolled back.
Result<std::vector<AppendedLeaf>> append_to_log(Driver& driver, const std::string& wall,
                                                const std::vector<LeafToAppend>& leaves);

}  // namespace vigie
