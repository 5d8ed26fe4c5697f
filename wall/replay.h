// After a backup was put back: the log that was published since knows what the restored rows do not. Its entries are
// taken over, so that no second history is signed, and what was erased, withdrawn or decided meanwhile is done again.

#pragma once

#include <string>
#include <vector>

#include "store/store.h"
#include "wall/log/note.h"
#include "wall/log/tiles.h"

namespace vigie {

struct Replayed {
  std::int64_t entries = 0;  // taken over
  std::int64_t erased = 0;   // reviews whose content was destroyed again
  // What the rows do not have and the log cannot give back: contents received after the backup. A line each.
  std::vector<std::string> lost{};
};

// Nothing happens when the log has nothing that the store does not. denied: the published log is not signed by `keys`,
// or is another history than the store's.
Result<Replayed> replay_log(tlog::Files& published, const std::string& brand,
                            const std::vector<tlog::VerifierKey>& keys, Store& store);

}  // namespace vigie
