#include "app/adopt.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/number.h"
#include "base/secret.h"
#include "base/text.h"
#include "store/moderation.h"
#include "wall/replies.h"

namespace vigie {
namespace {

constexpr int kAtOnce = 500;
constexpr std::string_view kCursor = "reviews:collected";  // no source can be called so
constexpr std::string_view kCollected = "import";              // the channel of what is adopted here
constexpr double kHighest = 1000;

bool is_whole(double value) { return std::floor(value) == value; }

// Which sources stand on walls: a new one is read from the beginning.
std::string sources_mark(const Settings& settings) {
  std::string ids;
  for (const SourceSettings& source : settings.sources) {
    if (source.wall) ids += concat(source.id, " ", source.brand, "\n");
  }
  return ids.empty() ? "" : to_hex(sha256(ids)).substr(0, 16);
}

std::array<std::string, kReviewFields> values_of(const Mention& mention, const AdoptedRating& rating) {
  std::string text;
  for (const std::string_view part :
       {std::string_view(rating.in_words), std::string_view(mention.title), std::string_view(mention.text)}) {
    if (!part.empty()) text += concat(text.empty() ? "" : "\n\n", part);
  }
  std::array<std::string, kReviewFields> values{};
  values[kText] = first_code_points(text, limits::kReviewCodePoints);
  values[kAuthor] = mention.author.name.empty() ? mention.author.handle : mention.author.name;
  values[kPlace] = mention.place;
  return values;
}

std::string language_of(const StoredMention& stored) {
  const std::string& judged = stored.judgement.lang;
  const std::string& lang = judged.empty() || judged == "other" ? stored.mention.lang : judged;
  return lang.size() > 35 ? "" : lang;  // BCP 47 recommends that much
}

}  // namespace

AdoptedRating adopted_rating(const std::optional<Rating>& rating) {
  AdoptedRating adopted;
  if (!rating) return adopted;
  const double low = rating->min, high = rating->max, value = rating->value;
  const bool scale = is_whole(low) && is_whole(high) && low >= 0 && low < high && high <= kHighest;
  if (scale && is_whole(value) && value >= low && value <= high) {
    adopted.scale = fmt::format("{:.0f}-{:.0f}", low, high);
    adopted.rating = static_cast<std::int64_t>(value);
  } else {
    adopted.in_words = fmt::format("{:g} / {:g}", value, high);
  }
  return adopted;
}

const SourceSettings* Adopt::source_of(const StoredMention& stored) const {
  const auto source = std::find_if(settings_.sources.begin(), settings_.sources.end(),
                                   [&](const SourceSettings& one) { return one.id == stored.mention.source; });
  return source == settings_.sources.end() || !source->wall ? nullptr : &*source;
}

std::string Adopt::brand_of(const StoredMention& stored) const {
  const SourceSettings* source = source_of(stored);
  const bool opinion = stored.mention.kind == "review" || stored.mention.kind == "survey";
  if (source == nullptr || !opinion) return "";
  if (!source->brand.empty()) return source->brand;
  for (const BrandSettings& brand : settings_.brands) {
    if (std::find(stored.brands.begin(), stored.brands.end(), brand.id) != stored.brands.end()) return brand.id;
  }
  return "";
}

Result<bool> Adopt::tick() {
  const std::string mark = sources_mark(settings_);
  if (mark.empty()) return false;
  TRY(const bool more_new, take_new());
  TRY(const bool more_changes, take_changes());
  return more_new || more_changes;
}

Result<bool> Adopt::take_new() {
  TRY(const Cursor cursor, store_.cursor(std::string(kCursor)));  // "SEQ MARK"
  const std::string mark = sources_mark(settings_);
  const std::size_t blank = cursor.value.find(' ');
  std::int64_t seq = 0;
  if (blank != std::string::npos && cursor.value.substr(blank + 1) == mark)
    seq = whole_number(std::string_view(cursor.value).substr(0, blank)).value_or(0);
  TRY(const std::vector<StoredMention> found, store_.mentions_after(seq, kAtOnce));
  if (found.empty()) return false;
  TRY(receive(found));
  TRY(store_.save_cursor(std::string(kCursor), {concat(std::to_string(found.back().seq), " ", mark)}));
  return static_cast<int>(found.size()) == kAtOnce;
}

Result<void> Adopt::receive(const std::vector<StoredMention>& mentions) {
  std::map<std::string, std::vector<Submission>> batches;  // by brand
  std::vector<const StoredMention*> answered;
  for (const StoredMention& stored : mentions) {
    const std::string brand = brand_of(stored);
    if (brand.empty()) continue;
    const Mention& mention = stored.mention;
    if (mention.reply) answered.push_back(&stored);
    TRY(const std::optional<Review> known, store_.reviews().review_of_mention(mention.source, mention.id));
    if (known) continue;  // adopted before this program was stopped
    const AdoptedRating rating = adopted_rating(mention.rating);
    Submission one;
    one.brand = brand;
    one.channel = kCollected;
    one.scale = rating.scale;
    one.rating = rating.rating;
    one.values = values_of(mention, rating);
    one.lang = language_of(stored);
    one.verified = mention.verified.value_or(false) ? "order" : "none";
    one.source = mention.source;
    one.mention = mention.id;
    batches[brand].push_back(std::move(one));
  }
  for (auto& [brand, batch] : batches) TRY(book_.receive(brand, std::move(batch)));
  for (const StoredMention* stored : answered) {
    TRY(const std::optional<Review> review,
        store_.reviews().review_of_mention(stored->mention.source, stored->mention.id));
    if (review) TRY(follow_reply(*stored, *review));
  }
  return {};
}

Result<bool> Adopt::take_changes() {
  TRY(const std::vector<ChangedMention> changes, store_.moderation().changed_mentions(kAtOnce));
  if (changes.empty()) return false;
  for (const ChangedMention& change : changes) {
    TRY(const std::optional<StoredMention> stored, store_.mention(change.seq));
    if (!stored) continue;
    TRY(const std::optional<Review> review,
        store_.reviews().review_of_mention(stored->mention.source, stored->mention.id));
    // What was written on the wall has its mention made from it: only what was collected follows its source. Its source
    // may stand on the wall no more: what was logged is followed all the same.
    if (review && review->channel == kCollected && !is_over(review->state)) TRY(follow(*stored, *review));
  }
  TRY(store_.moderation().taken_changes(changes.back().number));
  return static_cast<int>(changes.size()) == kAtOnce;
}

Result<void> Adopt::follow(const StoredMention& stored, const Review& review) {
  if (stored.deleted) return take_down(review);
  const AdoptedRating rating = adopted_rating(stored.mention.rating);
  const auto values = values_of(stored.mention, rating);
  const bool emptied =
      stored.mention.text.empty() && stored.mention.title.empty() && stored.mention.author.name.empty();
  if (emptied && !review.newest().values[kText].empty()) {  // its source lets nobody keep it longer
    TRY(book_.erase(review, "retention", ""));
    return {};
  }
  const ReviewVersion& newest = review.newest();
  if (values != newest.values || rating.rating != newest.rating) {
    if (rating.rating && rating.scale != review.scale)
      log::warn("adopt", "a review changed its scale at its source: its first one counts",
                {{"review", stored.mention.id}});
    else
      TRY(book_.update(review, rating.rating, values));
  }
  return follow_reply(stored, review);
}

// Its author took it away where it was written, and did not have our secret to say so here.
Result<void> Adopt::take_down(const Review& review) {
  std::vector<ActOn> decisions;
  for (const ReviewVersion& version : review.versions) {
    if (version.state != ReviewState::published && version.state != ReviewState::waiting) continue;
    ReviewAct act;
    act.act = version.state == ReviewState::published ? "hide" : "refuse";
    act.code = "AUTHOR-REQUEST";
    act.by = "auto";
    act.version = version.leaf;
    decisions.push_back({&review, std::move(act)});
  }
  if (!decisions.empty()) TRY(book_.decide_all(decisions));
  return {};
}

Result<void> Adopt::follow_reply(const StoredMention& stored, const Review& review) {
  const std::string& source = stored.mention.source;
  TRY(const std::vector<Reply> replies, store_.moderation().replies_to(review.id));
  const auto stands = std::find_if(replies.begin(), replies.end(),
                                   [&](const Reply& one) { return !one.withdrawn && one.source == source; });
  std::string text;
  if (stored.mention.reply) text = first_code_points(stored.mention.reply->text, limits::kReviewCodePoints);
  if (stands != replies.end() && stands->text() == text) return {};
  if (trim(text).empty()) {
    if (stands != replies.end()) TRY(withdraw_reply(book_, store_, *stands, clock_.now()));
    return {};
  }
  NewReply reply;
  reply.text = text;
  reply.author = settings_.organisation;
  reply.source = source;
  reply.at = stored.mention.reply->created.value_or(clock_.now());
  const auto added = add_reply(book_, store_, review, reply);
  if (!added && added.error().kind != ErrorKind::bad_data) return fail(added.error());
  if (!added) log::warn("adopt", added.error().what, {{"review", stored.mention.id}});
  return {};
}

}  // namespace vigie
