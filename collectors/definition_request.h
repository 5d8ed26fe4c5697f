// Requests of a definition: its templates filled in from the subscription, the position and the login.

#pragma once

#include "base/http.h"
#include "collectors/definition_model.h"
#include "collectors/definition_position.h"
#include "config/settings.h"

namespace vigie::definition {

// What every request of a subscription may name: parameters, {secret.x}.
Variables subscription_variables(const SourceSettings& settings);

// Parameters that are hosts or URLs, checked before: they stand in a URL as they are.
std::vector<std::string> whole_params(const Definition& definition);

// A time in the definition's format: epoch, epoch_ms, iso or strftime letters (%Y %m %d %H %M %S).
std::string written_time(const std::string& format, Time time);

// The next page of a run.
Result<HttpRequest> page_request(const Definition& definition, const SourceSettings& settings, const Position& position,
                                 const Run& run, Time now);

// A JSON body; "" when there is none.
std::string filled_body(const Definition::Body& body, const Variables& variables);
// application/x-www-form-urlencoded; values that are not set are left out.
std::string filled_form(const Definition::NamedTemplates& form, const Variables& variables);

// Puts headers on a request: those with a secret in them where they are kept to the host.
void add_headers(HttpRequest& request, const Definition::NamedTemplates& headers, const Variables& variables);

// The address without parameters that hold a secret of the subscription, and without the one the token goes in.
std::string without_keys(std::string_view url, const Definition& definition, const SourceSettings& settings);

}  // namespace vigie::definition
