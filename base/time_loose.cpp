// Dates as the outside really writes them. Two readers share one clock reader: year first (W3C, ISO 8601, Asian
// forms) and word by word (RFC 822 with everything wrong, asctime, dates for people). Forms: SOURCES 3.1, and what the
// test suites of feed parsers hold.

#include <array>

#include "base/text.h"
#include "base/time.h"
#include "base/time_scan.h"

namespace vigie {
namespace {

using namespace time_scan;

constexpr std::size_t kLongestDate = 100;  // bytes; real ones stay under 60
constexpr std::string_view kSeparators = " ,.;/-\t\r\n'_";
constexpr int kFirstYear = 1970, kLastYear = 2200;

// A date being read. A field counts once it was found.
struct Guess {
  Parts parts;
  bool year = false, month = false, day = false, clock = false;
  bool month_maybe_weekday = false;  // "mar" was read, which is Tuesday in French and Spanish
  bool day_month_open = false;       // "3/4/2026": which is which depends on what follows
  std::optional<bool> afternoon{};
  int unknown_words = 0;
};

tl::unexpected<Error> not_a_date(std::string_view text) {
  return fail(ErrorKind::bad_data, concat("expected a date, found \"", shorten(to_valid_utf8(text), 60), "\""));
}

bool in_range(Time time) {
  constexpr Time kFrom = std::chrono::sys_days(std::chrono::year(kFirstYear) / 1 / 1);
  constexpr Time kTo = std::chrono::sys_days(std::chrono::year(kLastYear + 1) / 1 / 1);
  return time >= kFrom && time < kTo;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<bool> afternoon_named(std::string_view word) {
  if (iequals(word, "am") || is_one_of(word, {"오전", "午前", "上午"})) return false;
  if (iequals(word, "pm") || is_one_of(word, {"오후", "午後", "下午"})) return true;
  return std::nullopt;
}

// Words that stand between the parts of a date in prose.
bool is_filler(std::string_view word) {
  constexpr auto kFillers =
      std::to_array<std::string_view>({"de", "del", "of", "the", "at", "le", "la", "el", "um", "uhr", "den", "der",
                                       "on", "st",  "nd", "rd",  "th", "er", "à",  "a",  "às", "og",  "t",   "om"});
  return std::any_of(kFillers.begin(), kFillers.end(), [&](std::string_view f) { return iequals(word, f); });
}

int full_year(int year, std::size_t digits) {
  if (digits == 2) return year + (year < 70 ? 2000 : 1900);
  return digits == 3 ? year + 1900 : year;  // RFC 5322 section 4.3
}

// "10:00", "10:00:00.5", "9:05", "10h30", and from 'T' on also "10", "1000", "100000".
bool read_clock(Scanner& in, Guess& g, bool basic_form) {
  const std::size_t digits = in.digits_ahead();
  const bool basic = basic_form && (digits == 2 || digits == 4 || digits == 6) && in.peek(digits) != ':';
  const auto hour = basic ? in.fixed(2) : in.number(1, 2);
  if (!hour) return false;
  g.parts.hour = *hour;
  if (basic) {
    if (digits >= 4) g.parts.minute = *in.fixed(2);
    if (digits == 6) g.parts.second = *in.fixed(2);
  } else {
    if (!in.take(':') && !in.take('h') && !in.take('H')) return false;
    const auto minute = in.number(1, 2);
    if (!minute) return false;
    g.parts.minute = *minute;
    if (in.take(':')) {
      const auto second = in.number(1, 2);
      if (!second) return false;
      g.parts.second = *second;
    }
  }
  const bool point = (in.peek() == '.' || in.peek() == ',') && in.peek(1) >= '0' && in.peek(1) <= '9';
  if (point) {
    in.skip();
    g.parts.micro = in.fraction().value_or(0);
  }
  g.clock = true;
  return true;
}

// "(CET)", "[Europe/Paris]": a comment. Its zone counts when no other was given.
void read_comment(Scanner& in, Guess& g) {
  const char close = in.peek() == '(' ? ')' : ']';
  in.skip();
  Scanner inside = in;
  if (g.clock && !g.parts.offset) g.parts.offset = zone_named(inside.word());
  while (!in.done() && !in.take(close)) in.skip();
}

// A sign after the clock begins an offset; "GMT+1" adds it to the zone named before.
bool read_signed_offset(Scanner& in, Guess& g) {
  const std::optional<int> offset = read_offset(in);
  if (offset) g.parts.offset = *offset;
  return offset.has_value();
}

bool read_word(Scanner& in, Guess& g) {
  const std::string_view word = in.word();
  if (const auto half = afternoon_named(word)) {
    g.afternoon = half;
    return true;
  }
  if ((iequals(word, "a") || iequals(word, "p")) && in.rest().starts_with(".m")) {
    g.afternoon = iequals(word, "p");
    in.skip(2);
    return true;
  }
  if (const int month = g.clock && g.month ? 0 : month_named(word); month != 0 && (!g.month || g.month_maybe_weekday)) {
    g.parts.month = month;
    g.month_maybe_weekday = !g.month && is_weekday_name(word);
    g.month = true;
    return true;
  }
  if (g.clock) {
    if (const auto zone = zone_named(word); zone && !g.parts.offset) {
      g.parts.offset = zone;
      return true;
    }
  }
  if (is_weekday_name(word) || is_filler(word)) return true;
  // A day in a language not known here may come first, a zone not known here after the clock.
  constexpr int kUnknownWords = 2;
  const bool first = !g.day && !g.month && !g.year && !g.clock;
  return (first || g.clock) && ++g.unknown_words <= (first ? 1 : kUnknownWords);
}

// "21/11/2026", "21.11.2026", "11-21-2026": the year last, in four digits; with two it could be anything.
bool read_numeric_date(Scanner& in, Guess& g) {
  Scanner ahead = in;
  const auto first = ahead.number(1, 2);
  const char separator = ahead.peek();
  if (!first || !(separator == '/' || separator == '.' || separator == '-')) return false;
  ahead.skip();
  const auto second = ahead.number(1, 2);
  const auto year = second && ahead.take(separator) ? ahead.number(4, 4) : std::nullopt;
  if (!year) return false;
  g.parts.year = *year;
  g.parts.day = *first;
  g.parts.month = *second;
  g.year = g.month = g.day = true;
  g.month_maybe_weekday = false;
  g.day_month_open = separator != '.';
  in = ahead;
  return true;
}

// ISO 8601 week date: the Monday of week 1 is that of the week with 4 January in it.
bool set_week(Parts& parts, int week, int weekday) {
  using namespace std::chrono;
  if (week < 1 || week > 53 || weekday < 1 || weekday > 7) return false;
  const sys_days fourth = year(parts.year) / 1 / 4;
  const sys_days monday = fourth - (std::chrono::weekday(fourth) - Monday);
  const year_month_day date(monday + days((week - 1) * 7 + weekday - 1));
  parts.year = static_cast<int>(date.year());
  parts.month = static_cast<int>(static_cast<unsigned>(date.month()));
  parts.day = static_cast<int>(static_cast<unsigned>(date.day()));
  return true;
}

bool set_ordinal(Parts& parts, int day_of_year) {
  using namespace std::chrono;
  if (day_of_year < 1 || day_of_year > (year(parts.year).is_leap() ? 366 : 365)) return false;
  const year_month_day date(sys_days(year(parts.year) / 1 / 1) + days(day_of_year - 1));
  parts.month = static_cast<int>(static_cast<unsigned>(date.month()));
  parts.day = static_cast<int>(static_cast<unsigned>(date.day()));
  return true;
}

// Between the parts of a date that begins with the year.
bool skip_separator(Scanner& in) {
  for (const std::string_view mark : {"년", "年", "월", "月"}) {
    if (in.take(mark)) {
      in.skip_any(" ");
      return true;
    }
  }
  return in.skip_any("-/. ");
}

bool read_week(Scanner& in, Guess& g) {
  const auto week = in.fixed(2);
  in.take('-');
  const auto weekday = in.digits_ahead() == 1 ? in.fixed(1) : 1;
  return week && set_week(g.parts, *week, *weekday);
}

// Year first: "2026", "2026-11", "2026-11-21", "20261121", "2026-325", "2026-W47-6", "2026년 11월 21일".
bool read_year_first(Scanner& in, Guess& g) {
  const std::size_t digits = in.digits_ahead();
  const auto year = digits == 4 || digits == 7 || digits == 8 ? in.fixed(4) : std::nullopt;
  if (!year) return false;
  g.parts.year = *year;
  g.year = g.month = g.day = true;  // what is missing is the first
  if (digits == 7) return set_ordinal(g.parts, *in.fixed(3));
  if (digits == 8) {
    g.parts.month = *in.fixed(2);
    g.parts.day = *in.fixed(2);
    return true;
  }
  if (in.take('W')) return read_week(in, g);
  if (in.done() || !skip_separator(in) || in.done()) return in.done();
  if (in.take('W')) return read_week(in, g);
  if (in.digits_ahead() == 3) return set_ordinal(g.parts, *in.fixed(3));
  g.parts.month = in.digits_ahead() > 0 ? in.number(1, 2).value_or(0) : month_named(in.word());
  if (g.parts.month == 0) return false;
  if (in.done() || !skip_separator(in)) return true;
  const auto day = in.number(1, 2);
  if (day) g.parts.day = *day;
  if (!in.take(std::string_view("일"))) in.take(std::string_view("日"));
  return day.has_value() || in.done();
}

// After a date that began with its year: "T10:00:00Z", " 오후 11:31:57", "(Sat) 10:00".
bool read_clock_after_date(Scanner& in, Guess& g) {
  in.skip_any(" ,");
  if (in.peek() == '(') read_comment(in, g);
  in.skip_any(" ,");
  if (in.done()) return true;
  const bool marked = in.take('T') || in.take('t');
  in.skip_any(" ");
  const char c = in.peek();
  if (!marked && (c == 'Z' || c == 'z' || c == '+' || c == '-')) return g.clock = true;  // a day and its zone
  if (in.digits_ahead() == 0) {
    g.afternoon = afternoon_named(in.word());
    in.skip_any(" ");
    if (!g.afternoon) return false;
  }
  return read_clock(in, g, marked);
}

bool read_number(Scanner& in, Guess& g) {
  const bool nothing_yet = !g.day && !g.year && (!g.month || g.month_maybe_weekday);
  if (nothing_yet && read_numeric_date(in, g)) return true;
  const std::size_t digits = in.digits_ahead();
  if (nothing_yet && digits == 4 && in.peek(4) == '-') return read_year_first(in, g) && read_clock_after_date(in, g);
  const char after = in.peek(digits);
  const bool hour_mark = (after == 'h' || after == 'H') && in.peek(digits + 1) >= '0' && in.peek(digits + 1) <= '9';
  if (!g.clock && digits <= 2 && (after == ':' || hour_mark)) return read_clock(in, g, false);
  if (digits <= 2 && !g.day) {
    g.parts.day = *in.fixed(digits);
    return g.day = true;
  }
  if (digits >= 2 && digits <= 4 && !g.year) {
    g.parts.year = full_year(*in.fixed(digits), digits);
    return g.year = true;
  }
  return false;
}

constexpr bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// What is left of a date, one word, number or sign after the other.
bool read_rest(Scanner& in, Guess& g) {
  while (!in.done()) {
    const char c = in.peek();
    if ((c == '+' || c == '-' || in.rest().starts_with("\u2212")) && g.clock) {
      if (!read_signed_offset(in, g)) return false;
    } else if (c == '(' || c == '[') {
      read_comment(in, g);
    } else if (c >= '0' && c <= '9') {
      if (!read_number(in, g)) return false;
    } else if (kSeparators.find(c) != std::string_view::npos) {
      in.skip();  // one at a time: a "-" may be the sign of what comes next
    } else if (!starts_word(c) || !read_word(in, g)) {
      return false;
    }
  }
  return true;
}

std::optional<Time> assemble(Guess& g) {
  Parts& p = g.parts;
  if (!g.year || !g.month || !g.day) return std::nullopt;
  // Month first is American, and so is a clock of twelve hours; what can only be a day is one in any case.
  const bool month_first = g.day_month_open && (p.month > 12 || (g.afternoon && p.day <= 12));
  if (month_first) std::swap(p.day, p.month);
  if (g.afternoon && p.hour <= 12) p.hour = p.hour % 12 + (*g.afternoon ? 12 : 0);
  return to_time(p);
}

// "1795255200", ".123" after it, milliseconds, microseconds, nanoseconds; or digits that spell a date.
std::optional<LooseTime> read_digits(std::string_view text) {
  const std::size_t digits = std::min(text.find('.'), text.size());
  Scanner in(text);
  Guess g;
  const bool spelled = digits == 12 || digits == 14;
  if (spelled && in.digits_ahead() == text.size()) {
    g.parts.year = *in.fixed(4);
    g.parts.month = *in.fixed(2);
    g.parts.day = *in.fixed(2);
    g.year = g.month = g.day = true;
    const std::optional<Time> time = read_clock(in, g, true) ? assemble(g) : std::nullopt;
    if (time && in_range(*time)) return LooseTime{*time, true};
  }
  std::int64_t value = 0;
  if (digits < 9 || digits > 19) return std::nullopt;
  for (const char c : text.substr(0, digits)) {
    if (__builtin_mul_overflow(value, std::int64_t{10}, &value) ||
        __builtin_add_overflow(value, std::int64_t{c - '0'}, &value)) {
      return std::nullopt;
    }
  }
  if (digits >= 18) return LooseTime{Time(Duration(value / 1000))};
  if (digits >= 15) return LooseTime{Time(Duration(value))};
  if (digits >= 12) return LooseTime{Time(milliseconds(value))};
  in.skip(digits);
  const int micros = in.take('.') ? in.fraction().value_or(0) : 0;
  return LooseTime{Time(seconds(value)) + Duration(micros)};
}

bool is_plain_number(std::string_view text) {
  const std::size_t point = text.find_first_not_of("0123456789");
  if (point == std::string_view::npos) return text.size() >= 9;
  return point >= 9 && text[point] == '.' && text.find_first_not_of("0123456789", point + 1) == std::string_view::npos;
}

std::optional<LooseTime> read_loose(std::string_view text) {
  if (is_plain_number(text)) return read_digits(text);
  Scanner in(text);
  Guess g;
  const std::size_t digits = in.digits_ahead();
  if (digits >= 4) {
    if (!read_year_first(in, g) || !read_clock_after_date(in, g)) return std::nullopt;
  }
  if (!read_rest(in, g)) return std::nullopt;
  const std::optional<Time> time = assemble(g);
  if (!time) return std::nullopt;
  return LooseTime{*time, !g.parts.offset.has_value()};
}

}  // namespace

Result<LooseTime> parse_loose_time(std::string_view text) {
  const std::string_view original = text;
  if (text.size() > kLongestDate * 4) return not_a_date(original);
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  const std::string squeezed = ascii ? std::string() : squeeze_spaces(text);
  text = ascii ? trim(text) : std::string_view(squeezed);
  if (text.size() > kLongestDate) return not_a_date(original);
  const std::optional<LooseTime> read = read_loose(text);
  if (!read) return not_a_date(original);
  if (!in_range(read->time)) {
    return fail(ErrorKind::bad_data,
                concat("expected a date between 1970 and 2200, found \"", shorten(to_valid_utf8(original), 60), "\""));
  }
  return *read;
}

}  // namespace vigie
