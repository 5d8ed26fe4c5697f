// From the file an operator edits to settings that are complete, or a list of everything wrong with it.

#pragma once

#include <string>
#include <vector>

#include "base/http_client.h"
#include "config/settings.h"

namespace vigie {

// What only this folder knows about the other parts: definitions, the brand query language.
Kinds known_kinds();

// bad_config whose text is every problem, a line each.
Result<Settings> load_settings(const std::string& path);

// The same with some values written over: "detect.budget=0.5" (config/override.h). What is wrong with those is told as
// `--set PATH: ...`; the file itself must be in order.
Result<Settings> load_settings(const std::string& path, const std::vector<std::string>& sets);

// The problems of a file as that error.
Error every_problem(const config::Tree& tree);

// The same without the sources that other loops than collect bring in: mailboxes, streams, what is pushed.
Settings only_polled(Settings settings);

HttpOptions http_options(const Settings& settings);

}  // namespace vigie
