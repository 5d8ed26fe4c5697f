#include "app/keep.h"

#include "base/log.h"
#include "store/surveys.h"

namespace vigie {

namespace {

constexpr int kErasedAtOnce = 500;               // mentions of a source: others want to write too
constexpr Duration kAddressesKept = 180 * kDay;  // of customers whom no survey can hear any more

}  // namespace

Result<void> Keep::tick() {
  for (std::int64_t erased = 1; erased > 0;) {
    TRY(erased, store_.erase_expired(clock_.now(), kErasedAtOnce));
  }
  TRY(store_.surveys().forget_contacts(clock_.now(), clock_.now() - kAddressesKept));
  return store_.tidy(clock_.now());
}

void Keep::run(const std::stop_token& stop, Pulse& pulse) {
  const std::stop_callback wake(stop, [&pulse] { pulse.notify(); });
  while (!stop.stop_requested()) {
    if (Result<void> done = tick(); !done)
      log::warn("keep", "housekeeping failed; trying again in an hour", {{"error", done.error().what}});
    pulse.wait(hours(1));
  }
}

}  // namespace vigie
