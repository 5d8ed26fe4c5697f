// How walls are run and what is asked of customers: [wall] and [[survey]].

#pragma once

#include "config/node.h"
#include "config/settings.h"

namespace vigie {

// Once brands and endpoints stand in `settings`.
void read_wall(const config::Node& root, Settings& settings);

}  // namespace vigie
