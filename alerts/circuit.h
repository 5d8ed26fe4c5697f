// When an endpoint that fails is left alone, for how long, and when a person must hear of it (ALERTS.md 3.6). Pure.

#pragma once

#include "base/result.h"
#include "model/endpoint_health.h"

namespace vigie {

// After a message was accepted: all is well again.
EndpointHealth after_success(EndpointHealth health, Time now);

// After a try failed. What is wrong with one message (bad_data) says nothing of its endpoint, with two in a row it does;
// a wish to wait is granted. Five failures in a row, half of ten within a minute, or a refusal of ourselves (denied,
// bad_config) open the circuit for a minute, then for twice as long each time, 30 minutes at most. gone, and three days
// of this: disabled.
EndpointHealth after_failure(EndpointHealth health, const Error& error, Time now);

// Disabled, or open for more than ten minutes: its messages go elsewhere, and a person must hear of it.
bool is_given_up(const EndpointHealth& health, Time now);

// What Retry-After says, within reason: 1 s to 1 h.
Duration polite_wait(Duration asked);

}  // namespace vigie
