// Addresses of endpoints that this program would refuse to call: said by `vigie check`, before the first alarm finds
// out.

#pragma once

#include <string>
#include <vector>

#include "config/node.h"
#include "config/settings.h"

namespace vigie {

// "vigie.toml:12:7: endpoint[0].url: ...", one a line; none when all may be called. What a name resolves to is not
// asked.
std::vector<std::string> refused_addresses(const config::Node& root, const Settings& settings);

}  // namespace vigie
