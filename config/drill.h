// The weekly test message of an endpoint, found again by what it is about. Pure.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/settings.h"

namespace vigie {

struct Drill {
  std::string week;  // the day of its Monday on the endpoint's clocks, counted from 1970
  std::string id;    // of the notification
};

// This week's and those before it, newest first. bad_config for an unknown zone.
Result<std::vector<Drill>> drills(const EndpointSettings& endpoint, Time now, int weeks);

}  // namespace vigie
