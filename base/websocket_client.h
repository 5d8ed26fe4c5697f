// WebSocket connections out (RFC 6455) on Boost.Beast, confined to websocket_client.cpp: TLS verified, every address
// checked after DNS by the guard, messages capped, pings sent and answers to them awaited.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/http_client.h"

namespace vigie {

struct WebSocketEvents {
  std::function<void()> on_open;
  std::function<void(std::string_view)> on_frame;  // one text message, valid UTF-8, at most limits::kFrameBytes
  // The end, once. A reply: the server refused the upgrade with it. Errors:
  //   transient  DNS, connect, time-out, closed or broken off by the server
  //   denied     certificate not valid, address or port refused by the guard
  //   bad_data   a message that is too large, is not text, or breaks the protocol; a URL that is none
  std::function<void(Result<HttpReply>)> on_end;
};

// Connections live on a thread of their own; what they bring waits in a bounded queue (a full one stops the reading, so
// that a slow store slows the server) and is handed over by poll(), on the caller's thread.
class WebSocketClient {
 public:
  virtual ~WebSocketClient() = default;
  // `request.url` is ws:// or wss://; its headers are sent with the upgrade.
  virtual std::uint64_t open(HttpRequest request, WebSocketEvents events) = 0;
  // No further event of that connection, not even its end.
  virtual void close(std::uint64_t connection) = 0;
  // Hands over what came since the last call. Never waits.
  virtual void poll() = 0;
};

// `ready` is called from the other thread when there is something to hand over.
std::unique_ptr<WebSocketClient> make_websocket_client(HttpOptions options, std::function<void()> ready,
                                                       Duration quiet = seconds(60));

}  // namespace vigie
