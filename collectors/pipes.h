// What a pipe of the path language does to what was found: html, unescape, markdown, bbcode, slack, lang, time, near,
// number, string, add, scale, enum, lower, last, split, join, sum, path, urlencode.

#pragma once

#include "base/result.h"
#include "collectors/path.h"

namespace vigie::definition {

// bad_config for an unknown pipe, one that is not in this version, and wrong arguments.
Result<void> check_pipe(const Pipe& pipe);

// bad_data when the datum makes no sense to it. The pipe has passed check_pipe, the datum is not empty.
Result<Datum> apply_pipe(const Pipe& pipe, Datum datum);

// Exact to the microsecond: "1486486580.123456" is not read through a double. bad_data outside 1970..2200.
Result<Time> time_from_number(std::string_view digits, std::int64_t units_per_second);

}  // namespace vigie::definition
