#include "app/keep.h"

#include "base/log.h"

namespace vigie {

void Keep::run(const std::stop_token& stop, Pulse& pulse) {
  const std::stop_callback wake(stop, [&pulse] { pulse.notify(); });
  while (!stop.stop_requested()) {
    if (Result<void> done = tick(); !done) log::warn("keep", "housekeeping failed; trying again in an hour", {{"error", done.error().what}});
    pulse.wait(hours(1));
  }
}

}  // namespace vigie
