#include "collectors/definition_auth.h"

#include <algorithm>

#include "base/jwt.h"
#include "base/number.h"
#include "base/secret.h"
#include "base/text.h"
#include "collectors/definition_request.h"

namespace vigie::definition {
namespace {

using Auth = Definition::Auth;
using Style = Auth::Style;
using Grant = Auth::Grant;

// Renewed before it runs out on the way; a short-lived token a little later.
Duration margin(Duration life) { return std::min<Duration>(minutes(1), life / 4); }
constexpr std::string_view kJwtGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

bool signs_each_call(const Auth& auth) { return auth.style == Style::jwt && auth.url.empty(); }

Variables login_variables(const SourceSettings& settings, const Login& login) {
  Variables all = subscription_variables(settings);
  all.texts["token"] = login.token;
  all.texts["refresh_token"] = login.refresh;
  return all;
}

std::string text_of(const Template& source, const Variables& all) { return fill(source, all).value_or(""); }

std::string address(const Definition& definition, const Template& url, const Variables& all) {
  return fill_url(url, all, whole_params(definition)).value_or("");
}

std::string json_object(const Definition::NamedTemplates& members, const Variables& all,
                        const std::vector<std::pair<std::string, std::string>>& raw) {
  json::Writer out;
  out.begin_object();
  for (const auto& [name, value] : members) {
    if (const std::optional<std::string> text = fill(value, all)) out.member(name, *text);
  }
  for (const auto& [name, value] : raw) out.key(name).raw(value);
  out.end_object();
  return out.take();
}

Result<std::string> signed_token(const Auth& auth, const Variables& all, Time now) {
  const std::string header =
      json_object(auth.jwt_header, all, {{"alg", concat("\"", auth.alg, "\"")}, {"typ", "\"JWT\""}});
  const std::string claims =
      json_object(auth.jwt_claims, all,
                  {{"iat", std::to_string(to_epoch(now))}, {"exp", std::to_string(to_epoch(now + auth.jwt_lifetime))}});
  Result<std::string> token = sign_jwt(auth.alg, text_of(auth.key, all), header, claims);
  if (!token) return fail(ErrorKind::bad_config, concat("auth.key: ", token.error().what));
  return token;
}

HttpRequest post(std::string url) {
  HttpRequest request;
  request.method = "POST";
  request.url = std::move(url);
  request.follow_redirects = false;  // a login that moved elsewhere is not one
  request.headers.emplace_back("Accept", "application/json");
  return request;
}

using Form = std::vector<std::pair<std::string_view, std::string>>;

std::string encoded(const Form& form) {
  std::string out;
  for (const auto& [name, value] : form) {
    if (!value.empty()) out += concat(out.empty() ? "" : "&", name, "=", url_encode(value));
  }
  return out;
}

std::string refresh_of(const Auth& auth, const Login& login, const Variables& all) {
  return login.refresh.empty() ? text_of(auth.initial_refresh, all) : login.refresh;
}

Result<HttpRequest> grant_request(const Definition& definition, const Login& login, const Variables& all, Time now) {
  const Auth& auth = definition.auth;
  HttpRequest request = post(address(definition, auth.url, all));
  Form form;
  if (auth.style == Style::jwt || auth.grant == Grant::jwt_bearer) {
    TRY(std::string token, signed_token(auth, all, now));
    form = {{"grant_type", std::string(kJwtGrant)}, {"assertion", std::move(token)}};
  } else {
    const bool refresh = auth.grant == Grant::refresh_token;
    form = {{"grant_type", refresh ? "refresh_token" : "client_credentials"}};
    if (refresh) form.emplace_back("refresh_token", refresh_of(auth, login, all));
    const std::string id = text_of(auth.client_id, all), secret = text_of(auth.client_secret, all);
    if (auth.client_in_body) {
      form.emplace_back("client_id", id);
      form.emplace_back("client_secret", secret);
    } else {
      request.secret_headers.emplace_back("Authorization", concat("Basic ", to_base64(concat(id, ":", secret))));
    }
  }
  form.emplace_back("scope", auth.scope);
  form.emplace_back("audience", auth.audience);
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  // A service may refuse programs that do not say who they are already at the login (Reddit).
  for (const auto& [name, value] : definition.request.headers) {
    if (iequals(name, "User-Agent")) request.headers.emplace_back(name, text_of(value, all));
  }
  request.body = encoded(form);
  return request;
}

HttpRequest session_request(const Definition& definition, const Definition::Call& call, const Variables& all) {
  HttpRequest request = post(address(definition, call.url, all));
  request.method = call.method;
  for (const auto& [name, value] : call.headers) request.secret_headers.emplace_back(name, text_of(value, all));
  request.body = filled_body(call.body, all);
  if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  return request;
}

bool renews(const Auth& auth, const Login& login) {
  return auth.style == Style::session && auth.renew.defined() && !login.refresh.empty();
}

// "expires_in" is a number, or the same as text; 0 = the answer does not say.
std::int64_t whole_seconds(const json::Value& value) {
  if (value.is_null()) return 0;
  // Some write it with a fraction.
  const std::string_view text = value.raw();
  const std::int64_t found = whole_number(text.substr(0, text.find('.'))).value_or(0);
  return std::clamp<std::int64_t>(found, 0, std::int64_t{366} * 24 * 3600);
}

Error refused(const Definition& definition, const HttpReply& reply, const Auth& auth) {
  std::string names;
  for (const Definition::Secret& secret : definition.secrets) names += concat(names.empty() ? "" : ", ", secret.name);
  const std::string_view what = auth.grant == Grant::refresh_token ? "grant access anew and store the new refresh token"
                                                                   : "check them where they were issued";
  return {ErrorKind::denied,
          concat(redact_url(reply.url), ": login refused with status ", std::to_string(reply.status), "; ", what,
                 " (secrets ", names, ")"),
          std::nullopt};
}

}  // namespace

bool must_log_in(const Definition& definition, const Login& login, Time now) {
  const Auth& auth = definition.auth;
  if (!auth.renewable() || signs_each_call(auth)) return false;
  return login.token.empty() || (login.until && now >= *login.until);
}

Result<HttpRequest> login_request(const Definition& definition, const SourceSettings& settings, const Login& login,
                                  Time now) {
  const Auth& auth = definition.auth;
  const Variables all = login_variables(settings, login);
  if (auth.style != Style::session) return grant_request(definition, login, all, now);
  return session_request(definition, renews(auth, login) ? auth.renew : auth.login, all);
}

bool answers_login(const Definition& definition, const SourceSettings& settings, const HttpReply& reply) {
  const Auth& auth = definition.auth;
  if (!auth.renewable() || signs_each_call(auth)) return false;
  const Variables all = subscription_variables(settings);
  for (const Template* url : {&auth.url, &auth.login.url, &auth.renew.url}) {
    if (!url->empty() && address(definition, *url, all) == reply.url) return true;
  }
  return false;
}

Result<Login> login_from(const Definition& definition, const HttpReply& reply, const Login& before, Time now) {
  const Auth& auth = definition.auth;
  const Result<json::Document> body = json::parse(reply.body);
  const bool answered = reply.status >= 200 && reply.status < 300;
  if (!answered) {
    const bool for_good = reply.status == 400 || reply.status == 401 || reply.status == 403;
    if (!for_good) {
      TRY(check_status(reply));
      return fail(refused(definition, reply, auth));
    }
    // What was renewed may be too old, or the operator may have granted access anew: start over, once.
    if (!before.refresh.empty()) return Login{};
    return fail(refused(definition, reply, auth));
  }
  if (!body)
    return fail(ErrorKind::bad_data, concat(redact_url(reply.url), ": login: expected JSON: ", body.error().what));
  Login login;
  const json::Value token = auth.token_at.find(body->root()), life = auth.expires_at.find(body->root()),
                    refresh = auth.refresh_at.find(body->root());
  if (!token.is_null()) login.token = token.raw();
  if (login.token.empty())
    return fail(ErrorKind::bad_data, concat(redact_url(reply.url), ": login: expected a token, found none"));
  login.refresh = refresh.is_null() ? before.refresh : std::string(refresh.raw());
  const std::int64_t seconds_left = whole_seconds(life);
  if (seconds_left > 0) login.until = now + seconds(seconds_left) - margin(seconds(seconds_left));
  login.renewed = true;
  return login;
}

Result<void> authorise(const Definition& definition, const SourceSettings& settings, const Login& login, Time now,
                       HttpRequest& request, std::vector<Header>& query) {
  const Auth& auth = definition.auth;
  if (auth.style == Style::none) return {};
  const Variables all = login_variables(settings, login);
  const auto header = [&](std::string name, std::string value) {
    request.secret_headers.emplace_back(std::move(name), std::move(value));
  };
  if (auth.style == Style::basic) {
    const std::string user = text_of(auth.user, all), password = text_of(auth.password, all);
    header("Authorization", concat("Basic ", to_base64(concat(user, ":", password))));
    return {};
  }
  std::string token = auth.renewable() ? login.token : text_of(auth.token, all);
  if (signs_each_call(auth)) {
    TRY(token, signed_token(auth, all, now));
  }
  if (token.empty()) return {};  // an optional secret that is not set
  if (auth.style == Style::query || auth.in_query) {
    query.emplace_back(auth.name, std::move(token));
  } else if (auth.style == Style::header || !auth.name.empty()) {
    header(auth.name, std::move(token));
  } else {
    header("Authorization", concat("Bearer ", token));
  }
  return {};
}

}  // namespace vigie::definition
