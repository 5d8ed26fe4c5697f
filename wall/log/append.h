// From what happened to an entry that can be appended.

#pragma once

#include "base/clock.h"
#include "model/logged.h"
#include "wall/log/leaf.h"

namespace vigie::tlog {

// On a small wall a rating and an exact hour could single a person out: below this many reviews a day, the day alone is
// told.
inline constexpr std::int64_t kSmallWall = 20;
Duration grain_of(std::int64_t reviews_a_day);  // a day, or an hour

// `now` floored to `grain`, but never before the entry above: a clock set back writes the last time again.
std::int64_t leaf_time(Time now, Duration grain, std::int64_t not_before);

// `once`: see model/logged.h. The clock must outlive the appending.
LeafToAppend leaf_to_append(LeafBody body, const Clock& clock, Duration grain, std::string once = "");

}  // namespace vigie::tlog
