// Dates in a source's own format, given in strptime letters.

#include "base/text.h"
#include "base/time.h"
#include "base/time_scan.h"

namespace vigie {
namespace {

using namespace time_scan;

constexpr std::string_view kSpaces = " \t\r\n";

// What one pass over a format has gathered. `day_of_year` and the rest are folded into Parts at the end.
struct Gathered {
  Parts parts;
  std::optional<int> day_of_year{};
  std::optional<bool> afternoon{};
  bool twelve_hours = false;
};

bool set(int& target, std::optional<int> value) {
  if (value) target = *value;
  return value.has_value();
}

bool read_two_digit_year(Scanner& in, Parts& parts) {
  const auto year = in.number(2, 2);
  if (year) parts.year = *year + (*year < 70 ? 2000 : 1900);
  return year.has_value();
}

bool read_zone(Scanner& in, Parts& parts) {
  if (in.take('Z')) {
    parts.offset = 0;
  } else if (in.peek() == '+' || in.peek() == '-') {
    parts.offset = read_offset(in);
  } else {
    parts.offset = zone_named(in.word());
  }
  return parts.offset.has_value();
}

bool read_half(Scanner& in, Gathered& out) {
  const std::string half = ascii_lower(in.word());
  if (half != "am" && half != "pm") return false;
  out.afternoon = half == "pm";
  return true;
}

bool read_format(Scanner& in, std::string_view format, Gathered& out);

// The field named by one strptime letter.
bool read_field(Scanner& in, char letter, Gathered& out) {
  Parts& p = out.parts;
  const auto up_to_two = [&] {
    in.skip_any(" ");  // "%e" and friends are padded with a space
    return in.fixed(std::min<std::size_t>(std::max<std::size_t>(in.digits_ahead(), 1), 2));
  };
  switch (letter) {
    case 'Y': return set(p.year, in.fixed(4));
    case 'y': return read_two_digit_year(in, p);
    case 'm': return set(p.month, up_to_two());
    case 'd':
    case 'e': return set(p.day, up_to_two());
    case 'H':
    case 'k': return set(p.hour, up_to_two());
    case 'I':
    case 'l': out.twelve_hours = true; return set(p.hour, up_to_two());
    case 'M': return set(p.minute, up_to_two());
    case 'S': return set(p.second, up_to_two());
    case 'f': return set(p.micro, in.fraction());
    case 'j': out.day_of_year = in.number(1, 3); return out.day_of_year.has_value();
    case 'p':
    case 'P': return read_half(in, out);
    case 'b':
    case 'B':
    case 'h':
      p.month = month_named(in.word());
      in.take('.');
      return p.month != 0;
    case 'a':
    case 'A': {
      const bool known = is_weekday_name(in.word());
      in.take('.');
      return known;
    }
    case 'z':
    case 'Z': return read_zone(in, p);
    case 'T': return read_format(in, "%H:%M:%S", out);
    case 'R': return read_format(in, "%H:%M", out);
    case 'F': return read_format(in, "%Y-%m-%d", out);
    case 'D': return read_format(in, "%m/%d/%y", out);
    case 'n':
    case 't': in.skip_any(kSpaces); return true;
    case '%': return in.take('%');
    default: return false;
  }
}

bool read_format(Scanner& in, std::string_view format, Gathered& out) {  // NOLINT(misc-no-recursion): one level
  for (std::size_t i = 0; i < format.size(); ++i) {
    const char c = format[i];
    if (c == '%' && i + 1 < format.size()) {
      if (!read_field(in, format[++i], out)) return false;
    } else if (kSpaces.find(c) != std::string_view::npos) {
      in.skip_any(kSpaces);
    } else if (!in.take(c)) {
      return false;
    }
  }
  return true;
}

std::optional<Time> assemble(Gathered& read) {
  Parts& p = read.parts;
  if (read.twelve_hours) {
    if (p.hour < 1 || p.hour > 12) return std::nullopt;
    p.hour = p.hour % 12 + (read.afternoon.value_or(false) ? 12 : 0);
  }
  if (!read.day_of_year) return to_time(p);
  p.month = p.day = 1;
  const std::optional<Time> first = to_time(p);
  const int last = std::chrono::year(p.year).is_leap() ? 366 : 365;
  if (!first || *read.day_of_year < 1 || *read.day_of_year > last) return std::nullopt;
  return *first + kDay * (*read.day_of_year - 1);
}

}  // namespace

Result<Time> parse_time_format(std::string_view text, const std::string& format) {
  Scanner in(trim(text));
  Gathered read;
  const std::optional<Time> time = read_format(in, format, read) && in.done() ? assemble(read) : std::nullopt;
  if (!time) {
    return fail(ErrorKind::bad_data,
                concat("expected a date in the format ", format, ", found \"", shorten(text, 60), "\""));
  }
  return *time;
}

}  // namespace vigie
