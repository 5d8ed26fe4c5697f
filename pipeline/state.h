// What detector and rules save: a version in words, a checksum, the bytes; and the names of their signals.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie {

std::string seal_state(std::string_view version, std::string_view bytes);

// The bytes again. bad_data, naming `whose` state it is, when it is of another version or damaged.
Result<std::string_view> open_state(std::string_view version, std::string_view state, std::string_view whose);

// A signal's id: 16 hex of a hash of what makes it the one it is.
std::string signal_id(std::string_view key);

}  // namespace vigie
