// The time at which a form was made, sealed into it: who sends it back sooner than a person can fill it in is a
// program.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace vigie {

std::string make_stamp(std::string_view key, Time now);  // never the same twice
// Nothing when this key did not make it.
std::optional<Time> read_stamp(std::string_view key, std::string_view stamp);

}  // namespace vigie
