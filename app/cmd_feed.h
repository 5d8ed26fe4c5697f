// `vigie feed FILE|URL`: one feed, read as the collector would, as JSON.

#pragma once

#include <ostream>
#include <string_view>

#include "base/http_client.h"

namespace vigie {

// Prints the object of DESIGN.md section 5 in one line. Exit status 0; 2 when it cannot be read or is no feed; 3 when
// the network or the server failed.
int cmd_feed(std::string_view target, HttpClient& http, Time now, std::ostream& out, std::ostream& err);

}  // namespace vigie
