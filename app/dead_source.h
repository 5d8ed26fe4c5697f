// Whether what is known of an incident comes from a source that has stopped working. Pure.

#pragma once

#include <vector>

#include "config/settings.h"
#include "model/signal.h"
#include "store/store.h"

namespace vigie {

// Whether one of those that gave a fifth of the evidence or more has failed for an hour, and for three times its pace,
// at that time: what it would say now is missing.
bool hangs_on_a_dead_source(const Signal& evidence, const std::vector<SourceHealth>& health,
                            const std::vector<SourceSettings>& sources, Time now);

}  // namespace vigie
