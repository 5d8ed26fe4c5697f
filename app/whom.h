// Whom a message about an incident would reach at an instant, through what, and what stands in its way: by the very
// functions that send.

#pragma once

#include <string>

#include "config/settings.h"
#include "model/incident.h"
#include "store/store.h"

namespace vigie {

// English, for `vigie explain`; lines end with "\n".
Result<std::string> whom_text(const Incident& incident, const Settings& settings, Store& store, Time at);

// The same of a brand at an instant, past or to come: of each of its incidents that was on then, as it would have been
// told; without any, of one that would open then, its severity high.
Result<std::string> whom_then(const std::string& brand, const Settings& settings, Store& store, Time at);

}  // namespace vigie
