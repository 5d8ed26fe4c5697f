// The form on an incident's page by which a person says what it was, and what becomes of it.

#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "console/view.h"

namespace vigie {

// Member "verdict" of an incident's page: what stands, and what may be said.
Result<void> write_verdict_form(json::Writer& out, const Incident& incident, Store& store, const ConsoleView& view);

// The id in /incidents/ID/verdict; nothing for any other path.
std::optional<std::string> verdict_form_of(std::string_view path);

// Takes what the form says, and answers with the address to go back to. bad_data when there is no such verdict, gone
// when there is no such incident.
Result<std::string> take_verdict(const ServerRequest& request, const std::string& incident, Store& store, Time now);

}  // namespace vigie
