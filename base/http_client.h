// The one guarded door to the network: libcurl multi with TLS verified, decoded bytes and time capped, redirects
// followed by hand and re-checked, secrets kept to their host, and an address guard that runs after DNS at every hop.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/http.h"
#include "base/metrics.h"

namespace vigie {

using OnReply = std::function<void(Result<HttpReply>)>;

// What becomes of an answer that never ends (server-sent events).
struct Streaming {
  std::function<bool(std::string_view)> on_bytes;  // each piece of a 2xx body as it comes; false ends the answer
  Duration quiet = seconds(90);                    // silence that ends it
};

// Requests run concurrently on the thread that calls poll(); callbacks come from inside poll(), in the order of
// completion. Any HTTP status is a reply; an error means that no whole answer came:
//   transient  DNS, connect, TLS hand-shake broken off, time-out, too slow; maybe_done once the request has gone out
//   denied     certificate not valid, address or port or scheme refused by the guard, https to http with secrets
//   bad_data   larger than max_bytes, decompression bomb, redirect loop or more than limits::kRedirects
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual void start(HttpRequest request, OnReply on_reply) = 0;
  // The same guard, redirects and headers, but neither size nor whole time are capped. The reply comes when the answer
  // has ended; its body is empty, or that of a refusal.
  virtual void stream(HttpRequest request, Streaming streaming, OnReply on_reply) = 0;
  // Moves transfers on, waiting at most `max_wait` for something to happen. Returns the number still running.
  virtual std::size_t poll(Duration max_wait) = 0;
  // Ends a poll() that is waiting; the one call allowed from another thread.
  virtual void wake() = 0;
};

struct HttpOptions {
  std::string user_agent = "vigie";
  std::vector<std::string> allow_private;  // "127.0.0.1", "10.1.2.0/24", "[::1]", each with optional ":port"
  std::vector<int> extra_ports;            // beside 80, 443, 8000-8999
  std::string ca_file;                     // "" = the system's
};

std::unique_ptr<HttpClient> make_http_client(HttpOptions options, const Clock& clock, Metrics& metrics);

// One request, waited for.
Result<HttpReply> fetch(HttpClient& client, HttpRequest request);

// Whether the guard lets a connection to this address ("127.0.0.1", "::1") and port through. Pure; for tests and
// doctor.
bool address_allowed(std::string_view address, int port, const HttpOptions& options);

// bad_config unless `entry` can stand in HttpOptions::allow_private.
Result<void> check_allow_private(std::string_view entry);

}  // namespace vigie
