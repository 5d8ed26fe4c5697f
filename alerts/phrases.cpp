#include "alerts/phrases.h"

#include <unicode/measunit.h>
#include <unicode/numberformatter.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>

#include "base/embedded.h"

namespace vigie {
namespace {

// Parsed once for the life of the program: the values of a Phrases point into it.
Result<json::Document> read_catalogue(std::string_view language) {
  const auto bytes = embedded(concat("config/lang/alerts.", language, ".json"));
  if (!bytes)
    return fail(ErrorKind::bug, concat("alerts: no catalogue for the language \"", language, "\" in this build"));
  return json::parse(*bytes);
}

Result<json::Value> catalogue_of(std::string_view language) {
  static const Result<json::Document> en = read_catalogue("en");
  static const Result<json::Document> fr = read_catalogue("fr");
  if (language != "en" && language != "fr") {
    return fail(ErrorKind::bad_config, concat("language: expected \"fr\" or \"en\", found \"", language, "\""));
  }
  const Result<json::Document>& catalogue = language == "fr" ? fr : en;
  if (!catalogue) return fail(catalogue.error());
  return catalogue->root();
}

icu::UnicodeString wide(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string narrow(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

std::unique_ptr<icu::TimeZone> zone_of(std::string_view id) {
  return std::unique_ptr<icu::TimeZone>(icu::TimeZone::createTimeZone(wide(id)));
}

icu::number::LocalizedNumberFormatter number_writer(const icu::Locale& locale, int decimals, bool percent) {
  auto formatter =
      icu::number::NumberFormatter::withLocale(locale)
          .precision(icu::number::Precision::minMaxFraction(0, decimals))
          .roundingMode(UNUM_ROUND_HALFUP)
          // Four figures are grouped too: both languages' press does, ICU's default for some locales does not.
          .grouping(UNUM_GROUPING_THOUSANDS);
  if (percent) formatter = formatter.unit(icu::MeasureUnit::getPercent()).scale(icu::number::Scale::powerOfTen(2));
  return formatter;
}

std::string format(const icu::number::LocalizedNumberFormatter& formatter, double value) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString text = formatter.formatDouble(value, status).toString(status);
  return U_SUCCESS(status) ? narrow(text) : std::to_string(value);
}

std::string fill(std::string_view sentence, std::initializer_list<Phrases::Slot> slots) {
  std::string out;
  std::size_t at = 0;
  while (at < sentence.size()) {
    const std::size_t open = sentence.find('{', at);
    const std::size_t close = open == std::string_view::npos ? open : sentence.find('}', open);
    if (close == std::string_view::npos) break;
    out.append(sentence.substr(at, open - at));
    const std::string_view name = sentence.substr(open + 1, close - open - 1);
    const auto slot = std::find_if(slots.begin(), slots.end(), [&](const Phrases::Slot& s) { return s.first == name; });
    // What fills a slot is never searched again: a brand called "{observed}" stays a brand.
    out.append(slot != slots.end() ? slot->second : sentence.substr(open, close + 1 - open));
    at = close + 1;
  }
  return out.append(sentence.substr(at));
}

bool starts_with_vowel(std::string_view word) {
  for (const std::string_view vowel : {"A", "E", "I", "O", "U", "É", "Î"}) {
    if (word.starts_with(vowel)) return true;
  }
  return false;
}

}  // namespace

struct Phrases::Writers {
  explicit Writers(const icu::Locale& locale)
      : times("", locale, status),
        whole(number_writer(locale, 0, false)),
        tenths(number_writer(locale, 1, false)),
        whole_percent(number_writer(locale, 0, true)),
        tenths_of_percent(number_writer(locale, 1, true)) {}

