#include "wall/verify_page.h"

#include <algorithm>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::string_view kTemplate = "wall/assets/verify.mustache";
constexpr std::string_view kLanguages[] = {"fr", "en"};
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

// What a step of the script can come to, and how bad that is.
struct Outcome {
  std::string_view step, state, mark;
};
constexpr Outcome kOutcomes[] = {
    {"read", "ok", "good"},       {"read", "bad", "bad"},       {"read", "unable", "dim"},
    {"signature", "ok", "good"},  {"signature", "bad", "bad"},  {"signature", "unable", "dim"},
    {"seen", "ok", "good"},       {"seen", "first", "good"},    {"seen", "bad", "bad"},
    {"seen", "unable", "dim"},    {"witnesses", "ok", "good"}, {"witnesses", "few", "dim"},
    {"witnesses", "none", "dim"}, {"witnesses", "bad", "bad"},  {"witnesses", "unable", "dim"},
    {"review", "ok", "good"},     {"review", "later", "good"},     {"review", "masked", "good"},
    {"review", "changed", "bad"}, {"review", "absent", "dim"},  {"review", "bad", "bad"},
    {"review", "unable", "dim"},  {"receipt", "ok", "good"},    {"receipt", "gone", "bad"},
    {"receipt", "bad", "bad"},    {"receipt", "unable", "dim"},
};

// What the script fills in. Sentences are shipped ones, and hold no markup of their own.
std::string place(std::string_view word) { return concat("<span class=\"", word, "\"></span>"); }

void write_outcomes(json::Writer& data, const Wording& w) {
  const std::string size = place("size"), origin = place("origin"), at = place("at"), count = place("count"),
                    all = place("all"), names = place("names"), strangers = place("strangers"), old = place("old"),
                    leaf = place("leaf"), index = place("index");
  for (const Outcome& one : kOutcomes) {
    const std::string sentence = w.say(concat(one.step, ".", one.state), {{"size", size},
                                                                          {"origin", origin},
                                                                          {"count", count},
                                                                          {"all", all},
                                                                          {"names", names},
                                                                          {"strangers", strangers},
                                                                          {"at", at},
                                                                          {"old", old},
                                                                          {"leaf", leaf},
                                                                          {"index", index}});
    data.member(concat(one.step, "_", one.state), concat("<b>", w.say(concat("mark.", one.mark)), "</b> ", sentence));
  }
}

json::Writer frame(const VerifyPlaces& places, const Wording& w) {
  json::Writer data;
  data.begin_object().member("lang", w.language()).key("t").value(w.catalogue());
  data.key("languages").begin_array();
  for (const auto& [language, href] : places.languages) {
    if (language == w.language()) continue;
    data.begin_object().member("lang", language).member("href", href);
    data.member("name", language == "fr" ? "Français" : "English").end_object();
  }
  data.end_array();
  write_outcomes(data, w);
  return data;
}

std::string alone_policy() {
  return concat("default-src 'none'; script-src '", integrity_of(verify_assets()[1].bytes), "' '",
                integrity_of(verify_assets()[2].bytes), "'; style-src '",
                integrity_of(verify_assets()[0].bytes), "'; connect-src *; base-uri 'none'; form-action 'none'");
}

}  // namespace

const std::vector<Asset>& verify_assets() {
  static const std::vector<Asset> assets = {
      make_asset("wall/assets/verify.css", "text/css; charset=utf-8"),
      make_asset("wall/assets/verify.js", "text/javascript; charset=utf-8"),
      make_asset("wall/assets/witnesses.js", "text/javascript; charset=utf-8"),
  };
  return assets;
}

std::string integrity_of(std::string_view bytes) { return concat("sha256-", to_base64(sha256(bytes))); }

std::string as_of(bool own_time, Time now) {
  return own_time ? concat(" --at ", format_rfc3339(std::chrono::floor<seconds>(now))) : "";
}

std::string verify_alone_policy() { return concat(alone_policy(), "; frame-ancestors 'none'"); }

