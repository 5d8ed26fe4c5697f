// A survey's poster: a QR code that opens it at one place, as SVG, with the address in words below.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie {

// A4 upright, black on white, no script, no font of its own. bad_data: an address too long for a code that phones read.
Result<std::string> poster_svg(std::string_view url, std::string_view question, std::string_view lang);

}  // namespace vigie
