#include "base/clock.h"

namespace vigie {

Time SystemClock::now() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

}  // namespace vigie
