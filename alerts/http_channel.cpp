#include "alerts/http_channel.h"

#include <algorithm>
#include <cmath>

#include "alerts/notifier_kind.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kReplyBytes = 64u << 10;
constexpr std::size_t kReplyShown = 120;
constexpr std::size_t kReplyDepth = 16;
constexpr std::size_t kTelling = 10;  // a shorter part of an address ("services", "api") is not what makes it secret
constexpr std::size_t kLeastTelling = 4;  // of a secret's beginning
constexpr Duration kLeastWait = seconds(1), kLongestWait = hours(1);

std::optional<Duration> in_seconds(double wait) {
  if (!(wait > 0)) return std::nullopt;
  return Duration(static_cast<std::int64_t>(std::ceil(std::min(wait, 86400.0) * 1e6)));
}

std::optional<Duration> body_asks(std::string_view body) {
  const auto document = json::parse(body, kReplyDepth);
  if (!document) return std::nullopt;
  const json::Value root = document->root();
  const double wait = std::max({root.number_or("retry_after", 0), root.number_or("parameters.retry_after", 0),
                                root.number_or("retry_after_ms", 0) / 1000});
  return in_seconds(wait);
}

struct Verdict {
  ErrorKind kind;
  std::string_view advice = "";
};

Verdict verdict(int status, const Refusals& refusals) {
  switch (status) {
    case 401:
    case 403: return {ErrorKind::denied, refusals.denied};
    case 404: return {refusals.missing, refusals.missing_advice};
    case 408:
    case 425: return {ErrorKind::transient};
    case 410: return {ErrorKind::gone, "the receiver is gone, take this endpoint out"};
    case 429: return {ErrorKind::rate_limited, "too many"};
    case 301:
    case 308: return {ErrorKind::bad_data, "it moved, and redirects are not followed; set the new address"};
    default: break;
  }
  if (status >= 500) return {ErrorKind::transient};
  if (status >= 300 && status < 400) return {ErrorKind::transient, "redirects are not followed"};
  return {ErrorKind::bad_data};
}

// Every part of an address by which one could send in our name: its path, and each long piece of path and query, for a
// remote may repeat one alone.
std::vector<std::string_view> parts_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t path = url.find_first_of("/?#", std::min(host, url.size()));
  std::vector<std::string_view> parts = {url};
  if (path == std::string_view::npos) return parts;
  parts.push_back(url.substr(path));
  for (std::size_t at = path; at < url.size();) {
    const std::size_t end = std::min(url.find_first_of("/?&=#", at), url.size());
    if (end - at >= kTelling) parts.push_back(url.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

// A secret that stood where the answer was cut is still there in part.
void hide_cut_secret(std::string& text, std::string_view secret) {
  constexpr std::string_view kCut = "…";
  if (!text.ends_with(kCut)) return;
  const std::string_view kept = std::string_view(text).substr(0, text.size() - kCut.size());
  for (std::size_t length = std::min(secret.size(), kept.size()); length >= kLeastTelling; --length) {
    if (!kept.ends_with(secret.substr(0, length))) continue;
    text = concat(kept.substr(0, kept.size() - length), "[secret]", kCut);
    return;
  }
}

}  // namespace

Result<HttpReply> post(HttpClient& http, Post post) {
  HttpRequest request;
  request.method = std::move(post.method);
  request.url = std::move(post.url);
  request.headers = std::move(post.headers);
  request.headers.insert(request.headers.begin(), {"Content-Type", std::move(post.content_type)});
  request.secret_headers = std::move(post.secret_headers);
  request.body = std::move(post.body);
  request.max_bytes = kReplyBytes;
  request.timeout = limits::kNotification;
  request.follow_redirects = false;
  return fetch(http, std::move(request));
}

std::optional<Duration> asked_to_wait(const HttpReply& reply) {
  const std::optional<Duration> body = body_asks(reply.body);
  if (!reply.retry_after && !body) return std::nullopt;
  return std::clamp<Duration>(std::max(reply.retry_after.value_or(Duration::zero()), body.value_or(Duration::zero())),
                              kLeastWait, kLongestWait);
}

std::string shown(std::string_view answer) { return shorten(squeeze_spaces(to_valid_utf8(answer)), kReplyShown); }

Result<void> judge_status(const HttpReply& reply, const Refusals& refusals) {
  const int status = reply.status;
  if (status >= 200 && status < 300) return {};
  const Verdict found = verdict(status, refusals);
  Error error{found.kind, concat("answered ", std::to_string(status))};
  if (!found.advice.empty()) error.what.append(": ").append(found.advice);
  if (!reply.body.empty()) error.what.append(", saying: ").append(shown(reply.body));
  if (found.kind == ErrorKind::transient || found.kind == ErrorKind::rate_limited)
    error.retry_in = asked_to_wait(reply);
  if (found.kind == ErrorKind::rate_limited && !error.retry_in) error.retry_in = kLeastWait;
  // A gateway or a handler that broke down may have done so after the message was posted.
  error.maybe_done = status == 500 || status == 502 || status == 504;
  return fail(std::move(error));
}

Error not_understood(const HttpReply& reply) {
  Error error{ErrorKind::transient, concat("answered ", std::to_string(reply.status), ", and not as it should: ",
                                           reply.body.empty() ? std::string("nothing") : shown(reply.body))};
  error.maybe_done = true;
  return error;
}

Result<Sent> named(std::string_view kind, const EndpointSettings& endpoint, Result<Sent> sent, UrlIs url) {
  if (sent) return sent;
  std::vector<std::string_view> secrets;
  if (url == UrlIs::secret) secrets = parts_of(endpoint.url);
  const std::string encoded = url_encode(endpoint.secret);
  secrets.insert(secrets.end(), {endpoint.secret, encoded});
  // "whsec_" and the like say what a secret is; what follows is the secret even without it.
  const std::size_t prefix = std::min<std::size_t>(6, endpoint.secret.size());
  secrets.push_back(std::string_view(endpoint.secret).substr(prefix));
  for (const std::string& old : endpoint.old_secrets) secrets.push_back(old);
  for (const auto& further : endpoint.secrets) secrets.push_back(further.second);
  Error error = std::move(sent.error());
  for (const std::string_view secret : secrets) hide_cut_secret(error.what, secret);
  error.what = concat(kind, " ", endpoint.id, ": ", without_secrets(std::move(error.what), secrets));
  return fail(std::move(error));
}

}  // namespace vigie
