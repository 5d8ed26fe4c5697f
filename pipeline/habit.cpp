#include "pipeline/habit.h"

#include <algorithm>
#include <cmath>

namespace vigie {
namespace {

constexpr double kHour = 3600;
constexpr double kLongestGap = 60 * 24 * kHour;       // what lies further back has faded anyway
const double kFadeWeek = std::exp2(-1.0 / (7 * 24));  // of one hour at a half-life of 7 days
const double kFadeFortnight = std::exp2(-1.0 / (14 * 24));

// Before a brand has shown its own habits: one mention in ten is negative, on the weight of 16 mentions; themes share
// it evenly.
constexpr double kPriorShare = 0.10, kPriorMentions = 16;
constexpr double kMostShare = 0.9;  // even where people write only to complain
constexpr double kPriorHours = 6, kPriorVolume = 0.25;
constexpr double kPriorProfile = 24;  // mentions spread evenly over the day
constexpr double kPriorWander = 0.01, kPriorWanderWeight = 2000;
constexpr double kLeastBlock = 4;  // expected negatives in a block that says something of the share's wandering

std::size_t hour_of_day(double seconds) {
  return static_cast<std::size_t>(static_cast<std::int64_t>(seconds / kHour) % 24);
}

}  // namespace

Habit::Habit(double now)
    : hour_start_(std::floor(now / kHour) * kHour),
      first_hour_(static_cast<std::uint32_t>(hour_of_day(now) % kBlockHours)) {}

double Habit::advance(double now, bool frozen) {
  // What lies further back has faded anyway; hours are not learnt one by one through years of nothing.
  if (now - hour_start_ > kLongestGap) {
    hour_start_ = std::floor((now - kLongestGap) / kHour / kBlockHours) * kHour * kBlockHours;
    first_hour_ = 0;
  }
  double moved = 0;
  while (now >= hour_start_ + kHour) {
    end_hour(frozen);
    if (hour_of_day(hour_start_) % kBlockHours == 0) moved += end_block();
  }
  return moved;
}

void Habit::count_negative(std::uint16_t themes, double weight) {
  block_negative_ += static_cast<float>(weight);
  for (std::size_t i = 0; i < kThemes; ++i) {
    if ((themes >> i & 1u) != 0) block_theme_[i] += static_cast<float>(weight);
  }
}

void Habit::end_hour(bool frozen) {
  const std::size_t hour = hour_of_day(hour_start_);
  exposure_ += rate_of(hour) * kHour;
  block_hours_[hour % kBlockHours] = hour_total_;
  hour_total_ = 0;
  if (frozen) aside_ = 1;
  hour_start_ += kHour;
}

double Habit::end_block() {
  if (aside_ == 0) {
    learn_share();
    learn_volume();
  }
  block_hours_ = {};
  block_theme_ = {};
  block_negative_ = 0;
  first_hour_ = 0;
  aside_ = 0;
  const double moved = exposure_;
  exposure_ = 0;
  return moved;
}

void Habit::learn_volume() {
  const std::size_t first = hour_of_day(hour_start_ - kBlockHours * kHour);
  for (std::size_t i = first_hour_; i < kBlockHours; ++i) {
    volume_ = volume_ * kFadeWeek + block_hours_[i];
    hours_ = hours_ * kFadeWeek + 1;
    for (float& bin : profile_) bin = static_cast<float>(bin * kFadeWeek);
    profile_[first + i] += block_hours_[i];
  }
}

void Habit::learn_share() {
  const double fade = std::pow(kFadeFortnight, static_cast<double>(kBlockHours - first_hour_));
  double total = 0;
  for (const float hour : block_hours_) total += hour;
  const double expected = share() * total;
  if (expected >= kLeastBlock) {
    // A block far off is an event, not the share's wandering: it may count as three times the chance deviation, no
    // more.
    const double off =
        std::min(std::abs(block_negative_ - expected), 3 * std::sqrt(expected + 0.02 * expected * expected));
    wander_sum_ += off * off - expected;
    wander_weight_ += expected * expected;
  }
  wander_sum_ *= fade;
  wander_weight_ *= fade;
  mentions_ = mentions_ * fade + total;
  negatives_ = negatives_ * fade + block_negative_;
  for (std::size_t i = 0; i < kThemes; ++i) theme_[i] = static_cast<float>(theme_[i] * fade + block_theme_[i]);
}

void Habit::move_to(double negatives, const std::array<std::uint32_t, kThemes>& themes, double mentions) {
  const auto share_of = [&](double count) { return std::min(kMostShare, count / std::max(mentions, 1.0)); };
  const double weight = mentions_ + kPriorMentions;
  if (const double share = share_of(negatives); share > this->share())
    negatives_ = share * weight - kPriorShare * kPriorMentions;
  for (std::size_t i = 0; i < kThemes; ++i) {
    if (const double share = share_of(themes[i]); share > theme_share(i))
      theme_[i] = static_cast<float>(std::max(0.0, share * weight - this->share() * kPriorMentions / kShippedThemes));
  }
}

double Habit::per_second() const { return (volume_ + kPriorVolume) / ((hours_ + kPriorHours) * kHour); }

double Habit::rate_of(std::size_t hour) const {
  // Neighbouring hours lend each other a quarter: a tiny brand's profile is full of holes.
  const double here = 0.5 * profile_[hour] + 0.25 * (profile_[(hour + 1) % 24] + profile_[(hour + 23) % 24]);
  const double shape = (here + kPriorProfile / 24) * 24 / (volume_ + kPriorProfile);
  return per_second() * shape;
}

double Habit::exposure(double now) const { return exposure_ + rate_of(hour_of_day(now)) * (now - hour_start_); }

double Habit::exposure_at(double event, double now) const {
  return exposure(now) - rate_of(hour_of_day(now)) * std::max(0.0, now - event);
}

double Habit::share() const { return (negatives_ + kPriorShare * kPriorMentions) / (mentions_ + kPriorMentions); }

double Habit::theme_share(std::size_t theme) const {
  return (theme_[theme] + share() * kPriorMentions / kShippedThemes) / (mentions_ + kPriorMentions);
}

double Habit::wander() const {
  return std::max(0.0, (wander_sum_ + kPriorWander * kPriorWanderWeight) / (wander_weight_ + kPriorWanderWeight));
}

}  // namespace vigie