  UErrorCode status = U_ZERO_ERROR;
  icu::SimpleDateFormat times;
  icu::number::LocalizedNumberFormatter whole, tenths, whole_percent, tenths_of_percent;
};

// A thread tells its stories to the same few readers: their writers are kept, and no two threads share one.
Result<Phrases> Phrases::load(std::string_view language, std::string_view time_zone) {
  constexpr std::size_t kKept = 32;
  thread_local std::map<std::string, Phrases> kept;
  std::string reader = concat(language, "|", time_zone);
  if (const auto found = kept.find(reader); found != kept.end()) return found->second;
  TRY(Phrases made, make(language, time_zone));
  if (kept.size() == kKept) kept.clear();
  return kept.emplace(std::move(reader), std::move(made)).first->second;
}

Result<Phrases> Phrases::make(std::string_view language, std::string_view time_zone) {
  TRY(const json::Value catalogue, catalogue_of(language));
  std::unique_ptr<icu::TimeZone> zone = zone_of(time_zone);
  if (*zone == icu::TimeZone::getUnknown()) {
    return fail(ErrorKind::bad_config,
                concat("time zone: expected an IANA name such as Europe/Paris, found \"", time_zone, "\""));
  }
  auto writers = std::make_shared<Writers>(icu::Locale(std::string(language).c_str()));
  if (U_FAILURE(writers->status)) {
    return fail(ErrorKind::bug, concat("alerts: dates in \"", language, "\": ", u_errorName(writers->status)));
  }
  writers->times.adoptTimeZone(zone.release());
  return Phrases(language, time_zone, catalogue, std::move(writers));
}

std::string Phrases::say(std::string_view path, std::initializer_list<Slot> slots) const {
  return fill(catalogue_.text_or(path, path), slots);
}

std::string Phrases::count(std::string_view path, double number, std::initializer_list<Slot> slots) const {
  // CLDR plural rules of the two languages: French says "0 message", English "0 messages".
  const bool one = language_ == "fr" ? number < 2 : number == 1;
  return say(concat(path, one ? ".one" : ".other"), slots);
}

std::string Phrases::plural(std::string_view path, double number, std::initializer_list<Slot> slots) const {
  return catalogue_.at(path).type() == json::Type::object ? count(path, number, slots) : say(path, slots);
}

std::string Phrases::name(std::string_view list, std::string_view id, std::string_view otherwise) const {
  const json::Value found = catalogue_.at(list).find(id);
  return std::string(found ? found.raw() : otherwise);
}

std::string Phrases::number(double value) const {
  return format(std::abs(value) < 9.95 ? writers_->tenths : writers_->whole, value);
}

std::string Phrases::habit(double expected) const {
  if (expected > 0 && expected < 0.95) return say("less_than_one");
  return number(expected);
}

std::string Phrases::percent(double share) const {
  return format(share < 0.0995 ? writers_->tenths_of_percent : writers_->whole_percent, share);
}

std::string Phrases::times(double ratio) const {
  const double shown = ratio < 2.95 ? ratio : std::round(ratio);  // "2.4 times" says something, "6.3 times" feigns it
  return say("times", {{"n", number(shown)}});
}

std::string Phrases::duration(Duration duration) const {
  const auto whole = std::chrono::floor<minutes>(duration).count();
  if (whole < 1) return say("duration.none");
  const auto part = [&](std::string_view path, std::int64_t n) { return say(path, {{"n", std::to_string(n)}}); };
  const std::int64_t days = whole / 1440, hour = whole / 60 % 24, minute = whole % 60;
  if (days > 0) {
    return hour == 0 ? part("duration.days", days)
                     : say("duration.days_hours", {{"d", std::to_string(days)}, {"h", std::to_string(hour)}});
  }
  if (hour == 0) return part("duration.minutes", minute);
  if (minute == 0) return part("duration.hours", hour);
  const std::string two = concat(minute < 10 ? "0" : "", std::to_string(minute));
  return say("duration.hours_minutes", {{"h", std::to_string(hour)}, {"m", two}});
}

std::string Phrases::in_zone(Time time, std::string_view pattern) const {
  writers_->times.applyPattern(wide(pattern));
  icu::UnicodeString text;
  writers_->times.format(static_cast<UDate>(to_epoch(time)) * 1000.0, text);
  return narrow(text);
}

std::string Phrases::date_time(Time time) const { return in_zone(time, say("pattern.date_time")); }
std::string Phrases::clock_time(Time time) const { return in_zone(time, "HH:mm"); }
std::string Phrases::short_time(Time time) const { return in_zone(time, say("pattern.short_time")); }

std::string Phrases::until(Time time) const { return in_zone(time, say("pattern.until")); }

std::string Phrases::zone() const {
  constexpr std::array<std::string_view, 4> kNoCity = {"UTC", "GMT", "UCT", "Zulu"};
  const bool no_city = std::find(kNoCity.begin(), kNoCity.end(), time_zone_) != kNoCity.end() ||
                       time_zone_.starts_with("Etc/") || time_zone_.find('/') == std::string::npos;
  if (no_city) return time_zone_.starts_with("Etc/") ? time_zone_.substr(4) : time_zone_;
  const std::string city = in_zone(Time{}, "VVV");
  return say(starts_with_vowel(city) ? "zone.vowel" : "zone.consonant", {{"city", city}});
}

bool Phrases::same_day(Time a, Time b) const { return in_zone(a, "yyyyMMdd") == in_zone(b, "yyyyMMdd"); }

}  // namespace vigie
