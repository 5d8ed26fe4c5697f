#include "pipeline/watched_brand.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "pipeline/severity.h"

namespace vigie {
namespace {

constexpr double kMinute = 60, kHour = 3600, kMonth = 30 * 24 * kHour;
constexpr double kLate = kHour;         // later than this, a mention says nothing of now
constexpr double kWarmUp = 48 * kHour;  // a brand is learnt before it is judged
constexpr double kFreeze = 48 * kHour;  // an alarm that lasts longer is the new habit
constexpr double kUpdateEvery = 300;
constexpr std::uint32_t kHourBits = 0xFFF;     // of an author's place
constexpr std::uint32_t kSameStoryHours = 72;  // after that, who complained once may complain again
constexpr std::size_t kMostPending = 4096;     // of one minute; more are taken before it is over

// A negative counts by how surely it is one; a usual one counts 1.
constexpr double kUsualSureness = 0.8;

// A theme's share wanders more than the brand's, which is what is measured, and both have a day of their own: 4 spares
// a tenth of the false alarms that 2 gives, and delays nothing on simulated months.
constexpr double kWanderCaution = 4;
constexpr double kLeastNegatives = 2.3, kLeastOfFast = 2;  // three likely ones, or two that are sure
constexpr double kFastNats = 3;                            // over the bar

// How many false alarms a month a series would give, for each negative it has a month, at no bar at all: chosen on
// simulated months so that a budget of one is kept by brands of every size, theme by theme and as a whole.
constexpr double kBrandChances = 1.6, kThemeChances = 11;
constexpr double kLeastBar = 2;

constexpr double kNeverMonths = 1e6;  // a figure beyond this says nothing more, and must stay finite

// The way back. "Still raised" is most of what the rise was, on a log scale: an ebb to half of it is not yet the end,
// an ebb to a tenth is. It must look over for hours, for a crisis sleeps at night too.
constexpr double kStillRaised = 0.8, kLeastRisen = 1.4;
constexpr double kBackNats = 2.5;  // 1 in 12 that a rise still on looks so normal
constexpr double kHold = 2 * kHour;
// The sources are silent when so many mentions should have come since the last one, and for longer than a source that
// is asked every quarter of an hour may leave between two answers.
constexpr double kSilence = 12, kLeastSilence = 0.75 * kHour;

std::uint16_t theme_bits(const std::vector<std::string>& themes, const std::vector<std::string>& known) {
  std::uint16_t bits = 0;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (std::find(themes.begin(), themes.end(), known[i]) != themes.end()) bits |= static_cast<std::uint16_t>(1u << i);
  }
  constexpr std::uint16_t kOther = 1u << kOtherTheme;
  return bits == 0 ? kOther : bits;
}

// Nats from which a series speaks, for a budget of false alarms a month.
double bar(double negatives_a_month, double chances, double budget) {
  return std::max(std::log(chances * std::max(1.0, negatives_a_month) / budget), kLeastBar);
}

// The other way about: once in how many months chance brings this much.
double months_by_chance(double nats, double negatives_a_month, double chances) {
  return std::min(std::exp(nats) / (chances * std::max(1.0, negatives_a_month)), kNeverMonths);
}

double minute_of(double clock) { return std::floor(clock / kMinute) * kMinute; }

double weight_of(double p_neg) { return p_neg / kUsualSureness; }

}  // namespace

Time to_time(double epoch) { return from_epoch_micros(static_cast<std::int64_t>(std::llround(epoch * 1e6))); }
double to_seconds(Time time) { return static_cast<double>(to_epoch_micros(time)) / 1e6; }

WatchedBrand::WatchedBrand(std::string id, double now, const std::vector<std::string>& themes, double budget)
    : id_(std::move(id)), themes_(&themes), budget_(budget) {
  counts_.habit = Habit(now);
  counts_.first_seen = counts_.last_mention = counts_.minute = minute_of(now);
}

