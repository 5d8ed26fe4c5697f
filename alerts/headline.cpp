#include "alerts/headline.h"

#include <algorithm>

#include "alerts/message.h"

namespace vigie {
namespace {

// For the console, which asks with the language of a checked configuration: any other reads English rather than
// nothing.
Phrases phrases_or_english(std::string_view language) {
  auto phrases = Phrases::load(language, "UTC");
  return phrases ? *std::move(phrases) : *Phrases::load("en", "UTC");
}

}  // namespace

std::string magnitude(const Phrases& phrases, std::string_view list, const Signal& signal,
                      std::string_view brand_name) {
  if (signal.expected >= kLeastExpectedForTimes) {
    return phrases.say(concat(list, ".times"),
                       {{"brand", brand_name}, {"times", phrases.times(signal.observed / signal.expected)}});
  }
  return phrases.count(concat(list, ".absolute"), signal.observed,
                       {{"brand", brand_name},
                        {"n", phrases.number(signal.observed)},
                        {"window", phrases.duration(signal.at - signal.since)}});
}

std::string reason_in(const Phrases& phrases, const Signal& signal) {
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

std::string headline(const Signal& signal, std::string_view brand_name, std::string_view language) {
  const Phrases phrases = phrases_or_english(language);
  std::string what = magnitude(phrases, "headline", signal, brand_name);
  if (signal.themes.empty()) return what;
  return phrases.say("headline.about",
                     {{"headline", what}, {"theme", theme_name(phrases, signal.themes.front().theme)}});
}

}  // namespace vigie
