#include "alerts/open_incidents.h"

#include <algorithm>

#include "alerts/suppress.h"

namespace vigie {
namespace {

std::string key_of(std::string_view brand, std::string_view kind) { return concat(brand, "|", kind); }

bool over(const Incident& incident) {
  return incident.state == IncidentState::closed || incident.state == IncidentState::discarded;
}

}  // namespace

void OpenIncidents::put(Incident incident) {
  std::string key = key_of(incident.brand, incident.kind);
  if (!over(incident)) current_.emplace(std::move(key), std::move(incident));
}

const Incident* OpenIncidents::find(std::string_view brand, std::string_view kind) const {
  const auto found = current_.find(key_of(brand, kind));
  return found == current_.end() ? nullptr : &found->second;
}

std::vector<Incident> OpenIncidents::calming() const {
  std::vector<Incident> found;
  for (const auto& [key, incident] : current_) {
    if (incident.state == IncidentState::recovering) found.push_back(incident);
  }
  return found;
}

const Incident* OpenIncidents::find(std::string_view id) const {
  const auto found =
      std::find_if(current_.begin(), current_.end(), [id](const auto& one) { return one.second.id == id; });
  return found == current_.end() ? nullptr : &found->second;
}

void OpenIncidents::keep(const std::string& key, const Incident& incident) {
  if (over(incident)) {
    current_.erase(key);
  } else {
    current_[key] = incident;
  }
}

void OpenIncidents::replace(const Incident& incident) { keep(key_of(incident.brand, incident.kind), incident); }

Outcome OpenIncidents::take(std::string_view brand, std::string_view kind, const Event& event, const Policy& policy,
                            Time now) {
  const Incident* known = find(brand, kind);
  Outcome outcome = apply(known ? std::optional(*known) : std::nullopt, event, policy, now);
  if (outcome.incident) keep(key_of(brand, kind), *outcome.incident);
  return outcome;
}

void OpenIncidents::wake(Time now) {
  for (auto& [key, incident] : current_) {
    for (std::optional<Time>* timer :
         {&incident.announce_at, &incident.worse_at, &incident.escalate_at, &incident.repeat_at, &incident.ack_until}) {
      if (*timer) *timer = std::max(**timer, now);
    }
  }
}

std::vector<Incident> OpenIncidents::hush(const std::vector<Silence>& silences, Time now) {
  std::vector<Incident> changed;
  for (auto& [key, incident] : current_) {
    const bool hushed = is_hushed(incident, silences, find(incident.brand, "negative"), now);
    if (vigie::hush(incident, hushed, now)) changed.push_back(incident);
  }
  return changed;
}

const Incident* OpenIncidents::due(Time now) const {
  const auto timer = [](const auto& one) { return next_timer(one.second).value_or(Time::max()); };
  const auto next = std::min_element(current_.begin(), current_.end(),
                                     [&](const auto& a, const auto& b) { return timer(a) < timer(b); });
  return next == current_.end() || timer(*next) > now ? nullptr : &next->second;
}

std::optional<OpenIncidents::Fired> OpenIncidents::fire(Time now) {
  const Incident* const next = due(now);
  if (next == nullptr) return std::nullopt;
  const Time at = *next_timer(*next);
  const std::string key = key_of(next->brand, next->kind);
  Fired fired{apply(*next, Event{}, {}, at), at};
  keep(key, *fired.outcome.incident);
  return fired;
}

}  // namespace vigie
