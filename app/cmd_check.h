// `vigie check`: every problem of a configuration at once, each with its place.

#pragma once

#include <ostream>
#include <string>

namespace vigie {

// One line a problem, FILE:LINE:COL: path: expected X, found Y, in the order of the file; nothing when there is none.
// The definitions that a configuration names by path are checked with it. Returns the exit status: 0, or 2 when there
// is any problem.
int cmd_check(const std::string& path, std::ostream& out);

}  // namespace vigie
