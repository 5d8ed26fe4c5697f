// `vigie detect`: how unusual each value of a numeric series is, as it comes.

#pragma once

#include <istream>
#include <ostream>

namespace vigie {

// stdin  "YYYY-MM-DD HH:MM:SS,value" a line, times not going back; a head line ("timestamp,value") is left out
// stdout one anomaly score 0..1 for each, flushed at once: the caller may wait for it before it sends the next
//
// Returns the exit status: 0, or 2 at the first line that cannot be read.
int detect_series(std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace vigie
