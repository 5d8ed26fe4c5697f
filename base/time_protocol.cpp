// Dates as protocols define them: RFC 3339, HTTP, and a source's own format.

#include <array>

#include "base/text.h"
#include "base/time.h"
#include "base/time_scan.h"

namespace vigie {
namespace {

using namespace time_scan;

tl::unexpected<Error> bad_date(std::string_view expected, std::string_view text) {
  return fail(ErrorKind::bad_data, concat("expected ", expected, ", found \"", shorten(text, 60), "\""));
}

// "10:00:00", two digits each.
bool read_clock(Scanner& in, Parts& parts) {
  const auto hour = in.fixed(2);
  const auto minute = hour && in.take(':') ? in.fixed(2) : std::nullopt;
  const auto second = minute && in.take(':') ? in.fixed(2) : std::nullopt;
  if (!second || *hour > 23) return false;
  parts.hour = *hour;
  parts.minute = *minute;
  parts.second = *second;
  return true;
}

// RFC 9110 section 5.6.7 gives two-digit years fifty years of future; without a clock the pivot is fixed as in POSIX.
int full_year(int two_digits) { return two_digits + (two_digits < 70 ? 2000 : 1900); }

bool read_month(Scanner& in, Parts& parts) {
  parts.month = month_named(in.word());
  return parts.month != 0;
}

// "06 Nov 1994 08:49:37 GMT", "06-Nov-94 08:49:37 GMT", after the name of the day.
bool read_day_first(Scanner& in, Parts& parts) {
  const auto day = in.number(1, 2);
  if (!day || !in.skip_any("- ") || !read_month(in, parts) || !in.skip_any("- ")) return false;
  const std::size_t digits = in.digits_ahead();
  const auto year = digits == 2 || digits == 4 ? in.fixed(digits) : std::nullopt;
  if (!year || !in.skip_any(" ") || !read_clock(in, parts)) return false;
  parts.day = *day;
  parts.year = digits == 2 ? full_year(*year) : *year;
  in.skip_any(" ");
  return in.take(std::string_view("GMT")) || in.take(std::string_view("UTC"));
}

// "Nov  6 08:49:37 1994", after the name of the day.
bool read_asctime(Scanner& in, Parts& parts) {
  if (!read_month(in, parts) || !in.skip_any(" ")) return false;
  const auto day = in.number(1, 2);
  if (!day || !in.skip_any(" ") || !read_clock(in, parts) || !in.skip_any(" ")) return false;
  const auto year = in.number(4, 4);
  if (!year) return false;
  parts.day = *day;
  parts.year = *year;
  return true;
}

}  // namespace

Result<Time> parse_rfc3339(std::string_view text) {
  constexpr std::string_view kExpected = "a date like 2026-11-21T10:00:00Z";
  Scanner in(text);
  Parts parts;
  const auto year = in.fixed(4);
  const auto month = year && in.take('-') ? in.fixed(2) : std::nullopt;
  const auto day = month && in.take('-') ? in.fixed(2) : std::nullopt;
  if (!day || !(in.take('T') || in.take('t') || in.take(' ')) || !read_clock(in, parts))
    return bad_date(kExpected, text);
  parts.year = *year;
  parts.month = *month;
  parts.day = *day;
  if (in.take('.')) {
    const auto micro = in.fraction();
    if (!micro) return bad_date(kExpected, text);
    parts.micro = *micro;
  }
  if (in.take('Z') || in.take('z')) {
    parts.offset = 0;
  } else {
    // Exactly "+hh:mm": what the loose reader forgives is refused here.
    const bool exact = in.rest().size() == 6 && in.peek(3) == ':';
    parts.offset = exact ? read_offset(in) : std::nullopt;
  }
  const std::optional<Time> time = parts.offset && in.done() ? to_time(parts) : std::nullopt;
  if (!time) return bad_date(kExpected, text);
  return *time;
}

Result<Time> parse_http_date(std::string_view text) {
  Scanner in(trim(text));
  Parts parts;
  const bool day_named = is_weekday_name(in.word());
  const bool comma = in.take(',');
  in.skip_any(" ");
  const bool read = day_named && (comma ? read_day_first(in, parts) : read_asctime(in, parts));
  const std::optional<Time> time = read && in.done() ? to_time(parts) : std::nullopt;
  if (!time) return bad_date("a date like Sat, 21 Nov 2026 10:00:00 GMT", text);
  return *time;
}

}  // namespace vigie
