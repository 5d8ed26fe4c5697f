// What an alarm says of itself, with every number needed to argue it.

#include <algorithm>
#include <cmath>

#include "pipeline/poisson.h"
#include "pipeline/severity.h"
#include "pipeline/state.h"
#include "pipeline/watched_brand.h"

namespace vigie {
namespace {

constexpr double kHour = 3600, kSecondsADay = 24 * kHour;
constexpr double kTinyADay = 5;    // mentions
constexpr double kHugeADay = 50;   // negatives: from here on the share's own wandering is what limits
constexpr std::uint8_t kTold = 2;  // complaints that show a cue before it counts; one may be a figure of speech

std::string_view detector_version() { return "rise-2"; }

std::string id_of(const Signal& signal) {
  return signal_id(concat(detector_version(), "\n", signal.brand, "\n", to_text(signal.kind), "\n",
                          std::to_string(to_epoch_micros(signal.at)), "\n",
                          std::to_string(to_epoch_micros(signal.since))));
}

}  // namespace

// The theme whose count since the rise is hardest to explain by habit.
std::size_t WatchedBrand::top_theme(double now) const {
  const double mentions = std::max(0.0, counts_.habit.exposure(now) - alarm_->exposure0);
  std::size_t best = kOtherTheme;
  double most = 0;
  for (std::size_t i = 0; i < kThemes; ++i) {
    const double nats = gain(alarm_->themes[i], counts_.habit.theme_share(i) * mentions);
    if (nats > most) {
      most = nats;
      best = i;
    }
  }
  return best;
}

std::uint8_t WatchedBrand::cues_told() const {
  std::uint8_t bits = 0;
  for (std::size_t i = 0; i < alarm_->cues.size(); ++i) {
    const auto bit = static_cast<std::uint8_t>(1u << i);
    // A life may hang on it: one is enough.
    if (alarm_->cues[i] >= (bit == kCueSelfHarm ? 1 : kTold)) bits |= bit;
  }
  return bits;
}

int WatchedBrand::severity_now(double now, std::vector<std::string>* why) const {
  const Alarm& alarm = *alarm_;
  const std::string& theme = (*themes_)[std::min(top_theme(now), themes_->size() - 1)];
  Gravity gravity;
  gravity.observed = alarm.negatives;
  gravity.expected = expected_since(alarm.exposure0, now);
  gravity.hours = (now - alarm.since) / kHour;
  gravity.reach = alarm.reach;
  gravity.cues = cues_told();
  gravity.grave_theme = theme == "safety" || theme == "privacy";
  Grade graded = grade(gravity);
  if (why != nullptr) *why = std::move(graded.why);
  return graded.level;
}

const char* WatchedBrand::mode() const {
  const double mentions = counts_.habit.per_second() * kSecondsADay;
  if (mentions * counts_.habit.share() >= kHugeADay) return "huge";
  return mentions < kTinyADay ? "tiny" : "ordinary";
}

std::vector<ThemeCount> WatchedBrand::themes_by_evidence(double now) const {
  const double mentions = std::max(0.0, counts_.habit.exposure(now) - alarm_->exposure0);
  struct Ranked {
    double nats;
    ThemeCount theme;
  };
  std::vector<Ranked> ranked;
  for (std::size_t i = 0; i < themes_->size(); ++i) {
    const double observed = alarm_->themes[i], expected = counts_.habit.theme_share(i) * mentions;
    const double nats = gain(observed, expected);
    if (nats > 0) ranked.push_back({nats, {(*themes_)[i], observed, expected}});
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) { return a.nats > b.nats; });
  std::vector<ThemeCount> out;
  for (std::size_t i = 0; i < ranked.size() && i < 5; ++i) out.push_back(std::move(ranked[i].theme));
  return out;
}

Signal WatchedBrand::describe(SignalKind kind, double now) const {
  const Alarm& alarm = *alarm_;
  const Habit& habit = counts_.habit;
  Signal signal;
  signal.brand = id_;
  signal.kind = kind;
  signal.at = to_time(now);
  signal.since = to_time(alarm.since);
  signal.observed = alarm.negatives;
  signal.expected = expected_since(alarm.exposure0, now);
  const Interval usual = poisson_interval_90(signal.expected);
  signal.expected_low = usual.low;
  signal.expected_high = usual.high;
  signal.total = std::max(alarm.negatives, static_cast<double>(counts_.mentions - alarm.mentions0));
  signal.usual_share = habit.share();
  signal.months_by_chance = alarm.months;
  signal.authors = static_cast<int>(alarm.negatives);
  severity_now(now, &signal.severity_why);
  signal.severity = alarm.severity;
  signal.mode = mode();
  signal.evidence = alarm.nats;
  signal.bar = alarm.bar;
  signal.budget = budget_;
  signal.copies = recent_.left_out(alarm.since, Recent::Why::copy);
  signal.late = recent_.left_out(alarm.since, Recent::Why::late);
  signal.repeated = recent_.left_out(alarm.since, Recent::Why::repeated);
  signal.reach = alarm.reach;
  signal.cues = cue_names(cues_told());
  signal.themes = themes_by_evidence(now);
  signal.terms = recent_.rising_terms(alarm.since);
  signal.sources = recent_.sources(alarm.since);
  for (const std::int64_t seq : alarm.first) {
    if (seq != 0) signal.mentions.push_back(seq);
  }
  const auto theme = static_cast<std::uint16_t>(1u << top_theme(now));
  for (const std::int64_t seq : recent_.telling(alarm.since, theme)) {
    if (std::find(signal.mentions.begin(), signal.mentions.end(), seq) == signal.mentions.end())
      signal.mentions.push_back(seq);
  }
  signal.id = id_of(signal);
  return signal;
}

}  // namespace vigie
