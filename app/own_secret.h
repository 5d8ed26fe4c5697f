// Secrets that an installation makes for itself: made once, kept in its data folder for its own user alone.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "config/settings.h"

namespace vigie {

// 32 random bytes kept in <data>/<name>.key. Two processes that start together get the same ones. denied when the
// folder cannot be written, bad_config when the file holds something else.
Result<std::string> own_secret(const Settings& settings, std::string_view name);

}  // namespace vigie
