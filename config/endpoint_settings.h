// One [[endpoint]] of vigie.toml: what its kind needs (config/endpoint_kinds.h), and whether each value looks like one.

#pragma once

#include <vector>

#include "config/options.h"
#include "config/settings.h"

namespace vigie {

// All but what refers to the rest of the file (id, person, fallback, and what is borrowed from the person).
// mail: whether the file names a mail server.
EndpointSettings read_endpoint(const config::Options& options, bool mail);

// Problems where one endpoint stands in for another that in the end stands in for it. The endpoints of `nodes`, in
// their order.
void check_fallbacks(const std::vector<config::Node>& nodes, const std::vector<EndpointSettings>& endpoints);

}  // namespace vigie
