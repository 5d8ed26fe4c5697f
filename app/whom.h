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

}  // namespace vigie
