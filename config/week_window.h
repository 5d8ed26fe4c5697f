// Hours of the week as people write them: "22:00-07:00", "Sat,Sun 00:00-24:00", "Mon-Fri 18:30-09:00".

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "config/settings.h"

namespace vigie {

// bad_data with what was expected. Days in English, any case, three letters or whole; none = every day; a range may go
// over the end of the week. An end that is not behind the start belongs to the next day; the same time twice is
// refused, a whole day is "00:00-24:00".
Result<WeekWindow> parse_week_window(std::string_view text);
std::string format_week_window(const WeekWindow& window);

// "08:30" as minutes after midnight; bad_data for anything else. "24:00" only where `end` is asked for.
Result<int> parse_day_time(std::string_view text, bool end = false);
std::string format_day_time(int minute);

}  // namespace vigie
