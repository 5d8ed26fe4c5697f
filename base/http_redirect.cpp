#include "base/http_redirect.h"

#include <curl/curl.h>

#include "base/text.h"
#include "base/url.h"

namespace vigie {
namespace {

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_secret_header(const Header& header) {
  return iequals(header.first, "authorization") || iequals(header.first, "cookie") ||
         iequals(header.first, "proxy-authorization");
}

bool describes_a_body(const Header& header) { return ascii_lower(header.first).starts_with("content-"); }

// Same host and port; http on 80 and https on 443 count as one place, as most sites move their visitors from one to the
// other.
bool same_place(std::string_view a, std::string_view b) {
  const auto place = [](std::string_view url) {
    const std::string origin = origin_of(url);
    const UrlParts parts = split_url(origin);
    return std::string(parts.authority.value_or(""));
  };
  return !place(a).empty() && place(a) == place(b);
}

bool is_secure(std::string_view url) { return origin_of(url).starts_with("https://"); }

void turn_into_get(HttpRequest& request) {
  if (request.method != "HEAD") request.method = "GET";
  request.body.clear();
  std::erase_if(request.headers, describes_a_body);
  std::erase_if(request.secret_headers, describes_a_body);  // a body's signature would not fit either
}

std::string_view reason_against(CURLUcode code) {
  switch (code) {
    case CURLUE_NO_HOST: return "it has no host";
    case CURLUE_BAD_PORT_NUMBER: return "its port is not a number from 0 to 65535";
    default: return "it is not a URL";
  }
}

}  // namespace

bool carries_secrets(const HttpRequest& request) {
  return !request.secret_headers.empty() ||
         std::any_of(request.headers.begin(), request.headers.end(), is_secret_header);
}

Result<void> check_url(const std::string& url) {
  const auto refuse = [&](ErrorKind kind, std::string_view why) {
    return fail(kind, concat(redact_url(url), ": ", why));
  };

  const UrlParts parts = split_url(url);
  const std::string scheme = ascii_lower(parts.scheme.value_or(""));
  if (scheme != "http" && scheme != "https") return refuse(ErrorKind::denied, "only http and https are called");
  if (parts.authority && parts.authority->find('@') != std::string_view::npos) {
    return refuse(ErrorKind::denied, "user info in a URL is refused; put the credential into a header");
  }

  const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(curl_url(), curl_url_cleanup);
  const unsigned flags = CURLU_ALLOW_SPACE | CURLU_DISALLOW_USER;
  const CURLUcode code = url.find('\0') != std::string::npos
                             ? CURLUE_MALFORMED_INPUT
                             : curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), flags);
  if (code == CURLUE_USER_NOT_ALLOWED) return refuse(ErrorKind::denied, "user info in a URL is refused");
  if (code != CURLUE_OK) return refuse(ErrorKind::bad_data, reason_against(code));
  return {};
}

Result<std::optional<HttpRequest>> next_hop(const HttpRequest& request, const HttpReply& reply) {
  const std::string_view location = reply.header("location");
  if (!request.follow_redirects || !is_redirect(reply.status) || trim(location).empty()) return std::nullopt;

  HttpRequest next = request;
  next.url = resolve_url(request.url, location);
  TRY(check_url(next.url));
  if (is_secure(request.url) && !is_secure(next.url) && carries_secrets(request)) {
    return fail(ErrorKind::denied, concat("redirects from https to ", redact_url(next.url),
                                          ", which would send the credential in the clear"));
  }

  const bool becomes_get = reply.status == 303 || (reply.status <= 302 && request.method == "POST");
  if (becomes_get) turn_into_get(next);
  if (!same_place(request.url, next.url)) {
    if (!next.body.empty()) {
      return fail(ErrorKind::denied, concat("redirects a ", next.method, " to another host, ", redact_url(next.url),
                                            "; if that is right, configure that URL"));
    }
    next.secret_headers.clear();
    std::erase_if(next.headers, is_secret_header);
  }
  return next;
}

}  // namespace vigie
