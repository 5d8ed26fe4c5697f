#include "alerts/finding.h"

#include <algorithm>
#include <cmath>

namespace vigie {
namespace {

// The catalogue's name of its sentences.
std::string form_of(const Signal& signal) {
  if (signal.rule == "threshold" || signal.rule == "rating") return concat(signal.rule, "_", signal.measure);
  return signal.rule;
}

}  // namespace

bool names_its_time(const Signal& signal) {
  constexpr std::string_view kThose[] = {"each", "drift", "keyword", "unanswered", "silence"};
  return std::find(std::begin(kThose), std::end(kThose), signal.rule) != std::end(kThose);
}

std::string finding(const Phrases& phrases, const Signal& signal, std::string_view key) {
  const bool by_share = signal.measure == "share";
  const double share = signal.total > 0 ? std::min(1.0, signal.observed / signal.total) : 0;
  const std::string expected =
      signal.rule == "silence" ? phrases.number(std::round(signal.expected)) : phrases.number(signal.expected);
  return phrases.plural(concat("rules.", form_of(signal), ".", key), signal.observed,
                        {{"n", phrases.number(signal.observed)},
                         {"bar", by_share ? phrases.percent(signal.limit) : phrases.number(signal.limit)},
                         {"window", phrases.duration(signal.window)},
                         {"duration", phrases.duration(signal.at - signal.since)},
                         {"share", phrases.percent(share)},
                         {"total", phrases.number(signal.total)},
                         {"expected", expected},
                         {"since", phrases.short_time(signal.since)},
                         {"name", signal.rule_name}});
}

}  // namespace vigie
