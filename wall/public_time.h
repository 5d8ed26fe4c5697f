// When something happened, as coarsely as it may be public.

#pragma once

#include <string>

#include "base/time.h"

namespace vigie {

// The day it fell on. The log floors its times to the hour or, on a wall with few reviews, to the day: a day is never
// finer than either, so that no page says more of who wrote when than the log does.
inline Time public_time(Time exact) { return std::chrono::floor<std::chrono::days>(exact); }
inline std::string public_day(Time exact) { return format_rfc3339(exact).substr(0, 10); }  // "2026-11-21"

}  // namespace vigie
