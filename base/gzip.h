// gzip, for pages that are worth it.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vigie {

// Whether an Accept-Encoding value takes gzip ("gzip;q=0" does not).
bool accepts_gzip(std::string_view accept_encoding);

// `bytes` as a gzip stream, or nothing when that is not smaller.
std::optional<std::string> gzip(std::string_view bytes);

}  // namespace vigie
