#include "wall/author_frame.h"

#include <algorithm>

#include "base/log.h"
#include "base/page.h"
#include "base/text.h"
#include "wall/log/encoding.h"
#include "wall/pages.h"

namespace vigie {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

const std::vector<Asset>& assets() {
  static const std::vector<Asset> all = {make_asset("wall/assets/author.css", "text/css; charset=utf-8"),
                                         make_asset("wall/assets/secret.js", "text/javascript; charset=utf-8")};
  return all;
}

}  // namespace

std::string author_style() { return assets()[0].path; }
std::string secret_script() { return assets()[1].path; }

std::optional<ServerReply> author_asset(const ServerRequest& request) {
  for (const Asset& asset : assets()) {
    if (asset.path == request.path && request.method == "GET") return asset_reply(asset);
  }
  return std::nullopt;
}

const BrandSettings* find_brand(const Settings& settings, std::string_view id) {
  const auto found = std::find_if(settings.brands.begin(), settings.brands.end(),
                                  [&](const BrandSettings& one) { return one.id == id; });
  return found == settings.brands.end() ? nullptr : &*found;
}

Result<Wording> author_wording(const ServerRequest& request, const BrandSettings& brand) {
  std::string asked = request.method == "POST" ? request.form("lang") : std::string();
  if (!is_page_language(asked)) asked = request.param("lang");
  return Wording::load("author", choose_language(asked, request.header("Accept-Language"), brand.language));
}

void begin_author_page(json::Writer& data, const Wording& w, const BrandSettings& brand, std::string_view title,
                       std::string_view path) {
  data.begin_object().key("t").value(w.catalogue()).member("lang", w.language()).member("title", title);
  data.member("style", wall_assets()[0].path).member("icon", wall_assets()[1].path);
  data.member("own_style", author_style()).member("script", secret_script());
  data.member("brand", brand.name).member("wall", concat("/wall/", brand.id, "?lang=", w.language()));
  data.key("languages").begin_array();
  for (const std::string_view language : {"fr", "en"}) {
    data.begin_object().member("lang", language).member("href", concat(path, "?lang=", language));
    data.member("name", w.name("language_names", language)).key("current").boolean(language == w.language());
    data.end_object();
  }
  data.end_array();
}

void write_ratings(json::Writer& data, const Wording& w, std::string_view scale,
                   const std::optional<std::int64_t>& chosen) {
  const std::size_t dash = scale.find('-');
  const std::int64_t low = tlog::from_strict_decimal(scale.substr(0, dash)).value_or(1);
  const std::int64_t high = tlog::from_strict_decimal(scale.substr(dash + 1)).value_or(5);
  data.key("ratings").begin_array();
  for (std::int64_t value = low; value <= high && value - low <= 10; ++value) {
    const std::string label = scale == "1-5" ? w.count("write.stars", value) : std::to_string(value);
    data.begin_object().member("value", std::to_string(value)).member("label", label);
    data.key("chosen").boolean(chosen == value).end_object();
  }
  data.end_array();
}

ServerReply author_reply(int status, std::string html) {
  return {status,
          std::move(html),
          "text/html; charset=utf-8",
          {{"Cache-Control", "no-store"},
           {"Content-Security-Policy", std::string(kPolicy)},
           {"Referrer-Policy", "same-origin"},
           {"X-Robots-Tag", "noindex"}}};
}

ServerReply author_failure(const Error& error) {
  log::error("wall", error.what);
  ServerReply reply = author_reply(503, "unavailable\n");
  reply.content_type = "text/plain; charset=utf-8";
  return reply;
}

ServerReply author_message(const Settings& settings, const ServerRequest& request, const BrandSettings* brand,
                           int status, std::string_view key, std::initializer_list<Wording::Slot> slots) {
  static const BrandSettings kNone{"", "vigie", "", "en"};
  const BrandSettings& of = brand != nullptr ? *brand : settings.brands.empty() ? kNone : settings.brands.front();
  const auto html = [&]() -> Result<std::string> {
    TRY(const Wording w, author_wording(request, of));
    json::Writer data;
    begin_author_page(data, w, of, w.say(concat("messages.", key, "_title")), request.path);
    data.key("sentences").begin_array().string(w.say(concat("messages.", key), slots)).end_array().end_object();
    return fill_template("wall/assets/received.mustache", data);
  }();
  return html ? author_reply(status, *html) : author_failure(html.error());
}

std::string fault_sentence(const Wording& w, const SubmissionFault& fault) {
  return w.say(concat("faults.", fault.code), {{"field", w.name("fields", fault.field)}});
}

ServerReply json_answer(int status, std::string body) {
  return {status, std::move(body), "application/json", {{"Cache-Control", "no-store"}}};
}

ServerReply json_fault(int status, std::string_view field, std::string_view what) {
  json::Writer out;
  out.begin_object().member("error", what).member_if("field", field).end_object();
  return json_answer(status, out.take());
}

}  // namespace vigie
