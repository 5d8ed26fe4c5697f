// [auth]: how a request is let in.

#include "base/text.h"
#include "collectors/definition_reader.h"

namespace vigie {

using config::Node;
using definition::quoted;
using Auth = Definition::Auth;

void DefinitionReader::auth(const Node& node) {
  using Style = Auth::Style;
  const std::string style = choice(node, "style", "none", "none|query|header|bearer|basic|oauth2|jwt|session");
  made_.auth.expires_at = path(node, "expires", "expires_in");
  made_.auth.token_at = *definition::parse_path("access_token");
  made_.auth.refresh_at = *definition::parse_path("refresh_token");
  if (style == "oauth2") return oauth2(node);
  if (style == "jwt") return jwt(node);
  if (style == "session") return session(node);
  if (style == "basic") {
    node.only({"style", "user", "password"});
    made_.auth.style = Style::basic;
    made_.auth.user = text_template(node.child("user"), node.text("user"), {});
    made_.auth.password = text_template(node, "password");
    return;
  }
  node.only({"style", "name", "token"});
  if (style.empty() || style == "none") return;
  made_.auth.style = style == "query" ? Style::query : style == "header" ? Style::header : Style::bearer;
  if (style != "bearer") made_.auth.name = node.text("name");
  made_.auth.token = text_template(node.child("token"), node.text("token"), {});
}

void DefinitionReader::oauth2(const Node& node) {
  using Grant = Auth::Grant;
  Auth& auth = made_.auth;
  auth.style = Auth::Style::oauth2;
  node.only({"style", "grant", "url", "in", "client", "client_id", "client_secret", "refresh_token", "scope",
             "audience", "token", "expires", "refresh", "alg", "key", "header", "claims"});
  const std::string grant = choice(node, "grant", "client_credentials", "client_credentials|refresh_token|jwt_bearer");
  auth.url = text_template(node.child("url"), node.text("url"), {});
  host(node.child("url"), node.text("url", ""));
  auth.scope = node.text("scope", "");
  auth.audience = node.text("audience", "");
  auth.token_at = path(node, "token", "access_token");
  auth.refresh_at = path(node, "refresh", "refresh_token");
  const std::string in = node.text("in", "");
  if (in.starts_with("query.") || in.starts_with("header.")) {
    auth.in_query = in.starts_with("query.");
    auth.name = in.substr(in.find('.') + 1);
  } else if (!in.empty()) {
    node.child("in").problem(concat("expected \"query.NAME\" or \"header.NAME\", found ", quoted(in)));
  }
  if (grant == "jwt_bearer") {
    auth.grant = Grant::jwt_bearer;
    return signing(node);
  }
  client(node);
  if (grant != "refresh_token") return;
  auth.grant = Grant::refresh_token;
  const std::string initial = node.text("refresh_token", has_secret("refresh_token") ? "{secret.refresh_token}" : "");
  auth.initial_refresh = text_template(node.child("refresh_token"), initial, {});
  if (initial.empty())
    node.child("refresh_token")
        .problem("expected the first refresh token, such as \"{secret.refresh_token}\", found nothing");
}

// Who asks: {secret.client_id} and {secret.client_secret} unless the definition says otherwise.
void DefinitionReader::client(const Node& node) {
  made_.auth.client_in_body = choice(node, "client", "basic", "basic|body") == "body";
  for (const std::string key : {"client_id", "client_secret"}) {
    const std::string text = node.text(key, has_secret(key) ? concat("{secret.", key, "}") : "");
    if (text.empty())
      node.child(key).problem(concat("expected a template such as \"{secret.", key, "}\", found nothing"));
    (key == "client_id" ? made_.auth.client_id : made_.auth.client_secret) = text_template(node.child(key), text, {});
  }
}

void DefinitionReader::jwt(const Node& node) {
  Auth& auth = made_.auth;
  auth.style = Auth::Style::jwt;
  auth.grant = Auth::Grant::jwt_bearer;
  node.only({"style", "alg", "key", "header", "claims", "exchange", "token", "expires", "scope"});
  signing(node);
  const Node exchange = node.child("exchange");
  auth.token_at = path(node, "token", "access_token");
  auth.scope = node.text("scope", "");
  if (!exchange) return;
  exchange.only({"url", "grant"});
  choice(exchange, "grant", "jwt_bearer", "jwt_bearer|urn:ietf:params:oauth:grant-type:jwt-bearer");
  auth.url = text_template(exchange.child("url"), exchange.text("url"), {});
  host(exchange.child("url"), exchange.text("url", ""));
}

void DefinitionReader::signing(const Node& node) {
  Auth& auth = made_.auth;
  auth.alg = choice(node, "alg", "", "ES256|RS256");
  auth.key = text_template(node.child("key"), node.text("key"), {});
  auth.jwt_header = named(node.child("header"), {});
  const Node claims = node.child("claims");
  for (const std::string& name : claims.keys()) {
    if (name != "ttl") auth.jwt_claims.emplace_back(name, text_template(claims.child(name), claims.text(name, ""), {}));
  }
  auth.jwt_lifetime = duration(claims, "ttl").value_or(auth.jwt_lifetime);
}

void DefinitionReader::session(const Node& node) {
  Auth& auth = made_.auth;
  auth.style = Auth::Style::session;
  node.only({"style", "login", "token", "refresh_token", "expires", "renew"});
  if (!node.child("login")) node.child("login").problem("expected { method, url, body }, found nothing");
  auth.login = call(node.child("login"), {});
  auth.renew = call(node.child("renew"), {"refresh_token", "token"});
  auth.token_at = path(node, "token", "access_token");
  auth.refresh_at = path(node, "refresh_token", "refresh_token");
}

Definition::Call DefinitionReader::call(const Node& node, const Names& more) const {
  Definition::Call made;
  if (!node) return made;
  node.only({"method", "url", "header", "body"});
  made.method = choice(node, "method", "POST", "GET|POST");
  made.url = text_template(node.child("url"), node.text("url"), {});
  host(node.child("url"), node.text("url", ""));
  made.headers = named(node.child("header"), more);
  made.body = body(node.child("body"), more);
  return made;
}

}  // namespace vigie
