#include "wall/wall.h"

#include <algorithm>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/wording.h"
#include "wall/pages.h"

namespace vigie {
namespace {

// Nothing may be loaded but our own style and icon; nothing may run; nobody may frame the page.
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

bool lists_tag(std::string_view if_none_match, std::string_view tag) {
  for (std::string_view item : split(if_none_match, ',')) {
    item = trim(item);
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == tag || item == "*") return true;
  }
  return false;
}

// 200 with a validator, or 304 when the visitor has these very bytes. The tag is weak in effect: the server may
// compress.
ServerReply page(const ServerRequest& request, std::string body, const Wording& wording) {
  const std::string tag = concat("\"", to_hex(sha256(body)).substr(0, 32), "\"");
  ServerReply reply;
  reply.headers = {{"ETag", tag},
                   {"Cache-Control", "public, max-age=30, stale-while-revalidate=300"},
                   {"Vary", "Accept-Language"},
                   {"Content-Language", wording.language()},
                   {"Content-Security-Policy", std::string(kPolicy)}};
  if (lists_tag(request.header("If-None-Match"), tag)) {
    reply.status = 304;
    return reply;
  }
  reply.body = std::move(body);
  return reply;
}

class Wall {
 public:
  Wall(const Settings& settings, OpenStore open) : settings_(settings), open_(std::move(open)) {}

  ServerReply answer(const ServerRequest& request) const {
    if (request.method != "GET" && request.method != "HEAD") return message(request, 405, "method_title", "method");
    if (request.path == "/") return list(request);
    if (request.path == "/robots.txt") return {200, "User-agent: *\nAllow: /\n", "text/plain; charset=utf-8", {}};
    if (request.path.starts_with("/assets/")) return asset(request);
    if (request.path.starts_with("/wall/")) return wall(request);
    return message(request, 404, "not_found_title", "not_found");
  }

 private:
  std::string_view own_language() const {
    return settings_.brands.empty() ? std::string_view("en") : std::string_view(settings_.brands.front().language);
  }

  Result<Wording> wording(const ServerRequest& request, std::string_view otherwise) const {
    return Wording::load("wall", choose_language(request.param("lang"), request.header("Accept-Language"), otherwise));
  }

  ServerReply message(const ServerRequest& request, int status, std::string_view title, std::string_view key) const {
    ServerReply reply;
    reply.status = status;
    reply.headers = {{"Cache-Control", "no-store"}, {"Content-Security-Policy", std::string(kPolicy)}};
    if (status == 405) reply.headers.emplace_back("Allow", "GET, HEAD");
    const auto said = wording(request, own_language());
    const auto body = said ? message_page(title, key, *said) : fail(said.error());
    if (body) {
      reply.body = *body;
    } else {
      log::error("wall", body.error().what);
      reply.content_type = "text/plain; charset=utf-8";
      reply.body = "unavailable\n";
    }
    return reply;
  }

  ServerReply failure(const ServerRequest& request, const Error& error) const {
    log::error("wall", error.what, {{"path", request.path}});
    return message(request, 503, "error_title", "error");
  }

  ServerReply list(const ServerRequest& request) const {
    const auto body = [&]() -> Result<ServerReply> {
      TRY(const Wording said, wording(request, own_language()));
      TRY(const std::unique_ptr<Store> store, open_());
      TRY(std::string html, home_page(settings_, *store, said));
      return page(request, std::move(html), said);
    }();
    return body ? *body : failure(request, body.error());
  }

  ServerReply wall(const ServerRequest& request) const {
    const std::string id = request.path.substr(std::string_view("/wall/").size());
    const auto brand = std::find_if(settings_.brands.begin(), settings_.brands.end(),
                                    [&](const BrandSettings& b) { return b.id == id; });
    if (brand == settings_.brands.end()) return message(request, 404, "not_found_title", "not_found_brand");
    const auto body = [&]() -> Result<ServerReply> {
      TRY(const Wording said, wording(request, brand->language));
      TRY(const std::unique_ptr<Store> store, open_());
      TRY(std::string html, wall_page(settings_, *brand, read_wall_address(id, request), *store, said));
      return page(request, std::move(html), said);
    }();
    return body ? *body : failure(request, body.error());
  }

  ServerReply asset(const ServerRequest& request) const {
    for (const Asset& asset : wall_assets()) {
      if (asset.path == request.path) return asset_reply(asset);
    }
    return message(request, 404, "not_found_title", "not_found");
  }

  const Settings& settings_;
  OpenStore open_;
};

}  // namespace

Handler make_wall(const Settings& settings, OpenStore open, const Clock&) {
  const auto wall = std::make_shared<const Wall>(settings, std::move(open));
  return [wall](const ServerRequest& request) { return wall->answer(request); };
}

}  // namespace vigie
