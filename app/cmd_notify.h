// `vigie notify test`: one test message to one endpoint, at once and past every queue, and what the remote said.

#pragma once

#include <ostream>
#include <string>

#include "base/clock.h"
#include "base/http_client.h"
#include "config/settings.h"

namespace vigie {

struct NotifyRequest {
  std::string config = "vigie.toml";
  std::string endpoint{};
};

int notify_test(const NotifyRequest& request, const Settings& settings, HttpClient& http, const Clock& clock,
                std::ostream& out, std::ostream& err);
int cmd_notify_test(const NotifyRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
