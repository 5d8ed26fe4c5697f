#include "pipeline/watched_brand.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <xxhash.h>

#include "pipeline/poisson.h"

namespace vigie {
namespace {

constexpr double kHour = 3600, kMonth = 30 * 24 * kHour;
constexpr double kLate = kHour;         // later than this, a mention says nothing of now
constexpr double kWarmUp = 48 * kHour;  // a brand is learnt before it is judged
constexpr double kFreeze = 48 * kHour;  // an alarm that lasts longer is the new habit
constexpr double kUpdateEvery = 300, kHold = 900;
constexpr double kMentionsToClear = 3;
constexpr double kBackNats = 2.5;     // 1 in 12 that a rise still on looks so normal
constexpr double kWanderCaution = 2;  // a theme's share wanders more than the brand's, which is what is measured
constexpr double kSilence = 12;       // mentions expected since the last one: the sources are silent
constexpr float kLeastNegatives = 5, kLeastOfFast = 3;
constexpr double kFastNats = 3;  // over the bar: three negatives may then be enough

// One constant fitted on simulated months: the textbook bound on false alarms is about nine times too careful (DETECT:
// first measured for seven multiples).
constexpr double kCells = 7, kCaution = 9, kMargin = 0.7;
constexpr double kBrandSeries = 3,
                 kThemeSeries = 8;  // shares of the budget: a third for the brand, an eighth each for themes

constexpr double kNeverMonths = 1e6;  // a figure beyond this says nothing more, and must stay finite

std::string_view detector_version() { return "rise-1"; }

Time to_time(double seconds) { return from_epoch_micros(static_cast<std::int64_t>(std::llround(seconds * 1e6))); }
double to_seconds(Time time) { return static_cast<double>(to_epoch_micros(time)) / 1e6; }

std::uint16_t theme_bits(const std::vector<std::string>& themes, const std::vector<std::string>& known) {
  std::uint16_t bits = 0;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (std::find(themes.begin(), themes.end(), known[i]) != themes.end()) bits |= static_cast<std::uint16_t>(1u << i);
  }
  constexpr std::uint16_t kOther = 1u << kOtherTheme;
  return bits == 0 ? kOther : bits;
}

// Nats from which a series speaks, for a budget of false alarms a month.
double bar(double negatives_a_month, double series, double budget) {
  return std::max(
      std::log(kCells * std::max(1.0, negatives_a_month) / (kCaution * budget)) + kMargin + std::log(series), 2.0);
}

// The other way about: once in how many months chance brings this much.
double months_by_chance(double nats, double negatives_a_month, double series) {
  const double months = std::exp(nats - kMargin - std::log(series)) * kCaution / (kCells * std::max(1.0, negatives_a_month));
  return std::min(months, kNeverMonths);
}

// The multiple of the normal rate that "still raised" means while an alarm is on: half-way, on a log scale, to what it
// was. A crisis that ebbs is not over.
double still_raised(double negatives, double expected) {
  return std::clamp(std::sqrt(negatives / std::max(expected, 0.01)), 1.4, 8.0);
}

std::string signal_id(const Signal& signal) {
  const std::string key =
      concat(detector_version(), "\n", signal.brand, "\n", to_text(signal.kind), "\n",
             std::to_string(to_epoch_micros(signal.at)), "\n", std::to_string(to_epoch_micros(signal.since)));
  static constexpr char kHex[] = "0123456789abcdef";
  std::string id(16, '0');
  std::uint64_t hash = XXH3_64bits(key.data(), key.size());
  for (std::size_t i = 16; i-- > 0; hash >>= 4) id[i] = kHex[hash & 15];
  return id;
}

}  // namespace

WatchedBrand::WatchedBrand(std::string id, double now, const std::vector<std::string>& themes)
    : id_(std::move(id)), themes_(&themes) {
  counts_.habit = Habit(now);
  counts_.first_seen = counts_.last_mention = now;
}

bool WatchedBrand::frozen(double now) const { return alarm_ && now - alarm_->raised < kFreeze; }

bool WatchedBrand::known_author(std::uint64_t author) {
  if (author == 0) return false;
  const auto small = static_cast<std::uint32_t>(author ^ (author >> 32)) | 1u;  // 0 marks an empty place
  auto& ring = counts_.authors;
  if (std::find(ring.begin(), ring.end(), small) != ring.end()) return true;
  ring[counts_.next_author++ % ring.size()] = small;
  return false;
}

void WatchedBrand::observe(const Observation& observation, double now, double budget, std::vector<Signal>& out) {
  tick(now, out);
  counts_.last_mention = now;
  const double event = std::min(to_seconds(observation.event), now);
  const bool live = now - event <= kLate;
  const bool negative = observation.p_neg >= kNegative && !observation.copy;
  // One author's second and third complaint is neither another negative nor a mention more.
  if (negative && known_author(observation.author)) return;

  Habit& habit = counts_.habit;
  habit.count_mention();
  if (live) ++counts_.mentions;
  if (!negative) return;
  const Moment moment{habit.exposure(now), habit.exposure_at(event, now), event, counts_.mentions};
  const std::uint16_t themes = theme_bits(observation.themes, *themes_);
  count_negative(observation, moment, themes, live);
  if (!live) return;
  if (alarm_)
    follow(moment, themes, now, out);
  else
    consider_raise(moment, themes, now, budget, out);
}

