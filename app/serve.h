// The fifth loop: the public listener and the operator's console. The waiting is the HTTP server's.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/http_server.h"
#include "base/metrics.h"
#include "config/settings.h"
#include "console/console.h"

namespace vigie {

class Serve {
 public:
  // Both listeners are up when this returns. denied when a port is taken.
  // `guests`: asked before the wall what they make of a request; nothing = none of theirs.
  using Guest = std::function<std::optional<ServerReply>(const ServerRequest&)>;
  // own_time: the context's clock is not the world's, and the wall says so where it matters.
  static Result<std::unique_ptr<Serve>> start(const ConsoleContext& context, std::vector<Guest> guests = {},
                                              bool own_time = false);
  std::string public_address() const { return public_->address(); }
  std::string console_address() const { return console_->address(); }
  void stop();

 private:
  std::unique_ptr<HttpServer> public_, console_;
};

}  // namespace vigie
