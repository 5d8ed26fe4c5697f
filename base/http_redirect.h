// What a redirect makes of a request: the rules, without a socket.

#pragma once

#include <optional>
#include <string>

#include "base/http.h"

namespace vigie {

// http or https, a host, no user info, nothing libcurl's parser refuses. denied for scheme and user info, else
// bad_data.
Result<void> check_url(const std::string& url);

// The request that follows `reply`, or nothing when the reply is the answer. `request.url` is what was asked.
//
// 303, and 301 or 302 after a POST, go on as GET without a body; 307 and 308 repeat the request. On another host the
// secrets (secret_headers, Authorization, Cookie) are left behind for good, and a body is not sent at all: it may hold
// one too. denied: https to http with secrets, a refused URL, a body for another host.
Result<std::optional<HttpRequest>> next_hop(const HttpRequest& request, const HttpReply& reply);

bool carries_secrets(const HttpRequest& request);

}  // namespace vigie
