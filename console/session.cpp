#include "console/session.h"

#include "base/http.h"
#include "base/secret.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::string_view kCookie = "vigie_session";
constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kLongestToken = 100;  // 43 characters are ours; more is not worth hashing

std::string hash_of(std::string_view token) { return to_hex(sha256(token)); }

Result<bool> use(std::string_view token, const std::string& purpose, Store& store, Time now, bool once) {
  if (token.empty() || token.size() > kLongestToken) return false;
  return store.use_token(hash_of(token), purpose, now, once);
}

// "console.example.org" of "https://console.example.org:8443/x" or "console.example.org:8443"; "[::1]" keeps its
// brackets.
std::string host_name(std::string_view text) {
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find('/'));
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return ascii_lower(text.substr(0, colon));
}

}  // namespace

Result<std::string> issue_token(Store& store, std::string_view purpose, Time expires) {
  std::string token = to_base64url(random_bytes(kTokenBytes));
  TRY(store.save_token(hash_of(token), std::string(purpose), expires));
  return token;
}

Result<bool> signed_in(const ServerRequest& request, Store& store, Time now) {
  return use(request.cookie(kCookie), "session", store, now, false);
}

Result<std::string> sign_in(std::string_view token, Store& store, Time now) {
  TRY(const bool valid, use(token, "login", store, now, true));
  if (!valid) return std::string();
  return issue_token(store, "session", now + kSession);
}

Result<void> sign_out(const ServerRequest& request, Store& store, Time now) {
  TRY(use(request.cookie(kCookie), "session", store, now, true));
  return {};
}

std::string session_cookie(std::string_view session, bool secure) {
  const auto age = std::chrono::duration_cast<seconds>(kSession).count();
  return concat(kCookie, "=", session, "; Path=/; Max-Age=", std::to_string(age), "; HttpOnly; SameSite=Strict",
                secure ? "; Secure" : "");
}

std::string no_session_cookie() { return concat(kCookie, "=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"); }

bool host_expected(const ServeSettings& serve, std::string_view host) {
  const std::string name = host_name(host);
  if (name.empty()) return false;
  return name == "127.0.0.1" || name == "localhost" || name == "[::1]" || name == host_name(serve.console_url) ||
         name == host_name(serve.console_listen);
}

bool same_origin(const ServerRequest& request) {
  const std::string origin = origin_of(request.header("Origin"));
  const std::size_t scheme = origin.find("://");
  return scheme != std::string::npos && !request.header("Host").empty() &&
         std::string_view(origin).substr(scheme + 3) == ascii_lower(request.header("Host"));
}

}  // namespace vigie