Result<std::string> verify_page(const Settings& settings, const BrandSettings& brand, const VerifyPlaces& places,
                                const Wording& w) {
  json::Writer data = frame(places, w);
  data.member("title", w.say("title", {{"brand", brand.name}}))
      .member("heading", w.say("title", {{"brand", brand.name}}));
  data.member("log", places.log).member("style", places.style).member("script", places.script);
  data.member("icon", places.icon).member("integrity", integrity_of(verify_assets()[1].bytes));
  data.member("witnesses_script", places.witnesses_script);
  data.member("witnesses_integrity", integrity_of(verify_assets()[2].bytes));
  data.member("command", concat(settings.serve.public_url, "/wall/", brand.id, "/log", places.as_of));
  if (!places.wall.empty()) data.member("wall", places.wall).member("back", w.say("back", {{"brand", brand.name}}));
  data.end_object();
  return fill_template(kTemplate, data);
}

Result<std::string> verify_alone(const VerifyPlaces& places, const Wording& w) {
  json::Writer data = frame(places, w);
  data.key("alone").boolean(true).member("policy", alone_policy());
  data.member("title", w.say("title_any")).member("heading", w.say("title_any"));
  data.member("style", verify_assets()[0].bytes).member("script", verify_assets()[1].bytes);
  data.member("witnesses_script", verify_assets()[2].bytes);
  data.member("command", "https://avis.example/wall/acme/log").end_object();
  return fill_template(kTemplate, data);
}

std::optional<ServerReply> VerifyPages::answer(const ServerRequest& request) const {
  for (const Asset& asset : verify_assets()) {
    if (asset.path == request.path) return asset_reply(asset);
  }
  constexpr std::string_view kBefore = "/wall/", kAfter = "/verify";
  const std::string_view path = request.path;
  const BrandSettings* brand = nullptr;
  if (path != kAfter) {
    if (!path.starts_with(kBefore) || !path.ends_with(kAfter) || path.size() < kBefore.size() + kAfter.size())
      return std::nullopt;
    const std::string_view id = path.substr(kBefore.size(), path.size() - kBefore.size() - kAfter.size());
    const auto found = std::find_if(settings_.brands.begin(), settings_.brands.end(),
                                    [&](const BrandSettings& one) { return one.id == id; });
    if (found == settings_.brands.end()) return std::nullopt;
    brand = &*found;
  }
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  Result<ServerReply> reply = page(request, brand);
  if (reply) return *std::move(reply);
  log::error("wall", reply.error().what, {{"path", request.path}});
  return ServerReply{503, "unavailable\n", "text/plain; charset=utf-8", {{"Cache-Control", "no-store"}}};
}

Result<ServerReply> VerifyPages::page(const ServerRequest& request, const BrandSettings* brand) const {
  const std::string_view otherwise = brand != nullptr           ? std::string_view(brand->language)
                                     : settings_.brands.empty() ? std::string_view("en")
                                                                : settings_.brands.front().language;
  TRY(const Wording wording,
      Wording::load("verify", choose_language(request.param("lang"), request.header("Accept-Language"), otherwise)));
  VerifyPlaces places;
  for (const std::string_view language : kLanguages)
    places.languages.emplace_back(language, concat(request.path, "?lang=", language));
  ServerReply reply;
  if (brand != nullptr) {
    places.log = concat("/wall/", brand->id);
    places.wall = concat(places.log, "?lang=", wording.language());
    places.style = verify_assets()[0].path;
    places.script = verify_assets()[1].path;
    places.witnesses_script = verify_assets()[2].path;
    places.icon = make_asset("wall/assets/icon.svg", "").path;
    if (own_time_ != nullptr) places.as_of = vigie::as_of(true, own_time_->now());
    TRY(reply.body, verify_page(settings_, *brand, places, wording));
  } else {
    TRY(reply.body, verify_alone(places, wording));
  }
  reply.headers = {{"Cache-Control", "public, max-age=300"},
                   {"Vary", "Accept-Language"},
                   {"Content-Language", wording.language()},
                   {"Content-Security-Policy", brand != nullptr ? std::string(kPolicy) : verify_alone_policy()}};
  return reply;
}

}  // namespace vigie
