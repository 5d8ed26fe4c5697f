// Where the operator looks: sources, incidents with their reasons, latest mentions with their judgement. Also /metrics
// and /health.

#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/http_server.h"
#include "base/metrics.h"
#include "config/settings.h"
#include "console/review_desk.h"
#include "store/store.h"

namespace vigie {

struct ConsoleContext {
  const Settings& settings;
  std::function<Result<std::unique_ptr<Store>>()> open;
  const Clock& clock;
  Metrics& metrics;
  std::function<std::string()> not_ready;  // "" when every loop runs, else why not (for /health/ready)
  // /api/v1/import and below, for who is signed in; none: there is no such thing here.
  std::function<ServerReply(const ServerRequest&)> import{};
  std::function<void()> acted{};  // something waits for the watch
  ReviewDesk review_desk{};       // carries out what is decided on reviews; none: they can be looked at
  std::vector<std::string> themes{};  // ids of the taxonomy, for forms that name one
};

Handler make_console(ConsoleContext context);

// A login link for the first start: https://console/login?token=...; usable once within 24 h. Stores only the hash.
Result<std::string> make_login_link(const Settings& settings, Store& store, const Clock& clock);

}  // namespace vigie
