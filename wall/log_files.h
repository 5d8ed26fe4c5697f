// A wall's log over HTTP: the files of DATA/log/BRAND that everybody may read, and no others.

#pragma once

#include <optional>

#include "base/http_server.h"
#include "config/settings.h"

namespace vigie {

class LogFiles {
 public:
  explicit LogFiles(const Settings& settings) : settings_(settings) {}

  // /wall/{brand}/log/...; nothing when the path is none of ours. Called on several threads.
  std::optional<ServerReply> answer(const ServerRequest& request) const;

 private:
  const Settings& settings_;
};

}  // namespace vigie
