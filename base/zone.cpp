#include "base/zone.h"

#include <exception>

// Debian builds the library so; without it the layout of its types would differ from ours.
#define USE_OS_TZDB 1
#include <date/tz.h>

namespace vigie {
namespace {

// The library throws for an unknown name and for zone files it cannot read; both mean that the name is of no use here.
const date::time_zone* find_zone(const std::string& zone) {
  try {
    return date::locate_zone(zone);
  } catch (const std::exception&) {
    return nullptr;
  }
}

tl::unexpected<Error> unknown(const std::string& zone) {
  return fail(ErrorKind::bad_config,
              concat("time zone \"", zone, "\" is not known here; expected a name like Europe/Paris"));
}

// The library reads the transitions that zone files list, up to 2037, and not the rule that goes on after them. A later
// instant is looked up in a year that has the same calendar.
Time where_listed(Time time) {
  using std::chrono::sys_days;
  constexpr std::chrono::year kLastListed(2036);
  const auto new_year = [](std::chrono::year year) { return sys_days(year / 1 / 1); };
  const std::chrono::year year = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year();
  if (year <= kLastListed) return time;
  const auto same_calendar = [&](std::chrono::year other) {
    return other.is_leap() == year.is_leap() &&
           std::chrono::weekday(new_year(other)) == std::chrono::weekday(new_year(year));
  };
  std::chrono::year like = kLastListed;
  while (!same_calendar(like)) --like;  // 28 years hold every calendar there is
  return time + (new_year(like) - new_year(year));
}

}  // namespace

Result<LocalTime> to_local(Time time, const std::string& zone) {
  const date::time_zone* const found = find_zone(zone);
  if (found == nullptr) return unknown(zone);
  try {
    const Duration offset = found->get_info(std::chrono::floor<seconds>(where_listed(time))).offset;
    const Time local = time + offset;
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<seconds>(local - day));
    LocalTime out;
    out.year = static_cast<int>(date.year());
    out.month = static_cast<int>(static_cast<unsigned>(date.month()));
    out.day = static_cast<int>(static_cast<unsigned>(date.day()));
    out.hour = static_cast<int>(clock.hours().count());
    out.minute = static_cast<int>(clock.minutes().count());
    out.second = static_cast<int>(clock.seconds().count());
    out.weekday = static_cast<int>(std::chrono::weekday(day).iso_encoding());
    out.offset = offset;
    return out;
  } catch (const std::exception& error) {
    return fail(ErrorKind::bug, concat("time zone ", zone, ": ", error.what()));
  }
}

LocalDay day_of(const LocalTime& local) {
  using namespace std::chrono;
  return LocalDay(year(local.year) / local.month / local.day);
}

Result<Time> to_instant(LocalDay day, int minute, const std::string& zone, Twice twice) {
  const date::time_zone* const found = find_zone(zone);
  if (found == nullptr) return unknown(zone);
  try {
    const Time as_if_utc(day.time_since_epoch() + minutes(minute));
    const Time listed = where_listed(as_if_utc);
    const date::local_info info = found->get_info(date::local_seconds(seconds(to_epoch(listed))));
    const bool after = info.result == date::local_info::ambiguous && twice == Twice::second;
    if (info.result == date::local_info::nonexistent) return Time(info.first.end + (as_if_utc - listed));
    return as_if_utc - (after ? info.second.offset : info.first.offset);
  } catch (const std::exception& error) {
    return fail(ErrorKind::bug, concat("time zone ", zone, ": ", error.what()));
  }
}

bool zone_known(const std::string& zone) { return find_zone(zone) != nullptr; }

}  // namespace vigie
