// Who may look: one-time login links, sessions, and the checks that keep other sites' pages out.

#pragma once

#include <string>
#include <string_view>

#include "base/http_server.h"
#include "base/result.h"
#include "base/time.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

inline constexpr Duration kLoginLink = kDay;
inline constexpr Duration kSession = 30 * kDay;

// A secret of 256 bits for a link or a cookie; the store only ever sees its hash.
Result<std::string> issue_token(Store& store, std::string_view purpose, Time expires);

// Whether this request carries the cookie of a session that goes on.
Result<bool> signed_in(const ServerRequest& request, Store& store, Time now);

// The session for a login link's token, used up by this call; "" when the token is unknown, used or too old.
Result<std::string> sign_in(std::string_view token, Store& store, Time now);
Result<void> sign_out(const ServerRequest& request, Store& store, Time now);

// Set-Cookie values.
std::string session_cookie(std::string_view session, bool secure);
std::string no_session_cookie();

// Against DNS rebinding: a page of attacker.example that resolves to 127.0.0.1 sends its own name as Host.
bool host_expected(const ServeSettings& serve, std::string_view host);

// Against forged forms: browsers name the page a POST comes from.
bool same_origin(const ServerRequest& request);

}  // namespace vigie
