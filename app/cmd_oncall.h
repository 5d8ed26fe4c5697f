// `vigie oncall`: who is on call, until when, who comes next, and when nobody will be.

#pragma once

#include <ostream>
#include <string>

#include "base/clock.h"
#include "config/settings.h"

namespace vigie {

struct OnCallRequest {
  std::string config = "vigie.toml";
  std::string schedule{};  // id; "" = all of them
  std::string at{};        // a time (RFC 3339); now when empty
};

// The answer is no where nobody is on call in one of those asked for.
int oncall(const OnCallRequest& request, const Settings& settings, const Clock& clock, std::ostream& out,
           std::ostream& err);
int cmd_oncall(const OnCallRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
