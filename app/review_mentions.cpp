#include "app/review_mentions.h"

#include <map>

#include "base/log.h"
#include "base/number.h"
#include "base/pulse.h"

namespace vigie {
namespace {

constexpr const char* kCursor = "wall";
constexpr int kAtOnce = 50;  // in one transaction: whoever waits for a receipt waits for it
constexpr Duration kLookAgain = seconds(1), kAfterFailure = seconds(5);

bool is_own(const Review& review) { return review.source == wall_source(review.brand); }

bool says_something(const Review& review) {
  return !is_over(review.state) && (!review.newest().values[kText].empty() || review.newest().rating);
}

}  // namespace

Mention mention_of(const Settings& settings, const Review& review) {
  const ReviewVersion& newest = review.newest();
  Mention mention;
  mention.source = review.source;
  mention.id = review.mention;
  mention.url = concat(settings.serve.public_url, "/wall/", review.brand, "?review=", std::to_string(review.leaf));
  mention.kind = review.survey.empty() ? "review" : "survey";
  mention.author.name = newest.values[kAuthor];
  mention.text = newest.values[kText];
  mention.lang = review.lang;
  mention.created = review.received;
  if (newest.at != review.received) mention.updated = newest.at;
  mention.place = newest.values[kPlace];
  mention.verified = review.verified != "none";
  if (newest.rating) {
    const std::size_t dash = review.scale.find('-');
    const auto low = whole_number(review.scale.substr(0, dash)), high = whole_number(review.scale.substr(dash + 1));
    mention.rating = Rating{static_cast<double>(*newest.rating), static_cast<double>(low.value_or(1)),
                            static_cast<double>(high.value_or(5))};
  }
  return mention;
}

Result<void> ReviewMentions::publish(const std::string& brand, std::vector<Mention> mentions,
                                     std::vector<std::string> gone) {
  Batch batch;
  batch.source = wall_source(brand);
  batch.mentions = std::move(mentions);
  batch.gone = std::move(gone);
  batch.ingested = clock_.now();
  return bus_.publish(std::move(batch));
}

Result<bool> ReviewMentions::publish_reviews(Bookmark& bookmark) {
  ReviewFilter next;
  next.after = bookmark.review == 0 ? -1 : bookmark.review;
  next.limit = kAtOnce;
  TRY(const std::vector<Review> reviews, store_.reviews().reviews(next));
  std::map<std::string, std::vector<Mention>> by_brand;
  for (const Review& review : reviews) {
    if (is_own(review) && says_something(review)) by_brand[review.brand].push_back(mention_of(settings_, review));
    bookmark.review = review.id;
  }
  for (auto& [brand, mentions] : by_brand) TRY(publish(brand, std::move(mentions), {}));
  return reviews.size() == kAtOnce;
}

// Behind the reviews: what was erased while its review was on its way is taken away again here.
Result<bool> ReviewMentions::publish_acts(Bookmark& bookmark) {
  TRY(const std::vector<ReviewAct> acts, store_.reviews().acts_after(bookmark.act, kAtOnce));
  for (const ReviewAct& act : acts) {
    bookmark.act = act.number;
    const bool ends = act.act == "withdraw" || act.act == "erase";
    if (!ends && act.act != "version") continue;
    TRY(const std::optional<Review> review, store_.reviews().review(act.review));
    if (!review || !is_own(*review)) continue;
    if (ends || is_over(review->state))
      TRY(publish(review->brand, {}, {review->mention}));
    else if (says_something(*review))
      TRY(publish(review->brand, {mention_of(settings_, *review)}, {}));
  }
  return acts.size() == kAtOnce;
}

Result<bool> ReviewMentions::tick() {
  TRY(const Cursor cursor, store_.cursor(kCursor));  // "REVIEW ACT"
  const std::size_t space = cursor.value.find(' ');
  Bookmark bookmark;
  if (space != std::string::npos) {
    bookmark.review = whole_number(cursor.value.substr(0, space)).value_or(0);
    bookmark.act = whole_number(cursor.value.substr(space + 1)).value_or(0);
  }
  TRY(const bool more_reviews, publish_reviews(bookmark));
  // An act on a review that was not looked at yet waits for it.
  bool more_acts = false;
  if (!more_reviews) {
    TRY(more_acts, publish_acts(bookmark));
  }
  const std::string next = concat(std::to_string(bookmark.review), " ", std::to_string(bookmark.act));
  if (next != cursor.value && next != "0 0") TRY(store_.save_cursor(kCursor, {next}));
  return more_reviews || more_acts;
}

void ReviewMentions::run(const std::stop_token& stop) {
  Pulse stopped;
  const std::stop_callback wakes(stop, [&stopped] { stopped.notify(); });
  while (!stop.stop_requested()) {
    const Result<bool> more = tick();
    if (!more) log::error("wall", concat("reviews could not be handed to the pipeline: ", more.error().what));
    if (!more || !*more) stopped.wait(more ? kLookAgain : kAfterFailure);
  }
}

}  // namespace vigie