// Whether the author is among the last to complain, and did so lately. A place holds 20 bits of the author and 12 of
// the hour, which come round only after 170 days.
bool WatchedBrand::known_author(std::uint64_t author, double clock) {
  if (author == 0) return false;
  const auto hour = static_cast<std::uint32_t>(clock / kHour) & kHourBits;
  const std::uint32_t who = (static_cast<std::uint32_t>(author ^ (author >> 32)) | (kHourBits + 1)) & ~kHourBits;
  auto& ring = counts_.authors;
  for (const std::uint32_t place : ring) {
    if ((place & ~kHourBits) == who && ((hour - place) & kHourBits) <= kSameStoryHours) return true;
  }
  ring[counts_.next_author++ % ring.size()] = who | hour;  // never 0, which marks an empty place
  return false;
}

void WatchedBrand::observe(const Observation& observation, std::vector<Signal>& out) {
  if (observation.seq != 0 && observation.seq <= counts_.last_seq) return;  // delivered before
  counts_.last_seq = observation.seq;
  const double clock = std::max(to_seconds(observation.ingested), counts_.minute);
  advance(clock, out);
  counts_.last_mention = std::max(counts_.last_mention, clock);
  if (alarm_ && alarm_->blind != 0) {
    alarm_->blind = 0;
    alarm_->back_exposure = counts_.habit.exposure(counts_.minute);
  }
  const double event = std::min(to_seconds(observation.event), clock);
  if (observation.p_neg < kNegative || observation.copy) {
    counts_.habit.count_mention();
    if (clock - event <= kLate) ++counts_.mentions;
    if (observation.copy && observation.p_neg >= kNegative) recent_.leave_out(event, Recent::Why::copy);
    return;
  }
  Pending pending;
  pending.negative.seq = observation.seq;
  pending.negative.event = event;
  pending.negative.p_neg = observation.p_neg;
  pending.negative.themes = theme_bits(observation.themes, *themes_);
  pending.negative.cues = observation.cues;
  pending.negative.reach = static_cast<float>(observation.reach);
  pending.negative.source = std::string(observation.source);
  pending.negative.words = Recent::words_of(observation.text, id_);
  pending.clock = clock;
  pending.author = observation.author;
  pending_.push_back(std::move(pending));
  if (pending_.size() >= kMostPending) end_minute(out);
}

void WatchedBrand::tick(double now, std::vector<Signal>& out) { advance(now, out); }

// Ends every minute that is over by `now`.
void WatchedBrand::advance(double now, std::vector<Signal>& out) {
  const double minute = minute_of(now);
  if (minute <= counts_.minute) return;
  end_minute(out);
  while (alarm_ && alarm_->blind == 0 && counts_.minute < minute) {
    counts_.minute += kMinute;
    let_time_pass(counts_.minute);
    consider_end(counts_.minute, out);
  }
  counts_.minute = minute;
  let_time_pass(minute);
  counts_.before = counts_.mentions;
}

void WatchedBrand::let_time_pass(double now) {
  const bool frozen = alarm_ && now - alarm_->raised < kFreeze;
  const double moved = counts_.habit.advance(now, frozen);
  if (moved == 0) return;
  Rise::move_origin(counts_.cells, moved);
  for (auto& cells : counts_.theme_cells) Rise::move_origin(cells, moved);
  if (!alarm_) return;
  alarm_->exposure0 -= moved;
  alarm_->back_exposure -= moved;
}

void WatchedBrand::end_minute(std::vector<Signal>& out) {
  const auto order = [](const Pending& one) {
    return std::tie(one.negative.event, one.author, one.negative.p_neg, one.negative.themes, one.clock);
  };
  std::sort(pending_.begin(), pending_.end(),
            [&order](const Pending& a, const Pending& b) { return order(a) < order(b); });
  for (Pending& one : pending_) take(one, out);
  pending_.clear();
}

void WatchedBrand::take(Pending& pending, std::vector<Signal>& out) {
  const Recent::Negative& negative = pending.negative;
  // One author's second and third complaint is neither another negative nor a mention more.
  if (known_author(pending.author, pending.clock)) return recent_.leave_out(negative.event, Recent::Why::repeated);

  Habit& habit = counts_.habit;
  const double weight = weight_of(negative.p_neg);
  habit.count_mention(weight);
  habit.count_negative(negative.themes, weight);
  // Seen and learnt from, but a back-fill is no news.
  if (pending.clock - negative.event > kLate) return recent_.leave_out(negative.event, Recent::Why::late);

  const Moment moment{habit.exposure(pending.clock), habit.exposure_at(negative.event, pending.clock), negative.event,
                      ++counts_.mentions, counts_.before};
  Rise::add(counts_.cells, kBrandMultiples, habit.share(), moment, weight);
  for (std::size_t i = 0; i < kThemes; ++i) {
    if ((negative.themes >> i & 1u) != 0)
      Rise::add(counts_.theme_cells[i], kThemeMultiples, habit.theme_share(i), moment, weight);
  }
  recent_.add(negative, !alarm_);
  if (alarm_)
    follow(moment, pending, out);
  else
    weigh_for_raise(moment, pending, out);
}

