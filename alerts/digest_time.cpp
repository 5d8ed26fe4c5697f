// When a digest is due, on the clocks of the person who reads it.

#include <algorithm>

#include "alerts/digest.h"
#include "base/zone.h"

namespace vigie {
namespace {

constexpr int kWeekDays = 7;

// The last time that clocks showed a whole hour.
Result<std::optional<TimeSpan>> last_hour(const PersonSettings& person, Time now) {
  TRY(const LocalTime local, to_local(now, person.time_zone));
  const Time hour = std::chrono::floor<seconds>(now) - minutes(local.minute) - seconds(local.second);
  return TimeSpan{hour - hours(1), hour};
}

Result<std::optional<TimeSpan>> last_daily(const PersonSettings& person, Time now) {
  TRY(const LocalTime local, to_local(now, person.time_zone));
  std::vector<Time> times;
  for (int back = 2; back >= 0; --back) {
    for (const int minute : person.digest_at) {
      TRY(const Time at, to_instant(day_of(local) - std::chrono::days(back), minute, person.time_zone, Twice::first));
      if (at <= now) times.push_back(at);
    }
  }
  std::sort(times.begin(), times.end());
  if (times.size() < 2) return std::nullopt;
  return TimeSpan{times[times.size() - 2], times.back()};
}

Result<std::optional<TimeSpan>> last_weekly(const PersonSettings& person, Time now) {
  if (person.digest_at.empty()) return std::nullopt;
  TRY(const LocalTime local, to_local(now, person.time_zone));
  const LocalDay monday = day_of(local) - std::chrono::days(local.weekday - 1);
  const auto on = [&](int weeks_back) {
    return to_instant(monday - std::chrono::days(weeks_back * kWeekDays), person.digest_at.front(), person.time_zone,
                      Twice::first);
  };
  TRY(const Time this_week, on(0));
  TRY(const Time week_before, on(1));
  if (this_week <= now) return TimeSpan{week_before, this_week};
  TRY(const Time two_before, on(2));
  return TimeSpan{two_before, week_before};
}

Result<std::optional<TimeSpan>> last_regular(const PersonSettings& person, Time now) {
  if (person.digest == "hourly") return last_hour(person, now);
  if (person.digest == "daily") return last_daily(person, now);
  if (person.digest == "weekly") return last_weekly(person, now);
  return std::nullopt;
}

}  // namespace

Result<std::optional<DigestTime>> last_digest(const PersonSettings& person, Time now, bool after_quiet) {
  TRY(std::optional<TimeSpan> regular, last_regular(person, now));
  if (!regular) return std::nullopt;
  TRY(const bool quiet, within(person.quiet, person.time_zone, now));
  if (quiet) return std::nullopt;
  TRY(const std::optional<Time> later, end_of_window(person.quiet, person.time_zone, regular->to));
  if (later) regular->to = std::min(*later, now);
  if (after_quiet) {
    TRY(const std::vector<TimeSpan> nights, spans(person.quiet, person.time_zone, now - kWeekDays * kDay, now));
    if (!nights.empty() && nights.back().to <= now && nights.back().to > regular->to)
      return DigestTime{nights.back(), false};
  }
  return DigestTime{*regular, true};
}

}  // namespace vigie
