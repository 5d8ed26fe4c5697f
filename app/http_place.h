// Which host and port an address leads to, in the words of [http] allow_private.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_range.h"

namespace vigie {

struct HttpPlace {
  std::string host;  // without brackets
  int port = 0;
};

// Nothing where there is no host to see.
std::optional<HttpPlace> http_place_of(std::string_view url);

// "127.0.0.1:8080", "[::1]:8080": opens this address and port and no other.
std::string private_entry(const IpAddress& address, int port);

// What somebody who types an address consents to: its host, at whatever addresses that has now, on its port alone. An
// answer that leads elsewhere is guarded as ever.
std::vector<std::string> typed_entries(std::string_view url);

}  // namespace vigie