void WatchedBrand::count_negative(const Observation& observation, const Moment& moment, std::uint16_t themes,
                                  bool live) {
  Habit& habit = counts_.habit;
  habit.count_negative(themes);
  Recent::Negative negative;
  negative.seq = observation.seq;
  negative.event = moment.event;
  negative.p_neg = observation.p_neg;
  negative.themes = themes;
  negative.source = std::string(observation.source);
  recent_.add(std::move(negative), observation.text, id_, !alarm_);
  if (!live) return;  // seen and learnt from, but a back-fill is no news
  Rise::add(counts_.cells, kBrandMultiples, habit.share(), moment);
  for (std::size_t i = 0; i < kThemes; ++i) {
    if ((themes >> i & 1u) != 0) Rise::add(counts_.theme_cells[i], kThemeMultiples, habit.theme_share(i), moment);
  }
}

double WatchedBrand::block_negatives(double share) const { return share * counts_.habit.per_second() * 6 * kHour; }

Evidence WatchedBrand::brand_evidence(const Moment& moment) const {
  const double share = counts_.habit.share();
  return Rise::best(counts_.cells, kBrandMultiples, share, moment, kWanderCaution * counts_.habit.wander(),
                    block_negatives(share));
}

Evidence WatchedBrand::theme_evidence(std::size_t theme, const Moment& moment) const {
  const double share = counts_.habit.theme_share(theme);
  return Rise::best(counts_.theme_cells[theme], kThemeMultiples, share, moment, kWanderCaution * counts_.habit.wander(),
                    block_negatives(share));
}

void WatchedBrand::consider_raise(const Moment& moment, std::uint16_t themes, double now, double budget,
                                  std::vector<Signal>& out) {
  if (now - counts_.first_seen < kWarmUp) return;
  const double a_month = counts_.habit.per_second() * kMonth;
  double best_over = 0, months = 0, nats = 0;
  const Cell* best = nullptr;
  const auto weigh = [&](const Evidence& evidence, const Cell& cell, double share, double series) {
    const double over = evidence.nats - bar(share * a_month, series, budget);
    const float least = over > kFastNats ? kLeastOfFast : kLeastNegatives;
    if (over <= 0 || evidence.negatives < least || (best != nullptr && over <= best_over)) return;
    best = &cell;
    best_over = over;
    nats = evidence.nats;
    months = months_by_chance(evidence.nats, share * a_month, series);
  };
  const Evidence brand = brand_evidence(moment);
  weigh(brand, counts_.cells[brand.cell], counts_.habit.share(), kBrandSeries);
  for (std::size_t i = 0; i < kThemes; ++i) {
    if ((themes >> i & 1u) == 0) continue;  // only what has just grown can pass its bar
    const Evidence theme = theme_evidence(i, moment);
    weigh(theme, counts_.theme_cells[i][theme.cell], counts_.habit.theme_share(i), kThemeSeries);
  }
  if (best == nullptr) return;

  open_alarm(*best, moment, now);
  alarm_->best_nats = nats;
  alarm_->best_months = months;
  out.push_back(describe(SignalKind::raise, now));
}

// The cell that spoke may be a theme's; the alarm speaks of all the brand's negatives since the same moment.
void WatchedBrand::open_alarm(const Cell& cell, const Moment& moment, double now) {
  Alarm& alarm = alarm_.emplace();
  alarm.raised = alarm.last_signal = alarm.back_from = now;
  alarm.since = cell.since;
  alarm.exposure0 = cell.exposure0;
  alarm.mentions0 = cell.mentions0;
  const auto by_theme = recent_.themes(alarm.since);
  std::copy_n(by_theme.begin(), kThemes, alarm.themes.begin());
  const auto first = recent_.first(alarm.since, alarm.first.size());
  std::copy(first.begin(), first.end(), alarm.first.begin());
  alarm.negatives = std::max<double>(cell.negatives, static_cast<double>(recent_.count(alarm.since)));
  alarm.back_exposure = moment.exposure;
  alarm.severity = severity(alarm.negatives, expected_since(alarm.exposure0, now), top_theme(now));
}

