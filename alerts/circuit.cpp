#include "alerts/circuit.h"

#include <algorithm>

namespace vigie {
namespace {

constexpr int kInARow = 5, kEnoughTries = 10;
constexpr Duration kRefusedOnce{1};  // a pause of nothing: the next refusal in a row makes it a real one
constexpr Duration kWindow = minutes(1);
constexpr Duration kFirstPause = minutes(1), kLongestPause = minutes(30);
constexpr Duration kHopeless = 3 * kDay, kWorthAWord = minutes(10);

void set(EndpointHealth& health, Circuit circuit, Time now) {
  if (health.circuit == circuit) return;
  health.circuit = circuit;
  health.changed = now;
}

void count(EndpointHealth& health, bool failed, Time now) {
  // Also when the clock was set back.
  if (now - health.window_start >= kWindow || now < health.window_start) {
    health.window_start = now;
    health.tried = health.failed = 0;
  }
  ++health.tried;
  if (failed) ++health.failed;
}

void open(EndpointHealth& health, Time now) {
  if (!health.ill_since) health.ill_since = now;
  health.open_for = std::clamp<Duration>(2 * health.open_for, kFirstPause, kLongestPause);
  health.open_until = now + health.open_for;
  set(health, now - *health.ill_since >= kHopeless ? Circuit::disabled : Circuit::open, now);
}

}  // namespace

Duration polite_wait(Duration asked) { return std::clamp<Duration>(asked, seconds(1), hours(1)); }

EndpointHealth after_success(EndpointHealth health, Time now) {
  count(health, false, now);
  set(health, Circuit::closed, now);
  health.failures = 0;
  health.ill_since.reset();
  health.open_for = Duration::zero();
  health.told = health.diverted = false;
  health.reason.clear();
  return health;
}

EndpointHealth after_failure(EndpointHealth health, const Error& error, Time now) {
  if (error.kind == ErrorKind::bug) {
    if (health.circuit == Circuit::half_open) return after_success(std::move(health), now);  // it does answer
    return health;
  }
  if (error.kind == ErrorKind::bad_data && !error.maybe_done) {
    // Having answered, it is tried again; that it refused still counts.
    const bool before = health.circuit == Circuit::closed && health.open_for > Duration::zero();
    ++health.failures;
    health.reason = error.what;
    set(health, Circuit::closed, now);
    health.open_for = std::max(health.open_for, kRefusedOnce);
    if (before) open(health, now);
    return health;
  }
  if (error.retry_in) health.blocked_until = now + polite_wait(*error.retry_in);
  if (error.kind == ErrorKind::rate_limited) {
    set(health, Circuit::closed, now);  // it answers, and says when it will take more
    return health;
  }
  count(health, true, now);
  ++health.failures;
  health.reason = error.what;
  if (error.kind == ErrorKind::gone) {
    if (!health.ill_since) health.ill_since = now;
    set(health, Circuit::disabled, now);
    return health;
  }
  const bool refused = error.kind == ErrorKind::denied || error.kind == ErrorKind::bad_config;
  const bool often = health.tried >= kEnoughTries && 2 * health.failed >= health.tried;
  if (refused || often || health.failures >= kInARow || health.circuit == Circuit::half_open) open(health, now);
  return health;
}

bool is_given_up(const EndpointHealth& health, Time now) {
  return health.circuit == Circuit::disabled ||
         (health.circuit == Circuit::open && health.ill_since && now - *health.ill_since > kWorthAWord);
}

}  // namespace vigie
