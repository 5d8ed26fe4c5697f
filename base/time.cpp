#include "base/time.h"

#include <fmt/format.h>
#include <charconv>
#include <limits>

namespace vigie {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;

constexpr std::array<std::string_view, 7> kDayNames = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonthNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// What a page or a protocol can write: years 0 to 9999.
Time clamp(Time time) {
  constexpr Time kFirst = sys_days(std::chrono::year(0) / 1 / 1);
  constexpr Time kLast = sys_days(std::chrono::year(10000) / 1 / 1) - Duration(1);
  return std::min(std::max(time, kFirst), kLast);
}

// "Sat, 21 Nov 2026 10:00:00", which two protocols write in front of their zone.
std::string format_internet_date(Time unclamped) {
  const Time time = clamp(unclamped);
  const sys_days day = floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(floor<seconds>(time - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02}", kDayNames[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonthNames[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

struct Unit {
  char letter;
  std::int64_t seconds;
};
constexpr std::array<Unit, 4> kUnits = {{{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}}};

tl::unexpected<Error> bad_duration(std::string_view text) {
  return fail(ErrorKind::bad_data, concat("expected a duration like 90s, 15m, 2h, 7d or 1h30m, found \"", text, "\""));
}

}  // namespace

Time from_epoch(std::int64_t whole_seconds) { return Time(seconds(whole_seconds)); }
std::int64_t to_epoch(Time time) { return floor<seconds>(time).time_since_epoch().count(); }
std::int64_t to_epoch_micros(Time time) { return time.time_since_epoch().count(); }
Time from_epoch_micros(std::int64_t micros) { return Time(Duration(micros)); }

std::string format_rfc3339(Time unclamped) {
  const Time time = clamp(unclamped);
  const sys_days day = floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char buffer[40];
  char* end = fmt::format_to(buffer, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                             static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                             clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) end = fmt::format_to(end, ".{:06}", clock.subseconds().count());
  *end++ = 'Z';
  return std::string(buffer, end);
}

std::string format_http_date(Time time) { return format_internet_date(time) + " GMT"; }
std::string format_mail_date(Time time) { return format_internet_date(time) + " +0000"; }

Result<Duration> parse_duration(std::string_view text) {
  std::int64_t total = 0;
  std::string_view rest = text;
  std::int64_t larger = std::numeric_limits<std::int64_t>::max();  // units come in falling order, each once
  do {
    std::int64_t count = 0;
    const auto [after, error] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
    const char letter = after == rest.data() + rest.size() ? '\0' : *after;
    if (error != std::errc() || count < 0 || rest.front() == '-') return bad_duration(text);
    const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.letter == letter; });
    if (unit == kUnits.end() || unit->seconds >= larger) return bad_duration(text);
    larger = unit->seconds;
    std::int64_t part = 0, micros = 0;
    const bool overflows = __builtin_mul_overflow(count, unit->seconds, &part) ||
                           __builtin_add_overflow(total, part, &total) ||
                           __builtin_mul_overflow(total, std::int64_t{1'000'000}, &micros);
    if (overflows) return bad_duration(text);
    rest.remove_prefix(static_cast<std::size_t>(after - rest.data()) + 1);
  } while (!rest.empty());
  return seconds(total);
}

std::string format_duration(Duration duration) {
  std::int64_t left = std::chrono::round<seconds>(duration).count();
  if (left == 0) return "0s";
  const std::string sign = left < 0 ? "-" : "";
  left = std::abs(left);

  const auto single = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return left % u.seconds == 0; });
  const std::string one_unit = fmt::format("{}{}", left / single->seconds, single->letter);
  std::string several;
  for (const Unit& unit : kUnits) {
    if (left >= unit.seconds) several += fmt::format("{}{}", left / unit.seconds, unit.letter);
    left %= unit.seconds;
  }
  return sign + (one_unit.size() <= several.size() ? one_unit : several);
}

}  // namespace vigie
