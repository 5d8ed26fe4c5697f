#include "alerts/quiet.h"

#include <algorithm>

#include "base/zone.h"

namespace vigie {
namespace {

constexpr int kDayMinutes = 24 * 60;
constexpr int kWeekDays = 7;
constexpr Duration kAhead = 8 * kDay;  // every window of the week begins within

bool crosses_midnight(const WeekWindow& window) { return window.end <= window.start; }

// weekday: 0 Monday .. 6 Sunday
bool has_day(const WeekWindow& window, int weekday) { return (window.days >> weekday & 1U) != 0; }

bool shows(const WeekWindow& window, int weekday, int minute) {
  const int day_before = (weekday + kWeekDays - 1) % kWeekDays;
  if (!crosses_midnight(window)) return has_day(window, weekday) && minute >= window.start && minute < window.end;
  return (has_day(window, weekday) && minute >= window.start) || (has_day(window, day_before) && minute < window.end);
}

int weekday_of(LocalDay day) { return static_cast<int>(std::chrono::weekday(day).iso_encoding()) - 1; }

Result<LocalDay> local_day(Time time, const std::string& zone) {
  TRY(const LocalTime local, to_local(time, zone));
  return day_of(local);
}

std::vector<TimeSpan> joined(std::vector<TimeSpan> found) {
  std::sort(found.begin(), found.end(), [](const TimeSpan& a, const TimeSpan& b) { return a.from < b.from; });
  std::vector<TimeSpan> whole;
  for (const TimeSpan& span : found) {
    if (!whole.empty() && span.from <= whole.back().to)
      whole.back().to = std::max(whole.back().to, span.to);
    else
      whole.push_back(span);
  }
  return whole;
}

}  // namespace

Result<bool> within(const std::vector<WeekWindow>& windows, const std::string& zone, Time now) {
  if (windows.empty()) return false;
  TRY(const LocalTime local, to_local(now, zone));
  const int minute = local.hour * 60 + local.minute;
  return std::any_of(windows.begin(), windows.end(),
                     [&](const WeekWindow& window) { return shows(window, local.weekday - 1, minute); });
}

Result<std::vector<TimeSpan>> spans(const std::vector<WeekWindow>& windows, const std::string& zone, Time from,
                                    Time to) {
  std::vector<TimeSpan> found;
  if (windows.empty() || from >= to) return found;
  TRY(const LocalDay first, local_day(from, zone));
  TRY(const LocalDay last, local_day(to, zone));
  for (LocalDay day = first - std::chrono::days(1); day <= last; day += std::chrono::days(1)) {
    for (const WeekWindow& window : windows) {
      if (!has_day(window, weekday_of(day))) continue;
      const int length_of_days = crosses_midnight(window) ? kDayMinutes : 0;
      TRY(const Time begins, to_instant(day, window.start, zone, Twice::first));
      TRY(const Time ends, to_instant(day, window.end + length_of_days, zone, Twice::second));
      if (begins < ends) found.push_back({begins, ends});  // both in one gap: there are no such hours that day
    }
  }
  found = joined(std::move(found));
  std::erase_if(found, [&](const TimeSpan& span) { return span.to <= from || span.from >= to; });
  return found;
}

Result<std::optional<Time>> end_of_window(const std::vector<WeekWindow>& windows, const std::string& zone, Time now) {
  TRY(const bool inside, within(windows, zone, now));
  if (!inside) return std::optional<Time>();
  for (Duration ahead = kDay;; ahead *= 2) {  // most are over within a day
    TRY(const std::vector<TimeSpan> found, spans(windows, zone, now, now + ahead));
    const auto around = std::find_if(found.begin(), found.end(),
                                     [&](const TimeSpan& span) { return span.from <= now && now < span.to; });
    if (around == found.end()) break;
    if (around->to <= now + ahead) return std::optional<Time>(around->to);
    if (ahead >= kAhead) return std::optional<Time>(now + kAhead);
  }
  return fail(ErrorKind::bug, concat(format_rfc3339(now), " in ", zone, " lies within hours that have no such time"));
}

Result<std::vector<Boundary>> next_boundaries(const std::vector<WeekWindow>& windows, const std::string& zone, Time now,
                                              std::size_t count) {
  const Time horizon = now + kAhead * static_cast<int>(count);
  TRY(const std::vector<TimeSpan> found, spans(windows, zone, now, horizon));
  std::vector<Boundary> boundaries;
  for (const TimeSpan& span : found) {
    if (span.from > now) boundaries.push_back({span.from, true});
    if (span.to < horizon) boundaries.push_back({span.to, false});
  }
  if (boundaries.size() > count) boundaries.resize(count);
  return boundaries;
}

}  // namespace vigie
