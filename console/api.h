// What programs may ask of the console, for who is signed in: one table of routes below /api/v1, described for them at
// /api/v1/openapi.json (OpenAPI 3.1).

#pragma once

#include <string_view>
#include <vector>

#include "console/console.h"

namespace vigie {

inline constexpr std::string_view kApiRoot = "/api/v1/";

struct ApiRoute {
  std::string_view method, path;  // a step in braces stands for any one step
};

std::vector<ApiRoute> api_routes();

// Answers in JSON whatever happens. 401 before signing in, 403 for a POST from another site, 404 and 405 outside the
// table, 422 for what was asked wrongly, 503 while the store cannot be read.
ServerReply answer_api(const ConsoleContext& context, const ServerRequest& request);

}  // namespace vigie
