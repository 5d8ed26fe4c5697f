// How a request of a definition is let in: keys, tokens, and the logins that give tokens (OAuth 2: RFC 6749 and 7523;
// sessions as Bluesky's). SOURCES.md 5.5.

#pragma once

#include "base/http.h"
#include "collectors/definition_model.h"
#include "collectors/definition_position.h"
#include "config/settings.h"

namespace vigie::definition {

// Whether a login comes before the next page.
bool must_log_in(const Definition& definition, const Login& login, Time now);

// The login, or the renewal of one when there is something to renew.
Result<HttpRequest> login_request(const Definition& definition, const SourceSettings& settings, const Login& login,
                                  Time now);

// Whether this is the answer to a login and not to a page: told by its address.
bool answers_login(const Definition& definition, const SourceSettings& settings, const HttpReply& reply);

// What the login gave. denied when it was refused for good: names what to check, never the secret. A refused renewal
// is an empty Login: log in from the start.
Result<Login> login_from(const Definition& definition, const HttpReply& reply, const Login& before, Time now);

// Puts keys and tokens on a request: into its secret headers, or its query.
Result<void> authorise(const Definition& definition, const SourceSettings& settings, const Login& login, Time now,
                       HttpRequest& request, std::vector<Header>& query);

}  // namespace vigie::definition
