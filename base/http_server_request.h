// A visitor's request from its raw parts: target, proxies' headers; no socket.

#pragma once

#include "base/http_server.h"
#include "base/ip_range.h"

namespace vigie {

// Fills path and query. bad_data for a target that is not a path of valid UTF-8, or has a "." or ".." step, a control
// character or a broken percent sequence in its path.
Result<void> read_target(std::string_view target, ServerRequest& request);

// The proxies whose word about the visitor counts.
class TrustedProxies {
 public:
  // bad_config for an entry that is neither address nor CIDR.
  static Result<TrustedProxies> parse(const std::vector<std::string>& entries);

  // Fills remote and secure from the peer's address and, if it is trusted, from X-Forwarded-For and X-Forwarded-Proto:
  // the right-most address that is not a proxy of ours. What stands left of it anyone may have written.
  void identify(const std::optional<IpAddress>& peer, ServerRequest& request) const;

 private:
  bool trusts(const IpAddress& address) const;
  std::vector<IpRange> ranges_;
};

}  // namespace vigie
