// Fields of a JSON object that may be absent or null, read into a struct; only model/*.cpp include this.
// Each returns bad_data naming the field when it holds something else.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace vigie {

Result<void> read_text(const json::Value& from, std::string_view path, std::string& into);
Result<void> read_scalar(const json::Value& from, std::string_view path, std::string& into);  // an id may be a number
Result<void> read_integer(const json::Value& from, std::string_view path, std::optional<std::int64_t>& into);
Result<void> read_boolean(const json::Value& from, std::string_view path, std::optional<bool>& into);

// Any form of a date; `zone_assumed` becomes true when none was written.
Result<void> read_time(const json::Value& from, std::string_view path, std::optional<Time>& into, bool& zone_assumed);

// A time we wrote ourselves, RFC 3339; required.
Result<Time> own_time(const json::Value& from, std::string_view path);

}  // namespace vigie
