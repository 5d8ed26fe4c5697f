#include "alerts/headline.h"

#include <algorithm>

#include "alerts/finding.h"
#include "alerts/message.h"
#include "base/text.h"

namespace vigie {
namespace {

// For the console, which asks with the language of a checked configuration: any other reads English rather than
// nothing.
Phrases phrases_or_english(std::string_view language) {
  auto phrases = Phrases::load(language, "UTC");
  return phrases ? *std::move(phrases) : *Phrases::load("en", "UTC");
}

// After a colon: "Nothing heard" becomes "nothing heard". NPS stays.
std::string within_sentence(std::string_view what) {
  if (what.starts_with("NPS")) return std::string(what);
  return concat(ascii_lower(what.substr(0, 1)), what.substr(std::min<std::size_t>(1, what.size())));
}

}  // namespace

std::string magnitude(const Phrases& phrases, const Signal& signal, std::string_view brand_name) {
  if (is_of_own_rule(signal)) {
    return phrases.say("rules.headline",
                       {{"brand", brand_name}, {"what", within_sentence(finding(phrases, signal, "what"))}});
  }
  if (signal.expected >= kLeastExpectedForTimes) {
    return phrases.say("headline.times",
                       {{"brand", brand_name}, {"times", phrases.times(signal.observed / signal.expected)}});
  }
  return phrases.count("headline.absolute", signal.observed,
                       {{"brand", brand_name},
                        {"n", phrases.number(signal.observed)},
                        {"window", phrases.duration(signal.at - signal.since)}});
}

std::string size_of(const Phrases& phrases, const Signal& signal, Room room) {
  if (is_of_own_rule(signal)) return room == Room::long_form ? finding(phrases, signal, "size") : "";
  if (signal.expected >= kLeastExpectedForTimes) return phrases.times(signal.observed / signal.expected);
  const std::string n = phrases.number(signal.observed);
  if (room == Room::short_form) return n;
  return phrases.say("subject.size", {{"n", n}, {"window", phrases.duration(signal.at - signal.since)}});
}

std::string reason_in(const Phrases& phrases, const Signal& signal) {
  if (is_of_own_rule(signal)) return finding(phrases, signal, "reason");
  return phrases.say("reason_line", {{"n", phrases.number(signal.observed)},
                                     {"window", phrases.duration(signal.at - signal.since)},
                                     {"expected", phrases.habit(signal.expected)},
                                     {"low", phrases.number(signal.expected_low)},
                                     {"high", phrases.number(signal.expected_high)}});
}

std::string theme_name(const Phrases& phrases, std::string_view id) {
  std::string plain(id);
  std::replace(plain.begin(), plain.end(), '_', ' ');
  return phrases.name("themes", id, plain);
}

std::string reason_line(const Signal& signal, std::string_view language) {
  return reason_in(phrases_or_english(language), signal);
}

std::string found_by_rule(const Signal& signal, std::string_view language) {
  return is_of_own_rule(signal) ? finding(phrases_or_english(language), signal, "count") : "";
}

std::string headline(const Signal& signal, std::string_view brand_name, std::string_view language) {
  const Phrases phrases = phrases_or_english(language);
  std::string what = magnitude(phrases, signal, brand_name);
  if (signal.themes.empty() || !counts_complaints(signal)) return what;
  return phrases.say("headline.about",
                     {{"headline", what}, {"theme", theme_name(phrases, signal.themes.front().theme)}});
}

}  // namespace vigie
