#include "wall/json_ld.h"

#include <fmt/format.h>

#include "base/graphemes.h"
#include "base/json.h"
#include "wall/public_time.h"
#include "wall/review_item.h"
#include "wall/score.h"

namespace vigie {
namespace {

constexpr std::size_t kAuthorGraphemes = 90;  // search engines drop names of 100 characters and more

void write_review_data(json::Writer& out, const Wording& w, const Review& review) {
  const ReviewVersion& shown = *review.shown();
  const std::string author = public_author(shown);
  out.begin_object().member("@type", "Review");
  out.key("author").begin_object().member("@type", "Person");
  out.member("name", author.empty() ? w.say("anonymous") : first_graphemes(author, kAuthorGraphemes)).end_object();
  out.member("datePublished", public_day(first_published(review)));
  out.member_if("reviewBody", public_text(shown)).member_if("inLanguage", review.lang);
  if (shown.rating) {
    out.key("reviewRating").begin_object().member("@type", "Rating");
    out.key("ratingValue").integer(*shown.rating).key("bestRating").integer(5).key("worstRating").integer(1);
    out.end_object();
  }
  out.end_object();
}

void write_product(json::Writer& out, const WallView& view, const WallStanding& standing,
                   const std::vector<Review>& reviews, const std::string& product) {
  out.member("@type", "Product").member("name", product).member("url", view.absolute(view.plain().text()));
  out.key("brand").begin_object().member("@type", "Brand").member("name", view.brand.name).end_object();
  const Ratings ratings = ratings_of(standing.numbers.histogram, tlog::kStars);
  if (const auto found = score(ratings)) {
    out.key("aggregateRating").begin_object().member("@type", "AggregateRating");
    out.member("ratingValue", fmt::format("{:.1f}", found->mean));
    out.key("ratingCount").integer(ratings.count());
    out.key("bestRating").integer(5).key("worstRating").integer(1).end_object();
  }
  out.key("review").begin_array();
  for (const Review& review : reviews) {
    if (review.scale == tlog::kStars) write_review_data(out, view.wording, review);
  }
  out.end_array();
}

}  // namespace

std::string product_of(const Settings& settings, const BrandSettings& brand) {
  for (const SourceSettings& source : settings.sources) {
    if (source.wall && (source.brand.empty() || source.brand == brand.id)) return "";
  }
  std::string product;
  for (const SurveySettings& survey : settings.surveys) {
    if (survey.brand != brand.id || !survey.wall) continue;
    const bool another = !product.empty() && product != survey.subject;
    if (!survey.product || another || scale_of(survey.measure) != tlog::kStars) return "";
    product = survey.subject;
  }
  return product;
}

std::string json_ld(const WallView& view, const WallStanding& standing, const std::vector<Review>& reviews) {
  const Wording& w = view.wording;
  json::Writer out;
  out.begin_object().member("@context", "https://schema.org");
  if (const std::string product = product_of(view.settings, view.brand); !product.empty()) {
    write_product(out, view, standing, reviews, product);
  } else {
    out.member("@type", "WebPage").member("name", w.say("title", {{"brand", view.brand.name}}));
    out.member("url", view.absolute(view.plain().text())).member("inLanguage", w.language());
    out.key("about").begin_object().member("@type", "Brand").member("name", view.brand.name).end_object();
    out.key("publisher")
        .begin_object()
        .member("@type", "Organization")
        .member("name", view.organisation())
        .end_object();
  }
  return out.end_object().take();
}

}  // namespace vigie
