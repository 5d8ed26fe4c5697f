#include "wall/sitemap.h"

#include <algorithm>

#include "base/json.h"
#include "base/page.h"
#include "base/text.h"
#include "store/moderation.h"
#include "store/reviews.h"
#include "wall/address.h"
#include "wall/log/encoding.h"
#include "wall/public_time.h"

namespace vigie {
namespace {

constexpr std::string_view kLanguages[] = {"fr", "en"};

void write_pages(json::Writer& out, const Settings& settings, const BrandSettings& brand,
                 const std::vector<ShownReview>& reviews, bool with_wall, std::int64_t improvements) {
  const auto one = [&](const std::string& path, std::string_view changed) {
    out.begin_object().member("address", concat(settings.serve.public_url, path)).member_if("changed", changed);
    out.end_object();
  };
  for (const std::string_view language : kLanguages) {
    WallAddress address;
    address.brand = brand.id;
    address.lang = language;
    if (with_wall) {
      one(address.text(), "");
      one(below_wall(brand.id, "method", language), "");
      if (improvements > 0) one(below_wall(brand.id, "improvements", language), "");
    }
    for (const ShownReview& review : reviews) {
      address.review = review.leaf;
      one(address.text(), public_day(review.changed));
    }
  }
}

Result<std::vector<ShownReview>> part_of(Store& store, const BrandSettings& brand, std::int64_t after) {
  return store.reviews().shown(brand.id, after, kReviewsAFile);
}

// Where the parts of every wall begin.
Result<std::string> index_of(const Settings& settings, Store& store) {
  json::Writer data;
  data.begin_object().key("parts").begin_array();
  for (const BrandSettings& brand : settings.brands) {
    std::int64_t after = 0;
    for (;;) {
      data.begin_object();
      data.member("address",
                  concat(settings.serve.public_url, "/sitemap.xml?wall=", brand.id, "&after=", std::to_string(after)));
      data.end_object();
      TRY(const std::vector<ShownReview> part, part_of(store, brand, after));
      if (static_cast<int>(part.size()) < kReviewsAFile) break;
      after = part.back().leaf;
    }
  }
  data.end_array().end_object();
  return fill_template("wall/assets/sitemap.mustache", data);
}

}  // namespace

Result<std::string> sitemap(const Settings& settings, std::string_view wall, std::string_view after, Store& store) {
  json::Writer data;
  data.begin_object().key("single").boolean(true).key("pages").begin_array();
  bool found = wall.empty();
  std::size_t count = 0;
  const std::int64_t start = tlog::from_strict_decimal(after).value_or(0);
  for (const BrandSettings& brand : settings.brands) {
    if (!wall.empty() && brand.id != wall) continue;
    found = true;
    TRY(const std::vector<ShownReview> reviews, part_of(store, brand, wall.empty() ? 0 : start));
    count += reviews.size();
    if (wall.empty() && count >= static_cast<std::size_t>(kReviewsAFile)) return index_of(settings, store);
    TRY(const std::int64_t improvements, store.moderation().count_improvements(brand.id, 0));
    write_pages(data, settings, brand, reviews, wall.empty() || start == 0, improvements);
  }
  if (!found) return "";
  data.end_array().end_object();
  return fill_template("wall/assets/sitemap.mustache", data);
}

std::string robots_text(const Settings& settings) {
  return concat("User-agent: *\nAllow: /\nSitemap: ", settings.serve.public_url, "/sitemap.xml\n");
}

}  // namespace vigie
