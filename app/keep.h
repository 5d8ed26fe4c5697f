// The sixth loop: what time alone asks for. In this version: texts whose time is over, and
// housekeeping of the store.

#pragma once

#include <stop_token>

#include "base/clock.h"
#include "base/pulse.h"
#include "store/store.h"

namespace vigie {

class Keep {
 public:
  Keep(Store& store, const Clock& clock) : store_(store), clock_(clock) {}
  Result<void> tick();
  void run(const std::stop_token& stop, Pulse& pulse);

 private:
  Store& store_;
  const Clock& clock_;
};

}  // namespace vigie
