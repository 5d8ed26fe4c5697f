// Local time of a place, for pages, messages and quiet hours. The system's zone files are read (Debian: tzdata).

#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"

namespace vigie {

struct LocalTime {
  int year = 1970, month = 1, day = 1;
  int hour = 0, minute = 0, second = 0;
  int weekday = 4;    // 1 Monday .. 7 Sunday
  Duration offset{};  // local minus UTC
};

// `zone` is an IANA name, "Europe/Paris"; bad_config when the system does not know it.
Result<LocalTime> to_local(Time time, const std::string& zone);

bool zone_known(const std::string& zone);

}  // namespace vigie
