// Subscribes to the hubs that feeds name (WebSub), so that news comes at once; polling goes on as the safety net. The
// loop asks hubs, the public listener answers them at /websub/{id}. What a feed offers stands in its bookmark, what
// became of it in the store's settings.

#pragma once

#include <optional>
#include <stop_token>

#include "app/push_in.h"
#include "base/http_client.h"
#include "collectors/websub.h"

namespace vigie {

class Hubs {
 public:
  Hubs(const Settings& settings, OpenStore open, Bus& bus, const Clock& clock);

  // Off unless [serve] public_url is given and there are feeds: a hub must be able to reach us.
  bool enabled() const { return enabled_; }

  // Asks the hubs that are due. Returns how many were asked.
  int tick(Store& store, HttpClient& http);
  void run(const std::stop_token& stop, Store& store, HttpClient& http);

  // Nothing when the path is none of ours. Called on several threads.
  std::optional<ServerReply> answer(const ServerRequest& request) const;

 private:
  struct Known {
    const SourceSettings* source;
    HubSubscription subscription;
  };
  Result<std::optional<Known>> find(Store& store, std::string_view id) const;
  Result<ServerReply> confirm_to(const ServerRequest& request, std::string_view id) const;
  Result<ServerReply> take(const ServerRequest& request, std::string_view id) const;
  Result<bool> ask(const SourceSettings& source, Store& store, HttpClient& http) const;

  const Settings& settings_;
  const OpenStore open_;
  Bus& bus_;
  const Clock& clock_;
  const bool enabled_;
};

}  // namespace vigie
