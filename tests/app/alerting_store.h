// A store with incidents and people, for the tests of what is sent when.

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "config/settings.h"
#include "store/store.h"

namespace vigie::test {

inline const Time kSaturdayNoon = *parse_rfc3339("2026-11-21T12:00:00Z");

inline std::unique_ptr<Store> alerting_store() {
  auto store = open_sqlite_store("sqlite::memory:");
  if (!store) {
    ADD_FAILURE() << store.error().what;
    return nullptr;
  }
  return *std::move(store);
}

// Two brands; ana is told of acme by mail and chat, ben of everything.
inline Settings two_people() {
  Settings settings;
  settings.brands.resize(2);
  settings.brands[0].id = "acme";
  settings.brands[0].name = "Acme";
  settings.brands[1].id = "other";
  settings.brands[1].name = "Other";
  settings.people.resize(2);
  settings.people[0].id = "ana";
  settings.people[0].time_zone = "Europe/Paris";
  settings.people[1].id = "ben";
  settings.endpoints.resize(3);
  settings.endpoints[0].id = "ana-chat";
  settings.endpoints[0].kind = "ntfy";
  settings.endpoints[0].person = "ana";
  settings.endpoints[1].id = "ana-mail";
  settings.endpoints[1].kind = "email";
  settings.endpoints[1].person = "ana";
  settings.endpoints[2].id = "ben-mail";
  settings.endpoints[2].kind = "email";
  settings.endpoints[2].person = "ben";
  settings.routes.resize(2);
  settings.routes[0].brands = {"acme"};
  settings.routes[0].to = {"person:ana"};
  settings.routes[1].to = {"ben-mail"};
  return settings;
}

inline Incident open_incident(const std::string& id, const std::string& brand = "acme",
                              const std::string& kind = "negative") {
  Incident incident;
  incident.id = id;
  incident.brand = brand;
  incident.kind = kind;
  incident.state = IncidentState::open;
  incident.severity = 4;
  incident.opened = incident.updated = kSaturdayNoon - hours(1);
  incident.evidence.id = "signal of " + id;
  incident.evidence.brand = brand;
  incident.evidence.at = kSaturdayNoon;
  incident.evidence.since = kSaturdayNoon - hours(1);
  return incident;
}

inline void keep(Store& store, const Incident& incident, const std::vector<Transition>& transitions = {}) {
  WatchCommit commit;
  commit.incidents = {incident};
  for (const Transition& transition : transitions) commit.transitions.emplace_back(incident.id, transition);
  const auto kept = store.commit_watch(commit);
  EXPECT_TRUE(kept) << kept.error().what;
}

inline Notification owed(const std::string& id, const std::string& incident, const std::string& purpose = "first") {
  Notification notification;
  notification.id = id;
  notification.subject_kind = "incident";
  notification.subject_id = incident;
  notification.purpose = purpose;
  notification.endpoint = "ana-chat";
  notification.recipient = "ana";
  notification.document = "{}";
  notification.created = notification.due = kSaturdayNoon;
  return notification;
}

}  // namespace vigie::test
