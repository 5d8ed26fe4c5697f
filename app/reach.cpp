#include "app/reach.h"

#include <algorithm>
#include <set>

#include "base/zone.h"
#include "config/week_window.h"

namespace vigie {
namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Everybody whom a schedule may have on call.
bool may_be_on_call(const ScheduleSettings& schedule, const std::string& person) {
  return has(schedule.people, person) ||
         std::any_of(schedule.overrides.begin(), schedule.overrides.end(),
                     [&](const ScheduleSettings::Override& one) { return one.person == person; });
}

bool tells(const Settings& settings, const std::string& target, const std::string& person) {
  if (target == concat("person:", person)) return true;
  for (const EndpointSettings& endpoint : settings.endpoints) {
    if (endpoint.id == target && endpoint.person == person) return true;
  }
  for (const TeamSettings& team : settings.teams) {
    if (target == concat("team:", team.id) && has(team.people, person)) return true;
  }
  for (const ScheduleSettings& schedule : settings.schedules) {
    if (target == concat("oncall:", schedule.id) && may_be_on_call(schedule, person)) return true;
  }
  return false;
}

// What a route leads to, its chain included.
std::vector<std::string> targets_of(const Settings& settings, const RouteSettings& route) {
  std::vector<std::string> targets = route.to;
  for (const ChainSettings& chain : settings.chains) {
    if (chain.id != route.chain) continue;
    for (const ChainSettings::Step& step : chain.steps) targets.insert(targets.end(), step.to.begin(), step.to.end());
  }
  return targets;
}

}  // namespace

bool tells(const Settings& settings, const std::vector<std::string>& targets, const std::string& person) {
  return std::any_of(targets.begin(), targets.end(),
                     [&](const std::string& target) { return tells(settings, target, person); });
}

std::vector<std::string> brands_told(const Settings& settings, const std::string& person) {
  std::set<std::string> named;
  bool all = false;
  for (const RouteSettings& route : settings.routes) {
    if (!tells(settings, targets_of(settings, route), person)) continue;
    all = all || route.brands.empty();
    named.insert(route.brands.begin(), route.brands.end());
  }
  std::vector<std::string> brands;
  for (const BrandSettings& brand : settings.brands) {
    if (all || named.contains(brand.id)) brands.push_back(brand.id);
  }
  return brands;
}

bool is_reached(const Settings& settings, const EndpointSettings& endpoint) {
  const auto leads_here = [&](const std::string& target) {
    const bool by_person = !endpoint.person.empty() && target.find(':') != std::string::npos;
    return target == endpoint.id || (by_person && tells(settings, target, endpoint.person));
  };
  const bool routed = std::any_of(settings.routes.begin(), settings.routes.end(), [&](const RouteSettings& route) {
    const std::vector<std::string> targets = targets_of(settings, route);
    return std::any_of(targets.begin(), targets.end(), leads_here);
  });
  // They are told of what is wrong with vigie itself; where none are named, the first endpoint is.
  const std::vector<std::string>& operators = settings.alerting.operators;
  const bool operates = operators.empty() ? endpoint.id == settings.endpoints.front().id
                                          : std::any_of(operators.begin(), operators.end(), leads_here);
  return routed || operates || std::any_of(settings.endpoints.begin(), settings.endpoints.end(),
                               [&](const EndpointSettings& other) { return other.fallback == endpoint.id; });
}

Result<std::string> on_clocks(Time time, const std::string& zone) {
  TRY(const LocalTime local, to_local(time, zone));
  const std::string day = format_rfc3339(Time(day_of(local).time_since_epoch())).substr(0, 10);
  return concat(day, " ", format_day_time(local.hour * 60 + local.minute));
}

}  // namespace vigie
