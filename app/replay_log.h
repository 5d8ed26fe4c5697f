// A restored database catches up with the log that was published since: with each start, and by hand.

#pragma once

#include <string>

#include "config/settings.h"
#include "store/store.h"
#include "wall/replay.h"

namespace vigie {

// One brand's. `folder`: of the published log; "" = where this installation publishes it.
Result<Replayed> replay_published(const Settings& settings, const std::string& brand, const std::string& folder,
                                  Store& store);

// Every brand's, before anything is received or published; told in the log of the program.
Result<void> replay_published(const Settings& settings, Store& store);

}  // namespace vigie
