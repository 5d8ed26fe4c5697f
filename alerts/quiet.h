// Hours of the week on the clocks of a zone: quiet hours, hours of duty, the time for drills. Pure.
//
// Whether an instant lies within is asked of what the clocks show at that instant, which is always defined. Where such
// hours begin and end as instants follows from base/zone.h: they begin with the first of two equal times and end with
// the second, and a time that clocks skip counts as the first instant after the gap.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/settings.h"

namespace vigie {

// Half-open, as windows are.
struct TimeSpan {
  Time from{}, to{};
  bool operator==(const TimeSpan&) const = default;
};

// bad_config for an unknown zone, as for all below.
Result<bool> within(const std::vector<WeekWindow>& windows, const std::string& zone, Time now);

// The times of the windows that touch [from, to), those that meet joined, in order; not cut to it.
Result<std::vector<TimeSpan>> spans(const std::vector<WeekWindow>& windows, const std::string& zone, Time from,
                                    Time to);

// When the hours that `now` lies in are over; nothing when it lies in none. Hours without an end come back as eight
// days ahead: whoever waits for them asks again then.
Result<std::optional<Time>> end_of_window(const std::vector<WeekWindow>& windows, const std::string& zone, Time now);

struct Boundary {
  Time at{};
  bool begins = false;
};

// The next `count` beginnings and ends after `now`, for people to look at; fewer when there are none within eight days
// for each.
Result<std::vector<Boundary>> next_boundaries(const std::vector<WeekWindow>& windows, const std::string& zone, Time now,
                                              std::size_t count = 3);

}  // namespace vigie
