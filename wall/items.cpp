#include "wall/items.h"

#include <algorithm>

#include "base/log.h"
#include "store/reviews.h"
#include "wall/log/folder.h"

namespace vigie {
namespace {

constexpr int kLeavesAPage = 2'560;
constexpr std::size_t kRowsReadAgain = 100;                // a call
constexpr Duration kGrain = kDay + std::chrono::hours(1);  // how far a logged time may lie from the exact one

// The log's time stands for the row's, which is to the second, unless they cannot be of one moment.
std::int64_t shown_time(std::int64_t logged, const std::optional<Time>& stored) {
  if (!stored) return 0;
  const Duration apart = *stored - from_epoch(logged);
  return apart > -kGrain && apart < kGrain ? logged : to_epoch(*stored);
}

// What pages show of a review. Where it was, and the number of an order, are between its author and the brand.
constexpr unsigned kPublic = 1u << kText | 1u << kAuthor | 1u << kWhen;

tlog::Fields fields_of(const ReviewVersion& version) {
  const unsigned opened_fields = kPublic & ~version.masked;
  tlog::Fields fields;
  for (std::size_t i = 0; i < kReviewFields; ++i) {
    tlog::Field opened;
    opened.value = version.values[i];
    opened.key = version.keys[i];
    fields[i] = (opened_fields & (1u << i)) == 0 ? tlog::closed(i, opened) : std::move(opened);
  }
  return fields;
}

}  // namespace

std::optional<tlog::WallItem> wall_item(const Review& review, const tlog::LoggedReview& logged) {
  const tlog::ReviewVersion* entry = logged.shown();
  if (entry == nullptr) return std::nullopt;
  const auto version = std::find_if(review.versions.begin(), review.versions.end(),
                                    [&](const ReviewVersion& one) { return one.leaf == entry->leaf; });
  if (version == review.versions.end()) return std::nullopt;
  tlog::WallItem item;
  item.ref = review.leaf;
  item.version = version->leaf;
  item.rating = version->rating;
  item.received = shown_time(logged.time, review.received);
  item.published = shown_time(entry->decided, version->published);
  item.masked = version->masked != 0;
  item.fields = fields_of(*version);
  return item;
}

ItemsFile::ItemsFile(std::string brand, std::string origin, std::filesystem::path folder)
    : brand_(std::move(brand)), origin_(std::move(origin)), folder_(std::move(folder)), account_(origin_) {}

Result<void> ItemsFile::write(Store& store, std::int64_t covered, Time now) {
  choose_rows_to_read_again();
  TRY(catch_up(store));
  const bool due = !rendered_ || urgent_ || (changed_ && now - *rendered_ >= kItemsPause);
  if (due && size_ > 0) render(now);
  if (!waiting_ || waiting_->first > covered) return {};
  TRY(tlog::write_durably(folder_ / tlog::kItemsFile, waiting_->second));
  waiting_.reset();
  return {};
}

// Rows first and entries last: an act whose effect was read in a row has its entry among those read after it, and that
// row is then read again. So the items are those of the log at `size_`, without holding anybody up.
Result<void> ItemsFile::catch_up(Store& store) {
  TRY(take_new_leaves(store));
  while (!touched_.empty()) {
    const std::set<std::int64_t> rows = std::exchange(touched_, {});
    for (const std::int64_t sub : rows) TRY(read_row(store, sub));
    TRY(take_new_leaves(store));
  }
  return {};
}

Result<void> ItemsFile::take_new_leaves(Store& store) {
  for (;;) {
    TRY(const std::vector<LoggedLeaf> leaves, store.leaves(brand_, size_, kLeavesAPage));
    for (const LoggedLeaf& one : leaves) {
      ++size_;
      changed_ = true;
      const Result<tlog::Leaf> leaf = tlog::parse_leaf(one.bytes);
      if (!leaf) {
        account_.skip(one.index);
        continue;
      }
      account_.take(one.index, *leaf);
      if (const auto* version = std::get_if<tlog::VersionLeaf>(&leaf->body)) review_of_[one.index] = version->ref;
      if (const auto* act = std::get_if<tlog::ModerationLeaf>(&leaf->body)) touch(act->ref);
      if (const auto* end = std::get_if<tlog::WithdrawalLeaf>(&leaf->body)) touch(end->ref);
      if (const auto* end = std::get_if<tlog::ErasureLeaf>(&leaf->body)) touch(end->ref);
    }
    if (leaves.size() < static_cast<std::size_t>(kLeavesAPage)) return {};
  }
}

void ItemsFile::touch(std::int64_t leaf) {
  const auto review = review_of_.find(leaf);
  touched_.insert(review == review_of_.end() ? leaf : review->second);
}

void ItemsFile::choose_rows_to_read_again() {
  auto next = items_.upper_bound(read_again_);
  for (std::size_t i = 0; i < kRowsReadAgain && next != items_.end(); ++i, ++next) {
    touched_.insert(next->first);
    read_again_ = next->first;
  }
  if (next == items_.end()) read_again_ = -1;
}

Result<void> ItemsFile::read_row(Store& store, std::int64_t sub) {
  const tlog::LoggedReview* logged = account_.review(sub);
  std::optional<tlog::WallItem> item;
  if (logged != nullptr && logged->shown() != nullptr) {
    TRY(const std::optional<Review> review, store.reviews().review_at(brand_, sub));
    if (review) item = wall_item(*review, *logged);
    if (!item)
      log::error("wall",
                 concat("the log of ", brand_, " shows review ", std::to_string(sub), ", the store has no such text"));
  }
  const auto known = items_.find(sub);
  if (!item) {
    if (known == items_.end()) return {};
    items_.erase(known);
    changed_ = urgent_ = true;
    return {};
  }
  std::string text = to_json(*item);
  if (known == items_.end()) {
    items_.emplace(sub, std::move(text));
    changed_ = true;
  } else if (known->second != text) {  // another wording, or one with less to see
    known->second = std::move(text);
    changed_ = urgent_ = true;
  }
  return {};
}

void ItemsFile::render(Time now) {
  tlog::WallItems head;
  head.origin = origin_;
  head.size = size_;
  head.numbers = account_.numbers();
  waiting_.emplace(size_, to_json(head, items_));
  rendered_ = now;
  changed_ = urgent_ = false;
}

Result<void> write_items(Store& store, const std::string& brand, const std::string& origin,
                         const std::filesystem::path& folder, std::int64_t covered, Time now) {
  ItemsFile file(brand, origin, folder);
  return file.write(store, covered, now);
}

}  // namespace vigie
