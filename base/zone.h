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

// A day of a calendar on the wall, which begins at different instants in different zones.
using LocalDay = std::chrono::local_days;
LocalDay day_of(const LocalTime& local);

// Which of the two instants is meant when clocks that were put back show a time twice.
enum class Twice { first, second };

// The instant at which clocks in `zone` show so many minutes after the midnight that `day` begins with; a day holds
// 1440 of them on its clocks, more lead into the next. Of a time that is left out because clocks are put forward: the
// first instant after the gap. bad_config for an unknown zone.
Result<Time> to_instant(LocalDay day, int minute, const std::string& zone, Twice twice);

}  // namespace vigie
