// The published numbers of a wall for programs: GET /api/v1/walls/{brand}/numbers.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

// The brand asked about; nothing when the path is another's.
std::optional<std::string> wall_numbers_api_of(std::string_view path);

// {"brand":..,"size":..,"at":..,"numbers":{..}}: what the wall itself shows; size 0 and no numbers before anything was
// added up. gone: there is no such wall.
Result<std::string> wall_numbers_json(const std::string& brand, const Settings& settings, Store& store);

}  // namespace vigie