// A negative while an alarm is on.
void WatchedBrand::follow(const Moment& moment, std::uint16_t themes, double now, std::vector<Signal>& out) {
  Alarm& alarm = *alarm_;
  alarm.negatives += 1;
  alarm.blind = false;
  for (std::size_t i = 0; i < kThemes; ++i) alarm.themes[i] += themes >> i & 1u;
  const double expected = expected_since(alarm.exposure0, now);
  const Evidence evidence = brand_evidence(moment);
  if (evidence.nats > alarm.best_nats) {
    alarm.best_nats = evidence.nats;
    const double a_month = counts_.habit.per_second() * kMonth * counts_.habit.share();
    alarm.best_months = std::max(alarm.best_months, months_by_chance(evidence.nats, a_month, kBrandSeries));
  }
  // One more negative takes back some of the way to normal.
  alarm.back -= std::log(still_raised(alarm.negatives, expected));
  if (alarm.back <= 0) {
    alarm.back = 0;
    alarm.back_from = now;
  }
  const int severity_now = severity(alarm.negatives, expected, top_theme(now));
  const bool worse = severity_now > alarm.severity;
  if (now - alarm.last_signal < (worse ? kUpdateEvery / 5 : kUpdateEvery)) return;
  alarm.severity = std::max(alarm.severity, severity_now);
  alarm.last_signal = now;
  out.push_back(describe(SignalKind::update, now));
}

bool WatchedBrand::is_silent(double now) const {
  const Habit& habit = counts_.habit;
  return habit.exposure(now) - habit.exposure_at(counts_.last_mention, now) > kSilence ||
         (now - counts_.last_mention) * habit.per_second() > 2 * kSilence;
}

void WatchedBrand::tick(double now, std::vector<Signal>& out) {
  counts_.habit.advance(now, frozen(now));
  if (alarm_) consider_end(now, out);
}

void WatchedBrand::accept(double now, std::vector<Signal>& out) {
  if (!alarm_) return;
  out.push_back(describe(SignalKind::clear, now));
  counts_.habit.move_to(alarm_->negatives, std::max(0.0, counts_.habit.exposure(now) - alarm_->exposure0));
  alarm_.reset();
  reset_cells();
}

void WatchedBrand::consider_end(double now, std::vector<Signal>& out) {
  Alarm& alarm = *alarm_;
  const double exposure = counts_.habit.exposure(now);
  const double passed = std::max(0.0, exposure - alarm.back_exposure);
  // Silence is not recovery: when mentions as a whole stay away, nothing is known of the negatives among them.
  if (is_silent(now)) {
    alarm.back_exposure = exposure;
    if (!alarm.blind) {
      alarm.blind = true;
      out.push_back(describe(SignalKind::no_data, now));
    }
    return;
  }
  const double expected = expected_since(alarm.exposure0, now);
  alarm.back += (still_raised(alarm.negatives, expected) - 1) * counts_.habit.share() * passed;
  alarm.back_exposure = exposure;

  const double hold = std::max(kHold, kMentionsToClear / counts_.habit.per_second());
  if (alarm.back < kBackNats || now - alarm.back_from < hold) return;
  out.push_back(describe(SignalKind::clear, now));
  alarm_.reset();
  reset_cells();
}

void WatchedBrand::reset_cells() {
  counts_.cells = {};
  counts_.theme_cells = {};
}

double WatchedBrand::expected_since(double exposure0, double now) const {
  return counts_.habit.share() * std::max(0.0, counts_.habit.exposure(now) - exposure0);
}

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

// 1, and one more for each of: at least twice the usual, at least five times, ten authors, fifty authors, and a theme
// that can hurt people or expose them (safety, privacy). At most 5.
int WatchedBrand::severity(double observed, double expected, std::size_t theme) const {
  const double ratio = observed / std::max(expected, 0.1);
  const bool grave = (*themes_)[theme] == "safety" || (*themes_)[theme] == "privacy";
  const int score = 1 + (ratio >= 2 ? 1 : 0) + (ratio >= 5 ? 1 : 0) + (observed >= 10 ? 1 : 0) +
                    (observed >= 50 ? 1 : 0) + (grave ? 1 : 0);
  return std::min(score, 5);
}

std::vector<ThemeCount> WatchedBrand::themes_by_evidence(double now) const {
  const double mentions = std::max(0.0, counts_.habit.exposure(now) - alarm_->exposure0);
  struct Ranked {
    double nats;
    ThemeCount theme;
  };
  std::vector<Ranked> ranked;
  for (std::size_t i = 0; i < kThemes; ++i) {
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
  signal.months_by_chance = alarm.best_months;
  signal.authors = static_cast<int>(alarm.negatives);
  signal.severity = alarm.severity;
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
  signal.id = signal_id(signal);
  return signal;
}

void WatchedBrand::save(ByteWriter& out) const {
  static_assert(std::is_trivially_copyable_v<Counts> && std::is_trivially_copyable_v<Alarm>);
  out.text(id_);
  out.value(counts_);
  out.value(alarm_.has_value());
  if (alarm_) out.value(*alarm_);
  recent_.save(out);
}

void WatchedBrand::restore(ByteReader& in) {
  in.text(id_);
  in.value(counts_);
  bool alarmed = false;
  in.value(alarmed);
  if (alarmed)
    in.value(alarm_.emplace());
  else
    alarm_.reset();
  recent_.restore(in);
}

}  // namespace vigie
