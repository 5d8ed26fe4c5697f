// What is normal for one brand: how many mentions at which hour, and what part of them is negative, overall and by
// theme. Everything fades with a half-life, is updated once an hour, and stands still while an alarm is on.

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

  // Ends the hours that are over by `now`. `frozen`: their mentions are an alarm's and teach nothing.
  void advance(double now, bool frozen);

  void count_mention() { ++hour_total_; }
  void count_negative(std::uint16_t themes);

  // From now on, `negatives` of `mentions` is normal.
  void move_to(double negatives, double mentions);

  // Expected mentions from the beginning of time to `now`, which lies in the current hour or after it; and the other
  // way back for a moment up to an hour or two ago.
  double exposure(double now) const;
  double exposure_at(double event, double now) const;

  double per_second() const;                    // mentions, averaged over the day
  double share() const;                         // negatives per mention
  double theme_share(std::size_t theme) const;  // negatives of that theme per mention
  // Variance of the share beyond chance, relative (0.01 = it wanders by 10 %), over blocks of six hours.
  double wander() const;

 private:
  void end_hour(bool frozen);
  void end_block(bool frozen);
  double rate_of(std::size_t hour_of_day) const;

  double hour_start_ = 0;
  double exposure_ = 0;                        // at hour_start_
  double volume_ = 0, hours_ = 0;              // mentions and hours, half-life 7 days
  double mentions_ = 0, negatives_ = 0;        // half-life 14 days
  double wander_sum_ = 0, wander_weight_ = 0;  // half-life 14 days
  std::uint32_t hour_total_ = 0, hour_negative_ = 0, block_total_ = 0, block_negative_ = 0;
  std::array<std::uint16_t, kThemes> hour_theme_{};
  std::array<float, kThemes> theme_{};  // half-life 14 days
  std::array<float, 24> profile_{};     // mentions by hour of the day (UTC), half-life 7 days
};

}  // namespace vigie
