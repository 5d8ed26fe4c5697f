// A value written over what a file says, by its path: "detect.budget", "rule.storm.at_least" (a table of [[rule]] by
// its id), "route.0.min_severity" (one without an id by its place).

#pragma once

#include <string>
#include <string_view>

#include "config/item.h"

namespace vigie::config {

// What is wrong with the path, or "". Whether the key exists and the value fits is for the reading to find: `value` is
// TOML, or text when it is not TOML.
std::string put(Item& root, std::string_view path, std::string_view value);

}  // namespace vigie::config
