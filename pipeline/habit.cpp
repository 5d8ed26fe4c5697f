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
constexpr double kPriorHours = 6, kPriorVolume = 0.25;
constexpr double kPriorProfile = 24;  // mentions spread evenly over the day
constexpr double kPriorWander = 0.01, kPriorWanderWeight = 2000;
constexpr double kLeastBlock = 4;  // expected negatives in a block that says something of the share's wandering

std::size_t hour_of_day(double seconds) {
  return static_cast<std::size_t>(static_cast<std::int64_t>(seconds / kHour) % 24);
}

}  // namespace

Habit::Habit(double now) : hour_start_(std::floor(now / kHour) * kHour) {}

void Habit::advance(double now, bool frozen) {
  if (now - hour_start_ > kLongestGap) hour_start_ = std::floor((now - kLongestGap) / kHour) * kHour;
  while (now >= hour_start_ + kHour) end_hour(frozen);
}

void Habit::count_negative(std::uint16_t themes) {
  ++hour_negative_;
  for (std::size_t i = 0; i < kThemes; ++i) {
    if ((themes >> i & 1u) != 0) ++hour_theme_[i];
  }
}

void Habit::end_hour(bool frozen) {
  const std::size_t hour = hour_of_day(hour_start_);
  exposure_ += rate_of(hour) * kHour;
  if (!frozen) {
    volume_ = volume_ * kFadeWeek + hour_total_;
    hours_ = hours_ * kFadeWeek + 1;
    mentions_ = mentions_ * kFadeFortnight + hour_total_;
    negatives_ = negatives_ * kFadeFortnight + hour_negative_;
    for (std::size_t i = 0; i < kThemes; ++i) {
      theme_[i] = static_cast<float>(theme_[i] * kFadeFortnight + hour_theme_[i]);
    }
    for (float& bin : profile_) bin = static_cast<float>(bin * kFadeWeek);
    profile_[hour] += static_cast<float>(hour_total_);
    block_total_ += hour_total_;
    block_negative_ += hour_negative_;
  }
  hour_total_ = hour_negative_ = 0;
  hour_theme_.fill(0);
  if (hour % 6 == 5) end_block(frozen);
  hour_start_ += kHour;
}

void Habit::end_block(bool frozen) {
  const double expected = share() * block_total_;
  if (!frozen && expected >= kLeastBlock) {
    // A block far off is an event, not the share's wandering: it may count as three times the chance deviation, no
    // more.
    const double off =
        std::min(std::abs(block_negative_ - expected), 3 * std::sqrt(expected + 0.02 * expected * expected));
    wander_sum_ += off * off - expected;
    wander_weight_ += expected * expected;
  }
  const double fade = std::pow(kFadeFortnight, 6);
  wander_sum_ *= fade;
  wander_weight_ *= fade;
  block_total_ = block_negative_ = 0;
}

void Habit::move_to(double negatives, double mentions) {
  const double share = std::min(0.9, negatives / std::max(mentions, 1.0));
  if (share <= this->share()) return;
  negatives_ = share * (mentions_ + kPriorMentions) - kPriorShare * kPriorMentions;
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
