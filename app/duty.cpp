#include "app/duty.h"

#include <algorithm>
#include <set>

#include "alerts/on_call.h"

namespace vigie {
namespace {

using Names = std::set<std::string>;

constexpr std::string_view kOnCall = "oncall:";

void add(const std::vector<std::string>& to, Names& names) { names.insert(to.begin(), to.end()); }

// Every list of names of which one has to reach somebody.
std::vector<Names> lists_of(const Settings& settings) {
  std::vector<Names> lists;
  for (const RouteSettings& route : settings.routes) {
    Names names;
    add(route.to, names);
    for (const ChainSettings& chain : settings.chains) {
      if (chain.id != route.chain) continue;
      for (const ChainSettings::Step& step : chain.steps) add(step.to, names);
    }
    lists.push_back(std::move(names));
  }
  for (const ChainSettings& chain : settings.chains) {
    Names names;
    for (auto step = chain.steps.rbegin(); step != chain.steps.rend(); ++step) {
      add(step->to, names);
      lists.push_back(names);
    }
  }
  return lists;
}

std::vector<TimeSpan> in_both(const std::vector<TimeSpan>& a, const std::vector<TimeSpan>& b) {
  std::vector<TimeSpan> found;
  for (const TimeSpan& one : a) {
    for (const TimeSpan& other : b) {
      const TimeSpan both{std::max(one.from, other.from), std::min(one.to, other.to)};
      if (both.from < both.to) found.push_back(both);
    }
  }
  return found;
}

Result<std::vector<TimeSpan>> gaps_of(const Names& schedules, const Settings& settings, Time from, Time to) {
  std::vector<TimeSpan> left{{from, to}};
  for (const ScheduleSettings& schedule : settings.schedules) {
    if (!schedules.contains(schedule.id)) continue;
    TRY(const std::vector<TimeSpan> empty, gaps(schedule, from, to));
    left = in_both(left, empty);
  }
  return left;
}

}  // namespace

Result<std::vector<DutyGap>> duty_gaps(const Settings& settings, Time from, Time to) {
  std::set<Names> together;
  Names named;
  for (const Names& list : lists_of(settings)) {
    Names schedules;
    for (const std::string& name : list) {
      if (name.starts_with(kOnCall)) schedules.insert(name.substr(kOnCall.size()));
    }
    named.insert(schedules.begin(), schedules.end());
    if (!schedules.empty() && schedules.size() == list.size()) together.insert(std::move(schedules));
  }
  for (const ScheduleSettings& schedule : settings.schedules) {
    if (schedule.hours.empty() && !named.contains(schedule.id)) together.insert({schedule.id});
  }
  std::vector<DutyGap> found;
  for (const Names& schedules : together) {
    TRY(const std::vector<TimeSpan> empty, gaps_of(schedules, settings, from, to));
    if (!empty.empty()) found.push_back({{schedules.begin(), schedules.end()}, empty.front()});
  }
  return found;
}

}  // namespace vigie
