// A message that went to nobody's device: it waits for the digest of the person it was for.

#pragma once

#include <string>

#include "base/time.h"

namespace vigie {

struct HeldBack {
  std::string notification;  // id
  std::string person, endpoint;
  std::string incident, brand;
  std::string purpose;
  std::string reason;  // of Decision: quiet budget brand_budget over
  int severity = 1;
  Time at{};
};

}  // namespace vigie
