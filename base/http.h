// What an HTTP exchange is, for a client: plain data, no I/O.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"

namespace vigie {

using Header = std::pair<std::string, std::string>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;                       // absolute, http or https
  std::vector<Header> headers;           // one with an empty value is left out
  std::vector<Header> secret_headers{};  // never sent to another host than url's, never logged
  std::string body{};
  std::size_t max_bytes = limits::kBodyBytes;  // decoded
  Duration timeout = limits::kFetch;
  bool follow_redirects = true;  // by hand, each hop checked; notifications set false
};

struct HttpReply {
  int status = 0;
  std::string url;                        // after redirects
  std::vector<Header> headers;            // names as sent by the server
  std::string body;                       // decoded
  std::optional<Duration> retry_after{};  // from Retry-After, seconds or date; absurd values dropped, capped at 24 h
  bool moved_permanently = false;         // every hop was a 301 or 308

  // First header of that name (any case), or "".
  std::string_view header(std::string_view name) const;
};

// A GET with query parameters; a parameter with an empty value is left out.
HttpRequest get(std::string_view url, const std::vector<Header>& query);

// The URL without what must not be shown: user info, values of keys that name secrets (SOURCES: key, token, sig...).
std::string redact_url(std::string_view url);

// A Retry-After value, seconds or an HTTP date, from now on. Nothing for one that cannot be read, lies in the past or
// more than 30 days ahead; at most 24 h.
std::optional<Duration> parse_retry_after(std::string_view value, Time now);

// scheme://host[:port], lower case, default port dropped; "" when the URL cannot be parsed.
std::string origin_of(std::string_view url);

// `reference` resolved against `base` (RFC 3986); `reference` itself when either cannot be parsed.
std::string resolve_url(std::string_view base, std::string_view reference);

}  // namespace vigie
