#include "pipeline/rules/volume.h"

#include <algorithm>
#include <cmath>

namespace vigie {
namespace {

constexpr std::int64_t kHour = 60, kDayHours = 24, kWeekHours = 168;
constexpr std::int64_t kLeastHoursKnown = 48;
constexpr double kSilent = 12;
constexpr std::int64_t kHoursToBeRare = 14 * 24;
constexpr double kRareADay = 5;
constexpr double kHalfLifeWeeks = 4;
// Mentions of an hour of the week borrow from the same hour of other days, and those from all hours, as much as two
// hours seen would weigh: a brand is not silent on its first Sunday night.
constexpr float kBorrowed = 2;
// A pile-on must not make the weeks behind it look silent.
constexpr double kMostTimesUsual = 4, kAlwaysBelieved = 8;
constexpr std::int64_t kFarthestHours = 5 * kWeekHours;

double keep_per(double weeks) { return std::exp2(-weeks / kHalfLifeWeeks); }

}  // namespace

double Volume::rate(std::int64_t hour) const {
  const Mean& all = state_.all;
  if (all.weight <= 0) return 0;
  const Mean& day = state_.of_day[static_cast<std::size_t>(hour % kDayHours)];
  const Mean& week = state_.of_week[static_cast<std::size_t>(hour % kWeekHours)];
  const double of_day = (day.sum + kBorrowed * all.sum / all.weight) / (day.weight + kBorrowed);
  return (week.sum + kBorrowed * of_day) / (week.weight + kBorrowed);
}

double Volume::per_day() const {
  return state_.all.weight <= 0 ? 0 : static_cast<double>(state_.all.sum / state_.all.weight) * kDayHours;
}

bool Volume::is_rare() const { return state_.hours_known >= kHoursToBeRare && per_day() < kRareADay; }

void Volume::close_hour() {
  static const double kKeepWeek = keep_per(1), kKeepDay = keep_per(1.0 / 7), kKeepHour = keep_per(1.0 / kWeekHours);
  const double usual = rate(state_.hour);
  const std::int64_t from = std::max(state_.last, state_.hour * kHour);
  state_.missed += usual * static_cast<double>((state_.hour + 1) * kHour - from) / kHour;
  const auto came = static_cast<double>(state_.in_hour);
  const double believed =
      state_.hours_known < kWeekHours ? came : std::min(came, kMostTimesUsual * usual + kAlwaysBelieved);
  state_.of_week[static_cast<std::size_t>(state_.hour % kWeekHours)].add(believed, kKeepWeek);
  state_.of_day[static_cast<std::size_t>(state_.hour % kDayHours)].add(believed, kKeepDay);
  state_.all.add(believed, kKeepHour);
  state_.in_hour = 0;
  ++state_.hour;
  ++state_.hours_known;
}

void Volume::advance(std::int64_t minute) {
  if (state_.hour < 0) return;  // nothing came yet: there is no habit to count by
  while (state_.hour < minute / kHour) close_hour();
}

void Volume::count(std::int64_t minute) {
  if (state_.hour < 0) state_.hour = minute / kHour;
  advance(minute);
  ++state_.in_hour;
  state_.last = minute;
  state_.missed = 0;
}

double Volume::missed(std::int64_t minute) const {
  if (state_.hour < 0) return 0;
  const std::int64_t from = std::max(state_.last, state_.hour * kHour);
  return state_.missed + rate(state_.hour) * static_cast<double>(std::max<std::int64_t>(0, minute - from)) / kHour;
}

std::int64_t Volume::when_missed(double mentions) const {
  double sum = state_.missed;
  std::int64_t from = std::max(state_.last, state_.hour * kHour);
  for (std::int64_t hour = state_.hour; hour < state_.hour + kFarthestHours; ++hour) {
    const double a_minute = rate(hour) / kHour;
    const std::int64_t end = (hour + 1) * kHour;
    const double whole = a_minute * static_cast<double>(end - from);
    if (sum + whole >= mentions) return from + static_cast<std::int64_t>(std::ceil((mentions - sum) / a_minute));
    sum += whole;
    from = end;
  }
  return from;
}

double Volume::per_hour(std::int64_t minute) const { return rate(minute / kHour); }

bool Volume::is_silent(std::int64_t minute) const {
  return state_.hours_known >= kLeastHoursKnown && missed(minute) > kSilent;
}

}  // namespace vigie
