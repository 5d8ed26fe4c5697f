// Plain text for a mail: lines of a readable width, and a curve without a picture.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vigie {

// `text` after `first`, broken at spaces before 76 characters; the lines that follow begin with as many spaces.
// No-break spaces do not break.
std::string wrapped(std::string_view first, std::string_view text);

// `label`, then spaces up to `width` characters.
std::string padded(std::string_view label, std::size_t width);

// One of ▁▂▃▄▅▆▇█ per value, the highest value full; "" for none.
std::string sparkline(const std::vector<double>& values);

}  // namespace vigie
