#include "wall/embeds.h"

#include <algorithm>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "store/reviews.h"
#include "wall/badge.h"
#include "wall/completeness.h"
#include "wall/log/numbers.h"
#include "wall/numbers.h"
#include "wall/review_item.h"
#include "wall/summary.h"
#include "wall/verify_page.h"

namespace vigie {
namespace {

constexpr std::size_t kWordsShown = 280;  // code points of a text; the rest is a link away
constexpr std::string_view kHtml = "text/html; charset=utf-8";

// A wall's own newest reviews: no rating is looked at.
Result<std::vector<Review>> newest(const BrandSettings& brand, Store& store, int limit) {
  ReviewFilter filter;
  filter.brand = brand.id;
  filter.shown = true;
  filter.limit = limit;
  TRY(std::vector<Review> reviews, store.reviews().reviews(filter));
  for (Review& review : reviews) {
    for (ReviewVersion& version : review.versions) {
      version.values[kText] = shorten(version.values[kText], kWordsShown);
      version.masked_text = shorten(version.masked_text, kWordsShown);
      version.values[kAuthor] = shorten(version.values[kAuthor], kWordsShown / 4);
    }
  }
  return reviews;
}

Result<std::string> filled(const WallView& view, const std::vector<Review>& reviews, const Wording& words) {
  json::Writer data;
  data.begin_object().member("base", view.settings.serve.public_url).member("read_on", words.say("read_on"));
  data.key("reviews").begin_array();
  for (const Review& review : reviews) write_review(data, view, review, {});
  data.end_array().end_object();
  return fill_template("wall/assets/embed_review.mustache", data);
}

struct Parts {
  WallStanding standing;
  ProofState proof;
  Completeness completeness = Completeness::empty;
};

Result<std::string> section_of(const WallView& view, const Parts& parts, const std::vector<Review>& reviews,
                               const Wording& words) {
  const Wording& w = view.wording;
  TRY(const std::string list, filled(view, reviews, words));
  json::Writer data;
  data.begin_object().member("lang", w.language()).key("t").value(w.catalogue());
  data.member("label", w.say("heading", {{"brand", view.brand.name}}));
  data.member("wall", view.absolute(view.plain().text())).member("method", view.absolute(view.below("method")));
  data.member("verify", view.absolute(view.below("verify")));
  const std::string organisation = view.organisation();
  data.member("run_by", organisation == view.brand.name
                            ? w.say("run_by_itself", {{"organisation", organisation}})
                            : w.say("run_by", {{"organisation", organisation}, {"brand", view.brand.name}}));
  const std::string span = announced(w, view.settings.wall.decide_within);
  const char* const control = view.settings.wall.hold_marked ? "control_before" : "control_after";
  data.member("control", words.say(control)).member("how", words.say("how"));
  data.member("details", w.say(control, {{"span", span}})).member("ranking", words.say("ranking"));
  write_summary(data, view, parts.standing, parts.proof, parts.completeness, {});
  data.member("all", words.count("all", parts.standing.numbers.published)).member("reviews", list);
  if (reviews.empty()) data.member("empty", w.say("empty"));
  data.end_object();
  return fill_template("wall/assets/embed.mustache", data);
}

ServerReply kept(const ServerRequest& request, std::string body, std::string_view type) {
  const std::string tag = concat("\"", to_hex(sha256(body)).substr(0, 32), "\"");
  ServerReply reply;
  reply.headers = {{"ETag", tag}, {"Cache-Control", "public, max-age=60, stale-while-revalidate=600"}};
  reply.content_type = type;
  if (request.header("If-None-Match") == tag) {
    reply.status = 304;
  } else {
    reply.body = std::move(body);
  }
  return reply;
}

}  // namespace

const Asset& widget_script() {
  static const Asset asset = [] {
    Asset script = make_asset("wall/assets/widget.js", "text/javascript; charset=utf-8");
    script.path = script.path.substr(std::string_view("/assets").size());
    return script;
  }();
  return asset;
}

const std::vector<Asset>& embed_assets() {
  static const std::vector<Asset> assets = {make_asset("wall/assets/embed.css", "text/css; charset=utf-8"),
                                            make_asset("wall/assets/embed.js", "text/javascript; charset=utf-8")};
  return assets;
}

Result<std::string> embed_section(const Settings& settings, const BrandSettings& brand, std::string_view language,
                                  Store& store, Time now) {
  TRY(const Wording wording, Wording::load("wall", language));
  TRY(const Wording words, Wording::load("embed", language));
  const WallView view{settings, brand, wording, now};
  Parts parts;
  TRY(parts.standing, wall_standing(store, brand.id));
  TRY(const tlog::Quorum quorum, named_quorum(settings.wall.witnesses));
  TRY(parts.proof, proof_state(store, brand.id, quorum));
  TRY(parts.completeness, completeness(store, brand.id, parts.standing, now));
  TRY(std::vector<Review> reviews, newest(brand, store, kEmbedReviews));
  for (;; reviews.pop_back()) {
    TRY(std::string html, section_of(view, parts, reviews, words));
    if (html.size() <= kMostEmbedBytes || reviews.empty()) return html;
  }
}

Result<std::string> embed_page(const Settings& settings, const BrandSettings& brand, std::string_view language,
                               std::string_view section, std::string_view style, std::string_view script) {
  TRY(const Wording w, Wording::load("wall", language));
  json::Writer data;
  data.begin_object().member("lang", language).member("title", w.say("title", {{"brand", brand.name}}));
  data.member("canonical", concat(settings.serve.public_url, "/wall/", brand.id, "?lang=", language));
  data.member("style", style).member("script", script).member("body", section).end_object();
  return fill_template("wall/assets/frame.mustache", data);
}

Result<std::string> numbers_document(const BrandSettings& brand, Store& store) {
  TRY(const WallStanding standing, wall_standing(store, brand.id));
  json::Writer out;
  out.begin_object().member("brand", brand.id).key("size").integer(standing.size);
  // They are added up when a review comes: the second would say when it did.
  out.member("at", format_rfc3339(std::chrono::floor<hours>(standing.at)));
  out.key("numbers").raw(numbers_json(standing.numbers)).end_object();
  return out.take();
}

std::optional<Embeds::Asked> Embeds::asked(std::string_view path) const {
  constexpr std::string_view kBadge = "/badge/", kSvg = ".svg", kWall = "/wall/", kFrame = "/embed",
                             kNumbers = "/numbers.json";
  const auto between = [&](std::string_view before, std::string_view after) -> const BrandSettings* {
    if (!path.starts_with(before) || !path.ends_with(after) || path.size() < before.size() + after.size())
      return nullptr;
    const std::string_view id = path.substr(before.size(), path.size() - before.size() - after.size());
    const auto found = std::find_if(settings_.brands.begin(), settings_.brands.end(),
                                    [&](const BrandSettings& one) { return one.id == id; });
    return found == settings_.brands.end() ? nullptr : &*found;
  };
  if (const BrandSettings* brand = between(kBadge, kSvg)) return Asked{Kind::badge, brand};
  if (const BrandSettings* brand = between(kWall, kFrame)) return Asked{Kind::frame, brand};
  if (const BrandSettings* brand = between(kWall, kNumbers)) return Asked{Kind::numbers, brand};
  return std::nullopt;
}

std::optional<ServerReply> Embeds::answer(const ServerRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  if (request.path == widget_script().path) {
    ServerReply script = asset_reply(widget_script());
    script.headers.emplace_back("Access-Control-Allow-Origin",
                                "*");  // without it no other site may check its integrity
    script.headers.emplace_back("Cross-Origin-Resource-Policy", "cross-origin");
    return script;
  }
  for (const Asset& asset : embed_assets()) {
    if (asset.path == request.path) return asset_reply(asset);
  }
  const auto what = asked(request.path);
  if (!what) return std::nullopt;
  Result<ServerReply> answered = reply(*what, request);
  if (answered) return *std::move(answered);
  log::error("wall", answered.error().what, {{"path", request.path}});
  return ServerReply{503, "unavailable\n", "text/plain; charset=utf-8", {{"Cache-Control", "no-store"}}};
}

Result<ServerReply> Embeds::reply(const Asked& asked, const ServerRequest& request) const {
  const BrandSettings& brand = *asked.brand;
  // Never the visitor's own language: a badge or widget is part of its site, which says what it wants.
  const std::string language = choose_language(request.param("lang"), "", brand.language);
  TRY(const std::unique_ptr<Store> store, open_());
  if (asked.kind == Kind::badge) {
    TRY(const Wording words, Wording::load("embed", language));
    TRY(const WallStanding standing, wall_standing(*store, brand.id));
    TRY(std::string svg, badge(brand, standing, words));
    ServerReply image = kept(request, std::move(svg), "image/svg+xml");
    image.headers.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    image.headers.emplace_back("Cross-Origin-Resource-Policy", "cross-origin");
    return image;
  }
  if (asked.kind == Kind::numbers) {
    TRY(std::string json, numbers_document(brand, *store));
    ServerReply numbers = kept(request, std::move(json), "application/json");
    numbers.headers.emplace_back("Access-Control-Allow-Origin", "*");
    return numbers;
  }
  TRY(std::string section, embed_section(settings_, brand, language, *store, clock_.now()));
  const bool part = request.param("fragment") == "1";
  if (!part) {
    TRY(section, embed_page(settings_, brand, language, section, embed_assets()[0].path, embed_assets()[1].path));
  }
  ServerReply html = kept(request, std::move(section), kHtml);
  html.headers.emplace_back("Content-Language", language);
  html.headers.emplace_back("Content-Security-Policy",
                            part ? "default-src 'none'; frame-ancestors 'none'" : frame_policy());
  if (part) html.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return html;
}

std::string Embeds::frame_policy() const {
  std::string ancestors;
  for (const std::string& origin : settings_.wall.embed_on) ancestors += concat(" ", origin);
  return concat(
      "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; "
      "frame-ancestors",
      ancestors.empty() ? " *" : ancestors);
}

}  // namespace vigie
