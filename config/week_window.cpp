#include "config/week_window.h"

#include <array>
#include <optional>

#include "base/text.h"
#include "config/forms.h"

namespace vigie {
namespace {

constexpr int kWeekDays = 7;
constexpr int kDayMinutes = 24 * 60;
constexpr unsigned kEveryDay = 0x7f;
constexpr std::array<std::string_view, kWeekDays> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                                           "friday", "saturday", "sunday"};

tl::unexpected<Error> expected(std::string_view what, std::string_view found) {
  return fail(ErrorKind::bad_data, concat("expected ", what, ", found ", config::quoted(found)));
}

std::optional<int> day_from(std::string_view text) {
  const std::string word = ascii_lower(trim(text));
  for (int day = 0; day < kWeekDays; ++day) {
    const std::string_view name = kDays[static_cast<std::size_t>(day)];
    if (word == name || word == name.substr(0, 3)) return day;
  }
  return std::nullopt;
}

// "Mon", "Mon-Fri", "Fri-Mon"
std::optional<unsigned> days_from(std::string_view text) {
  const std::size_t dash = text.find('-');
  const std::optional<int> first = day_from(text.substr(0, dash));
  const std::optional<int> last = dash == std::string_view::npos ? first : day_from(text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  unsigned days = 0;
  for (int day = *first;; day = (day + 1) % kWeekDays) {
    days |= 1U << day;
    if (day == *last) return days;
  }
}

std::string two_digits(int number) { return concat(number < 10 ? "0" : "", std::to_string(number)); }

}  // namespace

Result<int> parse_day_time(std::string_view text, bool end) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : -100; };
  if (text.size() == 5 && text[2] == ':') {
    const int hour = 10 * digit(0) + digit(1), minute = 10 * digit(3) + digit(4);
    const bool of_the_day = hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
    if (of_the_day || (end && hour == 24 && minute == 0)) return hour * 60 + minute;
  }
  return expected(end ? "a time of day from \"00:00\" to \"24:00\"" : "a time of day such as \"08:30\"", text);
}

std::string format_day_time(int minute) { return concat(two_digits(minute / 60), ":", two_digits(minute % 60)); }

Result<WeekWindow> parse_week_window(std::string_view text) {
  constexpr std::string_view kForm = "hours such as \"22:00-07:00\" or \"Sat,Sun 00:00-24:00\"";
  const std::string_view whole = trim(text);
  const std::size_t space = whole.rfind(' ');
  const bool has_days = space != std::string_view::npos;
  const std::string_view times = has_days ? whole.substr(space + 1) : whole;
  const std::size_t dash = times.find('-');
  if (dash == std::string_view::npos) return expected(kForm, text);

  WeekWindow window;
  window.days = has_days ? 0 : kEveryDay;
  if (has_days) {
    for (const std::string_view part : split(whole.substr(0, space), ',')) {
      const std::optional<unsigned> days = days_from(part);
      if (!days) return expected("days such as \"Mon-Fri\" or \"Sat,Sun\" before the hours", part);
      window.days |= *days;
    }
  }
  TRY(window.start, parse_day_time(times.substr(0, dash)));
  TRY(window.end, parse_day_time(times.substr(dash + 1), true));
  if (window.start == window.end)
    return expected("an end that differs from the start (a whole day is \"00:00-24:00\")", text);
  return window;
}

std::string format_week_window(const WeekWindow& window) {
  std::string days;
  for (int day = 0; window.days != kEveryDay && day < kWeekDays; ++day) {
    if ((window.days >> day & 1U) == 0) continue;
    std::string name(kDays[static_cast<std::size_t>(day)].substr(0, 3));
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
    days += concat(days.empty() ? "" : ",", name);
  }
  return concat(days, days.empty() ? "" : " ", format_day_time(window.start), "-",
                window.end == kDayMinutes ? "24:00" : format_day_time(window.end));
}

}  // namespace vigie
