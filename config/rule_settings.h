// One [[rule]] of vigie.toml: which options belong to its kind, and what each means there.

#pragma once

#include <string>
#include <vector>

#include "config/options.h"
#include "config/settings.h"

namespace vigie {

// Its id and brands refer to the rest of the file: the caller reads them. `themes`: ids there are; empty = not known.
RuleSettings read_rule(const config::Options& options, const Kinds& kinds, const std::vector<std::string>& themes);

}  // namespace vigie