double WatchedBrand::block_negatives(double share) const { return share * counts_.habit.per_second() * 6 * kHour; }

double WatchedBrand::negatives_a_month(double share) const { return share * counts_.habit.per_second() * kMonth; }

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

void WatchedBrand::weigh_for_raise(const Moment& moment, const Pending& pending, std::vector<Signal>& out) {
  if (pending.clock - counts_.first_seen < kWarmUp) return;
  struct Found {
    const Cell* cell = nullptr;
    double nats = 0, bar = 0, months = 0;
  } found;
  const auto weigh = [&](const Evidence& evidence, const Cell& cell, double share, double chances) {
    const double needed = bar(negatives_a_month(share), chances, budget_);
    const double over = evidence.nats - needed;
    const double least = over > kFastNats ? kLeastOfFast : kLeastNegatives;
    if (over <= 0 || evidence.negatives < least) return;
    if (found.cell != nullptr && over <= found.nats - found.bar) return;
    found = {&cell, evidence.nats, needed, months_by_chance(evidence.nats, negatives_a_month(share), chances)};
  };
  const Evidence brand = brand_evidence(moment);
  weigh(brand, counts_.cells[brand.cell], counts_.habit.share(), kBrandChances);
  for (std::size_t i = 0; i < kThemes; ++i) {
    if ((pending.negative.themes >> i & 1u) == 0) continue;  // only what has just grown can pass its bar
    const Evidence theme = theme_evidence(i, moment);
    weigh(theme, counts_.theme_cells[i][theme.cell], counts_.habit.theme_share(i), kThemeChances);
  }
  if (found.cell == nullptr) return;

  open_alarm(*found.cell, moment, pending);
  alarm_->nats = found.nats;
  alarm_->bar = found.bar;
  alarm_->months = found.months;
  alarm_->severity = severity_now(pending.clock);
  out.push_back(describe(SignalKind::raise, pending.clock));
}

// The cell that spoke may be a theme's; the alarm speaks of all the brand's negatives since the same moment.
void WatchedBrand::open_alarm(const Cell& cell, const Moment& moment, const Pending& pending) {
  Alarm& alarm = alarm_.emplace();
  alarm.raised = alarm.last_signal = alarm.back_from = pending.clock;
  alarm.since = cell.since;
  alarm.exposure0 = cell.exposure0;
  alarm.mentions0 = cell.mentions0;
  const std::vector<const Recent::Negative*> part = recent_.since(alarm.since);
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (i < alarm.first.size()) alarm.first[i] = part[i]->seq;
    count_in_alarm(part[i]->themes, part[i]->cues, part[i]->reach);
  }
  alarm.negatives = static_cast<double>(part.size());
  if (cell.negatives > 1.5 * alarm.negatives) {
    // More than can be remembered one by one: the themes of those that are stand for all.
    const double scale = cell.negatives / alarm.negatives;
    for (std::uint32_t& count : alarm.themes) count = static_cast<std::uint32_t>(std::lround(count * scale));
    alarm.negatives = std::round(cell.negatives);
  }
  alarm.back_exposure = moment.exposure;
  note_rise(expected_since(alarm.exposure0, pending.clock));
  counts_.habit.set_block_aside();
}

void WatchedBrand::count_in_alarm(std::uint16_t themes, std::uint8_t cues, float reach) {
  Alarm& alarm = *alarm_;
  for (std::size_t i = 0; i < kThemes; ++i) alarm.themes[i] += themes >> i & 1u;
  for (std::size_t i = 0; i < alarm.cues.size(); ++i) {
    if ((cues >> i & 1u) != 0 && alarm.cues[i] < 255) ++alarm.cues[i];
  }
  alarm.reach += reach;
}

