#include "alerts/dispatch.h"

#include <algorithm>

#include "alerts/on_call.h"
#include "base/text.h"

namespace vigie {
namespace {

bool holds(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// An empty condition asks for nothing.
bool fits(const std::vector<std::string>& condition, std::string_view word) {
  return condition.empty() || holds(condition, word);
}

template <class Words>
bool fits_one_of(const std::vector<std::string>& condition, const Words& words) {
  return condition.empty() ||
         std::any_of(words.begin(), words.end(), [&](const auto& word) { return holds(condition, word); });
}

int least_of(Severity severity) {
  switch (severity) {
    case Severity::info: return 1;
    case Severity::warning: return 3;
    case Severity::high: return 4;
    case Severity::critical: return 5;
  }
  return 1;
}

template <class Items>
auto by_id(const Items& items, std::string_view id) {
  return std::find_if(items.begin(), items.end(), [id](const auto& item) { return item.id == id; });
}

const EndpointSettings* endpoint_of(const Settings& settings, std::string_view id) {
  const auto found = by_id(settings.endpoints, id);
  return found == settings.endpoints.end() ? nullptr : &*found;
}

class Names {
 public:
  Names(const Settings& settings, Time now) : settings_(settings), now_(now) {}

  void add(std::string_view name) {
    if (name.starts_with("person:")) {
      person(name.substr(7));
    } else if (name.starts_with("team:")) {
      const auto team = by_id(settings_.teams, name.substr(5));
      if (team == settings_.teams.end()) return;
      for (const std::string& member : team->people) person(member);
    } else if (name.starts_with("oncall:")) {
      schedule(name.substr(7));
    } else if (endpoint_of(settings_, name) != nullptr) {
      endpoints_.emplace(name);
    }
  }

  NamedEndpoints take() && { return {{endpoints_.begin(), endpoints_.end()}, std::move(gaps_)}; }

 private:
  void person(std::string_view id) {
    for (const EndpointSettings& endpoint : settings_.endpoints) {
      if (endpoint.person == id) endpoints_.insert(endpoint.id);
    }
  }

  void schedule(std::string_view id) {
    const auto found = by_id(settings_.schedules, id);
    const Result<std::string> who =
        found == settings_.schedules.end() ? Result<std::string>("") : on_call(*found, now_);
    if (who && !who->empty()) {
      person(*who);
    } else {
      gaps_.emplace_back(id);
    }
  }

  const Settings& settings_;
  const Time now_;
  std::set<std::string> endpoints_;
  std::vector<std::string> gaps_;
};

// Those whom the routes name, as the incident stands now.
std::vector<std::string> routed(const Incident& incident, const std::set<std::string>& languages) {
  std::vector<std::string> to;
  for (const Policy::Target& target : incident.policy.targets) {
    std::vector<std::string> sources;
    for (const SourceCount& source : incident.evidence.sources) sources.push_back(source.source);
    const bool grave = severity_of(incident.severity) >= severity_of(target.min_severity);
    if (grave && fits_one_of(target.themes, incident.themes) && fits_one_of(target.sources, sources) &&
        fits_one_of(target.languages, languages)) {
      to.insert(to.end(), target.to.begin(), target.to.end());
    }
  }
  return to;
}

std::set<std::string> owners_of(const Incident& incident) {
  std::set<std::string> owners;
  std::string_view rest = incident.acked_by;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(", "), rest.size());
    owners.emplace(rest.substr(0, end));
    rest = rest.substr(std::min(rest.size(), end + 2));
  }
  if (!incident.assignee.empty() && !owners.empty()) owners.insert(incident.assignee);
  return owners;
}

// Once somebody has it, what is new goes to whoever has it and to what a team shares; to everybody again when that
// reaches nobody.
void keep_owners(std::vector<std::string>& endpoints, const Incident& incident, const Settings& settings) {
  const std::set<std::string> owners = owners_of(incident);
  if (owners.empty()) return;
  std::vector<std::string> kept;
  for (const std::string& id : endpoints) {
    const EndpointSettings* endpoint = endpoint_of(settings, id);
    if (endpoint != nullptr && (endpoint->person.empty() || owners.contains(endpoint->person))) kept.push_back(id);
  }
  if (!kept.empty()) endpoints = std::move(kept);
}

// A text message for "taken" wakes people for nothing.
bool is_text_message(const EndpointSettings& endpoint) { return endpoint.kind == "ovh" || endpoint.kind == "twilio"; }

void drop_if(std::vector<std::string>& endpoints, const Settings& settings, const auto& unwanted) {
  std::erase_if(endpoints, [&](const std::string& id) {
    const EndpointSettings* endpoint = endpoint_of(settings, id);
    return endpoint == nullptr || unwanted(*endpoint);
  });
}

// What a message is to its reader: fewer words than an incident has turns.
std::string_view message_of(std::string_view purpose) {
  if (purpose == "assigned") return "escalate";
  if (purpose == "blind") return "worse";
  if (purpose == "merged") return "resolved";
  return purpose;
}

void merge_into(std::vector<std::string>& sorted, const std::vector<std::string>& more) {
  sorted.insert(sorted.end(), more.begin(), more.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
}

}  // namespace

Policy policy_for(const Signal& signal, const Settings& settings) {
  const AlertingSettings& alerting = settings.alerting;
  Policy policy;
  policy.hold = alerting.hold;
  policy.reopen = alerting.reopen;
  policy.group = alerting.group;
  policy.update = alerting.update;
  policy.repeat = alerting.repeat;
  policy.ack_timeout = alerting.ack_timeout;
  policy.flap_hold = alerting.flap_hold;
  for (const RouteSettings& route : settings.routes) {
    if (!fits(route.brands, signal.brand) || !fits(route.kinds, signal.incident_kind)) continue;
    policy.targets.push_back({least_of(route.min_severity), route.themes, route.languages, route.sources, route.to});
    const auto chain = by_id(settings.chains, route.chain);
    if (chain == settings.chains.end() || !policy.chain.empty()) continue;
    for (const ChainSettings::Step& step : chain->steps)
      policy.chain.push_back({step.after, step.after_critical, step.to});
    policy.chain_repeat = chain->repeat;
  }
  return policy;
}

NamedEndpoints named_by(const std::vector<std::string>& to, const Settings& settings, Time now) {
  Names names(settings, now);
  for (const std::string& name : to) names.add(name);
  return std::move(names).take();
}

std::string in_words(const std::string& name, const Settings& settings) {
  const auto named = [](const auto& items, std::string_view id) {
    const auto found = by_id(items, id);
    return found == items.end() || found->name.empty() ? std::string(id) : found->name;
  };
  if (name.starts_with("person:")) return named(settings.people, std::string_view(name).substr(7));
  if (name.starts_with("team:")) return named(settings.teams, std::string_view(name).substr(5));
  if (name.starts_with("oncall:")) return named(settings.schedules, std::string_view(name).substr(7));
  const EndpointSettings* endpoint = endpoint_of(settings, name);
  return endpoint != nullptr && !endpoint->person.empty() ? named(settings.people, endpoint->person) : name;
}

Dispatch dispatch(Incident& incident, const Owed& owed, const std::set<std::string>& languages,
                  const Settings& settings, Time now) {
  const std::string& purpose = owed.purpose;
  const bool opening = purpose == "first" || purpose == "reopened";
  Dispatch result;
  std::vector<std::string> endpoints;
  if (!owed.to.empty()) {
    NamedEndpoints named = named_by(owed.to, settings, now);
    result.gaps = std::move(named.gaps);
    endpoints = std::move(named.endpoints);
  } else {
    endpoints = incident.told;
  }
  if (opening || purpose == "worse")
    merge_into(endpoints, named_by(routed(incident, languages), settings, now).endpoints);
  if (purpose == "worse") keep_owners(endpoints, incident, settings);
  if (purpose == "acked") {
    const std::set<std::string> owners = owners_of(incident);
    drop_if(endpoints, settings, [&](const EndpointSettings& endpoint) {
      return is_text_message(endpoint) || (!endpoint.person.empty() && owners.contains(endpoint.person));
    });
  }
  for (const std::string& endpoint : endpoints) {
    const bool fresh = !holds(incident.told, endpoint);
    const bool retold = purpose == "worse" || purpose == "reopened";
    result.recipients.push_back({endpoint, std::string(fresh && retold ? "first" : message_of(purpose))});
  }
  merge_into(incident.told, endpoints);
  return result;
}

}  // namespace vigie
