// What the team does with an incident: the forms of its page, and the same for programs at
// POST /api/v1/incidents/{id}/acts.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "console/view.h"
#include "model/incident.h"
#include "store/store.h"

namespace vigie {

// Adds "acts" to a page's data: who has it, what can be done.
Result<void> write_act_forms(json::Writer& out, const Incident& incident, Store& store, const ConsoleView& view);

// The incident whose act form posts to this path; nothing for another path.
std::optional<std::string> act_form_of(std::string_view path);
std::optional<std::string> act_api_of(std::string_view path);

// The address to go back to. gone: no such incident; bad_data: the form says what it cannot.
Result<std::string> take_act(const ServerRequest& request, const std::string& incident, const Settings& settings,
                             Store& store, Time now);

// Body {"act", "reason", "value", "id"}; the answer's body. `id` makes a repeated request one act.
Result<std::string> take_act_in_json(const ServerRequest& request, const std::string& incident,
                                     const Settings& settings, Store& store, Time now);

}  // namespace vigie
