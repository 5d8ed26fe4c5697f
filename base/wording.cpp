#include "base/wording.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/embedded.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::string_view kNarrowSpace = "\u202F";  // no-break: between thousands and before % in French
constexpr std::string_view kNoBreakSpace = "\u00A0";

std::string fill(std::string_view sentence, std::initializer_list<Wording::Slot> slots) {
  std::string out;
  while (!sentence.empty()) {
    const std::size_t open = sentence.find('{');
    const std::size_t close = open == std::string_view::npos ? open : sentence.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view name = sentence.substr(open + 1, close - open - 1);
    const auto* slot =
        std::find_if(slots.begin(), slots.end(), [&](const Wording::Slot& s) { return s.first == name; });
    out += sentence.substr(0, open);
    // What fills a slot is never searched again: a brand called "{n}" stays a brand.
    out += slot != slots.end() ? slot->second : sentence.substr(open, close + 1 - open);
    sentence.remove_prefix(close + 1);
  }
  return out.append(sentence);
}

std::string group_thousands(std::string digits, std::string_view separator) {
  const std::size_t first = !digits.empty() && digits.front() == '-' ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, separator);
  }
  return digits;
}

// One item of Accept-Language: "fr-CA;q=0.8".
struct Wanted {
  std::string language;
  double weight = 0;
};

std::optional<Wanted> read_wanted(std::string_view item) {
  const auto parts = split(item, ';');
  Wanted wanted{ascii_lower(trim(split(parts.front(), '-').front())), 1};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    std::string_view part = trim(parts[i]);
    if (!part.starts_with("q=") && !part.starts_with("Q=")) continue;
    part.remove_prefix(2);
    const auto read = std::from_chars(part.data(), part.data() + part.size(), wanted.weight);
    if (read.ec != std::errc()) return std::nullopt;
  }
  return is_page_language(wanted.language) && wanted.weight > 0 ? std::optional(wanted) : std::nullopt;
}

}  // namespace

bool is_page_language(std::string_view language) { return language == "fr" || language == "en"; }

std::string choose_language(std::string_view asked, std::string_view accept_language, std::string_view otherwise) {
  if (is_page_language(asked)) return std::string(asked);
  std::optional<Wanted> best;
  for (const std::string_view item : split(accept_language.substr(0, 1000), ',')) {
    auto wanted = read_wanted(item);
    if (wanted && (!best || wanted->weight > best->weight)) best = std::move(wanted);
  }
  if (best) return best->language;
  return is_page_language(otherwise) ? std::string(otherwise) : "en";
}

Result<Wording> Wording::load(std::string_view name, std::string_view language) {
  const std::string path = concat("config/lang/", name, ".", language, ".json");
  const auto bytes = embedded(path);
  if (!bytes) return fail(ErrorKind::bug, concat(path, ": not built into this program"));
  auto document = json::parse(*bytes);
  if (!document) return fail(ErrorKind::bug, concat(path, ": ", document.error().what));
  return Wording(language, std::make_shared<const json::Document>(*std::move(document)));
}

std::string Wording::say(std::string_view path, std::initializer_list<Slot> slots) const {
  return fill(catalogue().text_or(path, path), slots);
}

std::string Wording::count(std::string_view path, std::int64_t n, std::initializer_list<Slot> slots) const {
  const bool one = language_ == "fr" ? n == 0 || n == 1 : n == 1;
  const std::string sentence = say(concat(path, one ? ".one" : ".other"), slots);
  return fill(sentence, {{"n", number(n)}});
}

std::string Wording::name(std::string_view list, std::string_view id) const {
  const json::Value found = catalogue().find(list).find(id);
  return std::string(found && found.type() == json::Type::string ? found.raw() : id);
}

std::string Wording::number(std::int64_t value) const {
  return group_thousands(std::to_string(value), language_ == "fr" ? kNarrowSpace : ",");
}

std::string Wording::decimal(double value, int digits) const {
  std::string text = fmt::format("{:.{}f}", value, digits);
  const std::size_t point = text.find('.');
  std::string fraction = point == std::string::npos ? "" : text.substr(point + 1);
  std::string whole = group_thousands(text.substr(0, point), language_ == "fr" ? kNarrowSpace : ",");
  return fraction.empty() ? whole : concat(whole, language_ == "fr" ? "," : ".", fraction);
}

std::string Wording::percent(double share, int digits) const {
  return concat(decimal(100 * share, digits), language_ == "fr" ? kNarrowSpace : "", "%");
}

namespace {

struct Civil {
  int year;
  unsigned month, day;
  int hour, minute;
};

Civil civil(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto minute = std::chrono::floor<minutes>(time - day).count();
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
          static_cast<int>(minute / 60), static_cast<int>(minute % 60)};
}

std::string_view month_name(std::string_view language, unsigned month) {
  constexpr std::array<std::string_view, 12> kFrench = {"janv.",  "févr.", "mars",  "avr.", "mai",  "juin",
                                                        "juill.", "août",  "sept.", "oct.", "nov.", "déc."};
  constexpr std::array<std::string_view, 12> kEnglish = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return language == "fr" ? kFrench[month - 1] : kEnglish[month - 1];
}

std::string day_and_month(std::string_view language, const Civil& c) {
  const std::string_view first = language == "fr" && c.day == 1 ? "er" : "";
  return concat(std::to_string(c.day), first, kNoBreakSpace, month_name(language, c.month));
}

std::string clock(const Civil& c) { return fmt::format("{:02}:{:02}", c.hour, c.minute); }

}  // namespace

std::string Wording::date(Time time) const {
  const Civil c = civil(time);
  return concat(day_and_month(language_, c), kNoBreakSpace, std::to_string(c.year));
}

std::string Wording::month(Time time) const {
  constexpr std::array<std::string_view, 12> kFrench = {"janvier",   "février", "mars",     "avril",
                                                        "mai",       "juin",    "juillet",  "août",
                                                        "septembre", "octobre", "novembre", "décembre"};
  constexpr std::array<std::string_view, 12> kEnglish = {"January",   "February", "March",    "April",
                                                         "May",       "June",     "July",     "August",
                                                         "September", "October",  "November", "December"};
  const Civil c = civil(time);
  return concat((language_ == "fr" ? kFrench : kEnglish)[c.month - 1], kNoBreakSpace, std::to_string(c.year));
}

std::string Wording::date_time(Time time) const {
  return concat(date(time), language_ == "fr" ? " à " : ", ", clock(civil(time)), kNoBreakSpace, "UTC");
}

std::string Wording::short_time(Time time) const {
  const Civil c = civil(time);
  return concat(day_and_month(language_, c), " ", clock(c));
}

std::string Wording::span(Duration duration) const {
  const std::int64_t whole = std::chrono::floor<seconds>(duration).count();
  if (whole < 60) return concat(number(std::max<std::int64_t>(whole, 0)), kNoBreakSpace, "s");
  if (whole < 3600) return concat(number(whole / 60), kNoBreakSpace, "min");
  if (whole < 48 * 3600) return concat(number(whole / 3600), kNoBreakSpace, "h");
  return concat(number(whole / 86400), kNoBreakSpace, language_ == "fr" ? "jours" : "days");
}

std::string Wording::ago(Time time, Time now) const {
  if (time > now) return concat(language_ == "fr" ? "dans " : "in ", span(time - now));
  return language_ == "fr" ? concat("il y a ", span(now - time)) : concat(span(now - time), " ago");
}

}  // namespace vigie
