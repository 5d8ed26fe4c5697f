#include "alerts/on_call.h"

#include <algorithm>
#include <set>

#include "base/zone.h"

namespace vigie {
namespace {

constexpr Duration kLongestLook = 92 * kDay;

LocalDay first_day(const ScheduleSettings& schedule) {
  using namespace std::chrono;
  return LocalDay(year(schedule.year) / schedule.month / schedule.day);
}

int days_of_turn(const ScheduleSettings& schedule) { return std::max(1, schedule.days); }

Result<Time> handover_on(const ScheduleSettings& schedule, LocalDay day) {
  return to_instant(day, schedule.handover, schedule.time_zone, Twice::first);
}

// Whose turn it is, whatever the hours.
Result<std::string> turn_at(const ScheduleSettings& schedule, Time now) {
  if (schedule.people.empty()) return "";
  TRY(const LocalTime local, to_local(now, schedule.time_zone));
  LocalDay day = day_of(local);
  TRY(const Time handover, handover_on(schedule, day));
  if (now < handover) day -= std::chrono::days(1);
  const std::int64_t since_first = (day - first_day(schedule)).count();
  if (since_first < 0) return "";
  const auto turns = static_cast<std::size_t>(since_first / days_of_turn(schedule));
  return schedule.people[turns % schedule.people.size()];
}

Result<Shift> shift_at(const ScheduleSettings& schedule, Time now) {
  Shift shift;
  const auto covers = [&](const ScheduleSettings::Override& one) { return one.from <= now && now < one.to; };
  const auto stands_in = std::find_if(schedule.overrides.rbegin(), schedule.overrides.rend(), covers);
  if (stands_in != schedule.overrides.rend()) {
    shift.person = stands_in->person;
    shift.stands_in = true;
    return shift;
  }
  bool on_duty = schedule.hours.empty();
  if (!on_duty) {
    TRY(on_duty, within(schedule.hours, schedule.time_zone, now));
  }
  if (on_duty) {
    TRY(shift.person, turn_at(schedule, now));
  }
  return shift;
}

Result<void> add_handovers(const ScheduleSettings& schedule, Time from, Time to, std::set<Time>& changes) {
  TRY(const LocalTime local, to_local(from, schedule.time_zone));
  const std::chrono::days turn(days_of_turn(schedule));
  const LocalDay first = first_day(schedule);
  LocalDay day = std::max(first, first + (day_of(local) - first) / turn * turn);
  for (;; day += turn) {
    TRY(const Time at, handover_on(schedule, day));
    if (at >= to) return {};
    changes.insert(at);
  }
}

// Every instant at which it may become another's; which of them really change anything is found by asking.
Result<std::set<Time>> possible_changes(const ScheduleSettings& schedule, Time from, Time to) {
  std::set<Time> changes;
  TRY(add_handovers(schedule, from, to, changes));
  for (const ScheduleSettings::Override& one : schedule.overrides) changes.insert({one.from, one.to});
  TRY(const std::vector<TimeSpan> hours, spans(schedule.hours, schedule.time_zone, from, to));
  for (const TimeSpan& span : hours) changes.insert({span.from, span.to});
  changes.erase(changes.begin(), changes.upper_bound(from));
  changes.erase(changes.lower_bound(to), changes.end());
  return changes;
}

bool same(const Shift& a, const Shift& b) { return a.person == b.person && a.stands_in == b.stands_in; }

}  // namespace

Result<std::string> on_call(const ScheduleSettings& schedule, Time now) {
  TRY(Shift shift, shift_at(schedule, now));
  return std::move(shift.person);
}

Result<std::vector<Shift>> shifts(const ScheduleSettings& schedule, Time from, Time to) {
  std::vector<Shift> found;
  to = std::min(to, from + kLongestLook);
  if (from >= to) return found;
  TRY(std::set<Time> changes, possible_changes(schedule, from, to));
  changes.insert(from);
  for (const Time at : changes) {
    TRY(Shift shift, shift_at(schedule, at));
    shift.span = {at, to};
    if (!found.empty() && same(found.back(), shift)) continue;
    if (!found.empty()) found.back().span.to = at;
    found.push_back(std::move(shift));
  }
  return found;
}

Result<std::optional<Shift>> next_shift(const ScheduleSettings& schedule, Time now) {
  TRY(const std::vector<Shift> ahead, shifts(schedule, now, now + kLongestLook));
  return ahead.size() < 2 ? std::nullopt : std::optional(ahead[1]);
}

Result<std::vector<TimeSpan>> gaps(const ScheduleSettings& schedule, Time from, Time to) {
  TRY(const std::vector<Shift> all, shifts(schedule, from, to));
  std::vector<TimeSpan> found;
  for (const Shift& shift : all) {
    if (shift.person.empty()) found.push_back(shift.span);
  }
  return found;
}

}  // namespace vigie
