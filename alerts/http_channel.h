// What every channel over HTTP owes: one request that is not redirected, whose answer is small and in time; what the
// answer's status means; and no secret in an error. Facts: ALERTS.md 2.0.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/notifier.h"
#include "base/http_client.h"

namespace vigie {

struct Post {
  std::string url;
  std::string body;
  std::vector<Header> headers{};         // beside Content-Type
  std::vector<Header> secret_headers{};  // tokens, signatures
  std::string method = "POST";
  std::string content_type = "application/json; charset=utf-8";
};

// The answer, whatever its status; at most 64 KiB of it, within limits::kNotification.
Result<HttpReply> post(HttpClient& http, Post post);

// How a channel says no, where it is not as everywhere.
struct Refusals {
  std::string_view denied = "check the secret on both sides";  // advice for 401 and 403
  ErrorKind missing = ErrorKind::bad_data;                     // of 404; gone: the address itself is the credential
  std::string_view missing_advice = "";
};

// Nothing for a 2xx. Else the error of that status, with the beginning of what was answered:
//   denied        401, 403
//   gone          410
//   rate_limited  429, with how long to wait
//   transient     408, 425, 5xx, 3xx that may pass; maybe_done for 500, 502 and 504, which say nothing about the
//   message bad_data      any other: this message will never be taken. 301 and 308 too: the address is another one now
Result<void> judge_status(const HttpReply& reply, const Refusals& refusals = {});

// An answer that nobody should give: taken for an outcome that is not known.
Error not_understood(const HttpReply& reply);

// How long the answer asks to wait: Retry-After, or what its JSON body says (`retry_after` in seconds, also in
// `parameters`; `retry_after_ms`), whichever is longer. Between 1 s and 1 h.
std::optional<Duration> asked_to_wait(const HttpReply& reply);

// The beginning of what was answered, on one line.
std::string shown(std::string_view answer);

enum class UrlIs { secret, known };

// `sent` with an error that begins "KIND ENDPOINT: " and shows neither the endpoint's secrets nor, where its address is
// one, that address or a part of it.
Result<Sent> named(std::string_view kind, const EndpointSettings& endpoint, Result<Sent> sent,
                   UrlIs url = UrlIs::secret);

}  // namespace vigie
