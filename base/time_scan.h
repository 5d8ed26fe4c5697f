// What the readers of dates share: a scanner, a broken-down time, names of months, days and zones.
// Only base/time*.cpp include this.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace vigie::time_scan {

// Reads a text from left to right; a method that returns nothing has not moved.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  char peek(std::size_t ahead = 0) const { return ahead < rest_.size() ? rest_[ahead] : '\0'; }
  void skip(std::size_t bytes = 1) { rest_.remove_prefix(bytes < rest_.size() ? bytes : rest_.size()); }

  bool take(char c);
  bool take(std::string_view word);            // exact bytes
  bool skip_any(std::string_view characters);  // whether there was one
  std::size_t digits_ahead() const;
  // A number of `min` to `max` digits, all that stand here: "2026" is not two of two.
  std::optional<int> number(std::size_t min, std::size_t max);
  // Exactly `count` digits, whatever follows.
  std::optional<int> fixed(std::size_t count);
  // Digits after a decimal point, as microseconds; further ones are dropped. At least one.
  std::optional<int> fraction();
  // Letters, ASCII or not; "" when there is none.
  std::string_view word();

 private:
  std::string_view rest_;
};

// A time as written. `offset` is minutes east of UTC.
struct Parts {
  int year = 1970, month = 1, day = 1;
  int hour = 0, minute = 0, second = 0, micro = 0;
  std::optional<int> offset{};
};

// The instant, or nothing when there is no such day or time. 24:00:00 is midnight at the day's end; second 60, a leap
// second, is the second after.
std::optional<Time> to_time(const Parts& parts);

// "+hh:mm", "-hhmm", "+hh", "-hmm" at the scanner, as minutes.
std::optional<int> read_offset(Scanner& in);

// 1..12 for a month's name or abbreviation in English, French, German, Spanish, Italian, Portuguese, Dutch, Greek,
// Hungarian; 0 when it is none. Case, accents and a final "." do not matter.
int month_named(std::string_view word);

// Whether the word may name a day of the week in those languages. "mar" may, and may be a month.
bool is_weekday_name(std::string_view word);

// Minutes east of UTC of a zone's abbreviation ("EST", "CEST", "utc"); nothing when unknown. One-letter military zones
// other than Z are unknown: RFC 5322 section 4.3 found them written with either sign.
std::optional<int> zone_named(std::string_view word);

}  // namespace vigie::time_scan
