// A small HTTP/1.1 server on Boost.Beast, confined to http_server.cpp: absolute deadlines, caps on bytes and
// connections, graceful stop. TLS is the reverse proxy's.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/http.h"
#include "base/limits.h"
#include "base/metrics.h"

namespace vigie {

struct ServerRequest {
  std::string method;
  std::string path;           // percent-decoded, valid UTF-8, starts with "/", no ".." step
  std::vector<Header> query;  // decoded, in order
  std::vector<Header> headers;
  std::string body;
  std::string remote;   // the visitor's address, after trusted_proxies
  bool secure = false;  // https at the trusted proxy

  std::string_view header(std::string_view name) const;
  std::string_view param(std::string_view name) const;  // query parameter or ""
  std::string form(std::string_view name) const;        // field of an urlencoded body or ""
  std::string_view cookie(std::string_view name) const;
};

struct ServerReply {
  int status = 200;
  std::string body;
  std::string content_type = "text/html; charset=utf-8";
  std::vector<Header> headers;  // CR, LF or NUL in a value turns the reply into a 500
};

// Called on the server's pool, several at a time.
using Handler = std::function<ServerReply(const ServerRequest&)>;

struct ServerOptions {
  std::string listen = "127.0.0.1:0";        // "host:port"; port 0 takes a free one
  std::string name = "public";               // label of metrics and logs
  std::vector<std::string> trusted_proxies;  // addresses or CIDR that may set X-Forwarded-For and -Proto
  std::size_t threads = 2;
  std::size_t max_body = limits::kRequestBody;
  std::size_t max_connections = limits::kConnections;
  Duration deadline = limits::kRequest;
};

// Every reply gets: Date, Content-Length, X-Content-Type-Options, Referrer-Policy and, for html, a strict
// Content-Security-Policy unless the handler set its own; HEAD is answered from GET; gzip when the client takes it and
// it pays.
class HttpServer {
 public:
  virtual ~HttpServer() = default;
  virtual std::uint16_t port() const = 0;
  virtual std::string address() const = 0;  // "127.0.0.1:8080"
  // Stops accepting, lets requests in flight finish for at most 3 s, joins.
  virtual void stop() = 0;
};

// Listens and serves at once. bad_config when the address cannot be parsed, denied when it is in use or not allowed.
Result<std::unique_ptr<HttpServer>> serve_http(ServerOptions options, Handler handler, Metrics& metrics);

}  // namespace vigie
