// `vigie doctor`: what works and what does not, in words, without changing anything.

#pragma once

#include <iosfwd>
#include <string>

namespace vigie {

// One line a finding: "ok", "warn" or "FAIL", what was looked at, what was found, what to do. Exit status 1 when
// anything fails.
int cmd_doctor(const std::string& config, std::ostream& out);

}  // namespace vigie
