// What others send to the public listener: mentions to /in/{source}. Answered 202 only once the bus took them.

#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/http_server.h"
#include "base/metrics.h"
#include "bus/bus.h"
#include "collectors/push.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

using OpenStore = std::function<Result<std::unique_ptr<Store>>()>;

class PushIn {
 public:
  PushIn(OpenStore open, Bus& bus, const Clock& clock, Metrics& metrics)
      : open_(std::move(open)), bus_(bus), clock_(clock), metrics_(metrics) {}

  // Takes the sources of kind "push" from `settings`.
  Result<void> open(const Settings& settings);

  // Nothing when the path is none of ours. Called on several threads.
  std::optional<ServerReply> answer(const ServerRequest& request);

 private:
  struct Door {
    std::unique_ptr<Push> push;
    std::atomic<std::int64_t> noted{0};  // when its health was saved last, seconds since 1970
  };

  ServerReply take(const std::string& source, Door& door, const ServerRequest& request);
  void note(const std::string& source, Door& door);

  const OpenStore open_;
  Bus& bus_;
  const Clock& clock_;
  Metrics& metrics_;
  std::map<std::string, std::unique_ptr<Door>, std::less<>> doors_;
  std::atomic<int> publishing_{0};
};

// {"error": "..."} with that status; nothing in it is a secret.
ServerReply json_error(int status, std::string_view what);
ServerReply json_reply(int status, std::string body);

}  // namespace vigie
