#include "wall/feed.h"

#include <algorithm>

#include "base/graphemes.h"
#include "base/page.h"
#include "store/reviews.h"
#include "wall/public_time.h"
#include "wall/review_item.h"

namespace vigie {
namespace {

constexpr std::size_t kTitleGraphemes = 80;

std::string title_of(const Wording& w, const Review& review) {
  const ReviewVersion& shown = *review.shown();
  const std::string label = rating_label(w, review.scale, shown.rating);
  const std::string text = squeeze_spaces(public_text(shown));
  const std::string words = text.empty() ? w.say("no_text") : first_graphemes(text, kTitleGraphemes);
  return label.empty() ? words : concat(label, w.say("colon"), words);
}

}  // namespace

Result<std::string> atom_feed(const WallView& view, Store& store) {
  const Wording& w = view.wording;
  ReviewFilter filter;
  filter.brand = view.brand.id;
  filter.shown = true;
  filter.limit = kFeedEntries;
  TRY(const std::vector<Review> reviews, store.reviews().reviews(filter));

  Time updated{};
  json::Writer data;
  data.begin_object().member("lang", w.language()).member("title", w.say("title", {{"brand", view.brand.name}}));
  data.member("wall", view.absolute(view.plain().text())).member("self", view.absolute(view.below("feed.atom")));
  data.member("author", view.organisation()).key("entries").begin_array();
  for (const Review& review : reviews) {
    const ReviewVersion& shown = *review.shown();
    const Time changed = public_time(shown.published.value_or(review.received));
    const std::string author = public_author(shown);
    updated = std::max(updated, changed);
    // The address in the wall's own language, so that an entry read in two languages is one entry.
    WallAddress id;
    id.brand = view.brand.id;
    id.review = review.leaf;
    data.begin_object().member("id", view.absolute(id.text())).member("title", title_of(w, review));
    data.member("href", view.absolute(view.review(review.leaf)));
    data.member("author", author.empty() ? w.say("anonymous") : author).member_if("lang", review.lang);
    data.member("published", format_rfc3339(public_time(first_published(review))));
    data.member("updated", format_rfc3339(changed));
    data.member("text", public_text(shown)).end_object();
  }
  data.end_array().member("updated", format_rfc3339(reviews.empty() ? view.now : updated)).end_object();
  return fill_template("wall/assets/feed.mustache", data);
}

}  // namespace vigie
