// What is normal for one brand: how many mentions at which hour, and what part of them is negative, overall and by
// theme. Everything fades with a half-life and is learnt six hours at a time, so that within such a block nothing that
// comes in moves the bar it is measured against. What is part of an alarm teaches nothing.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace vigie {

// The shipped themes, of which `other` is the last, and room for an installation's own; detector state is laid out by
// it.
inline constexpr std::size_t kShippedThemes = 13, kOtherTheme = 12, kThemes = 16;

class Habit {
 public:
  // Seconds since 1970; the first hour begins with the hour of `now`.
  explicit Habit(double now);
  Habit() : Habit(0) {}

  // Ends the hours that are over by `now`. `frozen`: their mentions are an alarm's and teach nothing. Returns how far
  // the origin of exposure() moved on.
  double advance(double now, bool frozen);

  void count_mention(double weight = 1) { hour_total_ += static_cast<float>(weight); }
  void count_negative(std::uint16_t themes, double weight);
  // An alarm began: what this block has counted so far is part of it.
  void set_block_aside() { aside_ = 1; }
  // From now on this is normal: `negatives` of `mentions`, so many of each theme. What is lower than habit stays.
  void move_to(double negatives, const std::array<std::uint32_t, kThemes>& themes, double mentions);

  // Expected mentions from the origin, which is the start of the current block, to `now`, which lies in the current
  // hour or after it; and the other way back for a moment up to an hour or two ago.
  double exposure(double now) const;
  double exposure_at(double event, double now) const;

  double per_second() const;                    // mentions, averaged over the day
  double share() const;                         // negatives per mention
  double theme_share(std::size_t theme) const;  // negatives of that theme per mention
  // Variance of the share beyond chance, relative (0.01 = it wanders by 10 %), over blocks of six hours.
  double wander() const;

 private:
  static constexpr std::size_t kBlockHours = 6;

  void end_hour(bool frozen);
  double end_block();
  void learn_volume();
  void learn_share();
  double rate_of(std::size_t hour_of_day) const;

  double hour_start_ = 0;
  double exposure_ = 0;                        // at hour_start_
  double volume_ = 0, hours_ = 0;              // mentions and hours, half-life 7 days
  double mentions_ = 0, negatives_ = 0;        // half-life 14 days
  double wander_sum_ = 0, wander_weight_ = 0;  // half-life 14 days
  float hour_total_ = 0, block_negative_ = 0;
  std::array<float, kBlockHours> block_hours_{};  // mentions of each hour of the block that is over
  std::array<float, kThemes> block_theme_{};
  std::array<float, kThemes> theme_{};  // half-life 14 days
  std::array<float, 24> profile_{};     // mentions by hour of the day (UTC), half-life 7 days
  // Of one width, so that no gap of unset bytes is saved.
  std::uint32_t first_hour_ = 0;  // of the block that is counted: a brand may begin within one
  std::uint32_t aside_ = 0;       // 1: it teaches nothing
};

}  // namespace vigie
