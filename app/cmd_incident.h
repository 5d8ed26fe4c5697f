// `vigie incident`: what is open, the history of one, and acting on it.

#pragma once

#include <ostream>
#include <string>

#include "base/clock.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

struct IncidentRequest {
  std::string config = "vigie.toml";
  std::string what = "list";  // list show ack unack assign note resolve merge split
  std::string incident{};     // id
  std::string value{};        // assign: person; merge: the incident that tells its story
  std::string by{}, reason{};
  bool all = false;  // list: those that are over too
};

int incident(const IncidentRequest& request, const Settings& settings, Store& store, const Clock& clock,
             std::ostream& out, std::ostream& err);
int cmd_incident(const IncidentRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
