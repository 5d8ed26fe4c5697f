// From the file an operator edits to settings that are complete, or a list of everything wrong with it.

#pragma once

#include <string>

#include "base/http_client.h"
#include "config/settings.h"

namespace vigie {

// What only this folder knows about the other parts: definitions, the brand query language.
Kinds known_kinds();

// bad_config whose text is every problem, a line each.
Result<Settings> load_settings(const std::string& path);

HttpOptions http_options(const Settings& settings);

}  // namespace vigie
