// Instants in UTC, durations, and every way the outside writes them.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie {

using Duration = std::chrono::microseconds;
using Time = std::chrono::sys_time<Duration>;  // UTC; local time exists only on a page or in a message

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
inline constexpr std::chrono::hours kDay{24};

Time from_epoch(std::int64_t whole_seconds);
std::int64_t to_epoch(Time time);         // whole seconds, rounded down
std::int64_t to_epoch_micros(Time time);
Time from_epoch_micros(std::int64_t micros);

// "2026-11-21T10:00:00Z", with ".123456" only when there is a fraction. Years outside 0..9999 are clamped.
std::string format_rfc3339(Time time);

// Strict RFC 3339 (the zone is required; "t", "z" and " " accepted); bad_data otherwise.
Result<Time> parse_rfc3339(std::string_view text);

// "Sat, 21 Nov 2026 10:00:00 GMT" (RFC 9110), out and in (all three obsolete forms accepted in).
std::string format_http_date(Time time);
Result<Time> parse_http_date(std::string_view text);

// RFC 5322 date of a mail, in UTC: "Sat, 21 Nov 2026 10:00:00 +0000".
std::string format_mail_date(Time time);

// What a source wrote, and how much of it had to be guessed.
struct LooseTime {
  Time time;
  bool zone_assumed = false;  // no zone was written: UTC was taken
};

// Any form seen in feeds and APIs: RFC 822 (two-digit years, wrong or localised day and month names, missing
// seconds or zone, UT, Z, military letters, EST..PDT, "+01:00", 24:00:00), W3C/ISO 8601 with missing
// parts (year only, year-month, ordinal and week dates, basic form), epoch seconds, milliseconds.
// The year must lie in 1970..2200, else bad_data: a date in the year 30000 is a fault, not a date.
Result<LooseTime> parse_loose_time(std::string_view text);

// A source's own format in strptime letters (%Y %m %d %H %M %S %f %z %b %a %T %Z literal text).
Result<Time> parse_time_format(std::string_view text, const std::string& format);

// "90s", "15m", "2h", "7d", "1h30m"; bad_data otherwise, and for a negative or overflowing one.
Result<Duration> parse_duration(std::string_view text);
std::string format_duration(Duration duration);  // the shortest of the forms above, "0s" for nothing

}  // namespace vigie
