// `vigie verdict`: what a person says of an incident.

#pragma once

#include <ostream>
#include <string>

#include "base/clock.h"
#include "store/store.h"

namespace vigie {

struct VerdictRequest {
  std::string config = "vigie.toml";
  std::string incident{}, word{};  // its id; useful, false, normal, or none to take back
  std::string by{};
};

int verdict(const VerdictRequest& request, Store& store, const Clock& clock, std::ostream& out, std::ostream& err);
int cmd_verdict(const VerdictRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
