#include "wall/oembed.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "wall/log/encoding.h"

namespace vigie {
namespace {

constexpr std::int64_t kWidth = 360, kHeight = 420;  // as the widget is made for
constexpr std::int64_t kCacheSeconds = 3600;

// The brand whose wall that address is; nullptr when it is none of ours.
const BrandSettings* brand_at(const Settings& settings, std::string_view url) {
  const std::string walls = concat(settings.serve.public_url, "/wall/");
  if (!url.starts_with(walls)) return nullptr;
  url.remove_prefix(walls.size());
  const std::string_view id = url.substr(0, url.find_first_of("/?#"));
  const auto found = std::find_if(settings.brands.begin(), settings.brands.end(),
                                  [&](const BrandSettings& brand) { return brand.id == id; });
  return found == settings.brands.end() ? nullptr : &*found;
}

std::int64_t at_most(std::string_view asked, std::int64_t usual) {
  const auto most = tlog::from_strict_decimal(asked);
  return most && *most > 0 ? std::min(*most, usual) : usual;
}

}  // namespace

ServerReply oembed(const Settings& settings, const ServerRequest& request) {
  if (!request.param("format").empty() && request.param("format") != "json")
    return {501, "only format=json\n", "text/plain; charset=utf-8", {}};
  const BrandSettings* brand = brand_at(settings, request.param("url"));
  if (brand == nullptr) return {404, "no wall has that address\n", "text/plain; charset=utf-8", {}};
  const std::string width = std::to_string(at_most(request.param("maxwidth"), kWidth));
  const std::string height = std::to_string(at_most(request.param("maxheight"), kHeight));
  const bool french = brand->language == "fr";
  const std::string title = concat(brand->name, french ? "\u00A0: avis clients" : ": customer reviews");
  const std::string frame = concat(settings.serve.public_url, "/wall/", brand->id, "/embed");
  json::Writer out;
  out.begin_object().member("version", "1.0").member("type", "rich").member("title", title);
  out.member_if("provider_name", settings.organisation).member("provider_url", settings.serve.public_url);
  out.key("cache_age").integer(kCacheSeconds).key("width").raw(width).key("height").raw(height);
  out.member("html",
             concat("<iframe src=\"", escape_html(frame), "\" title=\"", escape_html(title), "\" width=\"", width,
                    "\" height=\"", height, "\" loading=\"lazy\" sandbox=\"allow-scripts allow-popups\"></iframe>"));
  return {200, out.end_object().take(), "application/json", {{"Access-Control-Allow-Origin", "*"}}};
}

}  // namespace vigie
