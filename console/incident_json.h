// Incidents for programs: GET /api/v1/incidents and /api/v1/incidents/{incident}. What is meant for people stands on
// their pages; what only the machine's own states need is left out.

#pragma once

#include <optional>
#include <string>

#include "base/http_server.h"
#include "base/result.h"
#include "store/store.h"

namespace vigie {

// Newest first, at most 200: those that are not closed, all with `view=all`; of `brand`, or of every one.
Result<std::string> incidents_json(const ServerRequest& request, Store& store);

// With its history; nothing when there is none.
Result<std::optional<std::string>> incident_json(const std::string& id, Store& store);

}  // namespace vigie