// What "risen" means is taken where it was surest, not thinned by the quiet hours after.
void WatchedBrand::note_rise(double expected) {
  Alarm& alarm = *alarm_;
  const double usual = std::max(expected, 0.01), nats = gain(alarm.negatives, usual);
  if (nats < alarm.risen_nats) return;
  alarm.risen_nats = nats;
  alarm.risen = std::max(kLeastRisen, std::pow(alarm.negatives / usual, kStillRaised));
}

// A negative while an alarm is on.
void WatchedBrand::follow(const Moment& moment, const Pending& pending, std::vector<Signal>& out) {
  Alarm& alarm = *alarm_;
  const double now = pending.clock;
  alarm.negatives += 1;
  count_in_alarm(pending.negative.themes, pending.negative.cues, pending.negative.reach);
  note_rise(expected_since(alarm.exposure0, now));
  const Evidence evidence = brand_evidence(moment);
  if (evidence.nats > alarm.nats) {
    const double a_month = negatives_a_month(counts_.habit.share());
    alarm.nats = evidence.nats;
    alarm.bar = bar(a_month, kBrandChances, budget_);
    alarm.months = std::max(alarm.months, months_by_chance(evidence.nats, a_month, kBrandChances));
  }
  // One more negative takes back some of the way to normal.
  alarm.back -= std::log(alarm.risen);
  if (alarm.back <= 0) {
    alarm.back = 0;
    alarm.back_from = now;
  }
  // A storm passes several bars of severity within minutes: that is one piece of news, not one for each.
  if (now - alarm.last_signal < kUpdateEvery) return;
  alarm.severity = std::max(alarm.severity, severity_now(now));
  alarm.last_signal = now;
  out.push_back(describe(SignalKind::update, now));
}

bool WatchedBrand::is_silent(double now) const {
  const Habit& habit = counts_.habit;
  if (now - counts_.last_mention < kLeastSilence) return false;
  return habit.exposure(now) - habit.exposure_at(counts_.last_mention, now) > kSilence ||
         (now - counts_.last_mention) * habit.per_second() > 2 * kSilence;
}

void WatchedBrand::consider_end(double now, std::vector<Signal>& out) {
  Alarm& alarm = *alarm_;
  const double exposure = counts_.habit.exposure(now);
  // Silence is not recovery: when mentions as a whole stay away, nothing is known of the negatives among them.
  if (is_silent(now)) {
    alarm.blind = 1;
    out.push_back(describe(SignalKind::no_data, now));
    return;
  }
  alarm.back += (alarm.risen - 1) * counts_.habit.share() * std::max(0.0, exposure - alarm.back_exposure);
  alarm.back_exposure = exposure;
  if (alarm.back < kBackNats || now - alarm.back_from < kHold) return;
  out.push_back(describe(SignalKind::clear, now));
  alarm_.reset();
  reset_cells();
}

void WatchedBrand::accept(double now, std::vector<Signal>& out) {
  advance(now, out);
  if (!alarm_) return;
  out.push_back(describe(SignalKind::clear, now));
  counts_.habit.move_to(alarm_->negatives, alarm_->themes,
                        std::max(0.0, counts_.habit.exposure(now) - alarm_->exposure0));
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

void WatchedBrand::forget(std::int64_t seq) {
  recent_.forget(seq);
  for (Pending& one : pending_) {
    if (one.negative.seq == seq) one.negative.words.clear();
  }
}

void WatchedBrand::save(ByteWriter& out) const {
  static_assert(std::is_trivially_copyable_v<Counts> && std::is_trivially_copyable_v<Alarm>);
  out.text(id_);
  out.value(counts_);
  out.value(alarm_.has_value());
  if (alarm_) out.value(*alarm_);
  recent_.save(out);
  out.value(static_cast<std::uint32_t>(pending_.size()));
  for (const Pending& one : pending_) {
    Recent::save(one.negative, out);
    out.value(one.clock);
    out.value(one.author);
  }
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
  pending_.resize(in.count(sizeof(double)));
  for (Pending& one : pending_) {
    Recent::restore(one.negative, in);
    in.value(one.clock);
    in.value(one.author);
  }
}

}  // namespace vigie
