// Which addresses and ports the program may call. Sources, webhooks and redirects name hosts that strangers chose:
// without this, a feed could make the server read its own network (SSRF). Asked with the real address, after DNS.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ip_range.h"
#include "base/result.h"

namespace vigie {

class AddressGuard {
 public:
  // Entries as in HttpOptions::allow_private; one that cannot be read opens nothing and is logged.
  AddressGuard(const std::vector<std::string>& allow_private, std::vector<int> extra_ports);

  enum class Verdict { allowed, private_address, port };
  Verdict check(const IpAddress& address, int port) const;

 private:
  struct Opening {
    IpRange range;
    std::optional<int> port;  // none: the usual ports
  };
  static Result<Opening> parse(std::string_view entry);

  std::vector<Opening> openings_;
  std::vector<int> extra_ports_;

  friend Result<void> check_allow_private(std::string_view entry);
};

}  // namespace vigie
