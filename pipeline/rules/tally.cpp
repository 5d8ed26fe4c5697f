#include "pipeline/rules/tally.h"

#include <algorithm>
#include <tuple>

namespace vigie {
namespace {

constexpr std::int64_t kBuckets = 60;
constexpr std::size_t kMostAuthors = 1024;
constexpr std::size_t kMostAuthorsOfAMinute = 65'536;  // whatever comes in at once

std::int64_t whole_minutes(Duration duration) { return std::chrono::ceil<minutes>(duration).count(); }
std::int64_t parts(std::int64_t whole, std::int64_t part) { return (whole + part - 1) / part; }

}  // namespace

Tally::Tally(Duration window, Duration before) {
  const std::int64_t length = std::max<std::int64_t>(1, whole_minutes(window));
  width_ = parts(length, kBuckets);
  window_ = parts(length, width_);
  ring_.resize(static_cast<std::size_t>(window_ + parts(whole_minutes(before), width_)));
}

bool Tally::remembered(std::int64_t index, std::int64_t now) const {
  return index > index_of(now) - static_cast<std::int64_t>(ring_.size());
}

bool Tally::add(std::int64_t at, std::uint64_t author, std::int64_t value, std::int64_t now) {
  const std::int64_t index = index_of(at);
  if (!remembered(index, now)) return false;
  const auto known = author == 0 ? authors_.end() : authors_.find(author);
  bool newcomer = true;
  if (known != authors_.end()) {
    const Place then = known->second;
    Bucket& was = slot(index_of(then.at));
    if (remembered(index_of(then.at), now) && was.index == index_of(then.at)) {
      newcomer = false;
      if (std::tie(then.at, then.value) >= std::tie(at, value)) return false;
      --was.n;
      was.value -= then.value;
    }
    known->second = {at, value};
  } else if (author != 0 && authors_.size() < kMostAuthorsOfAMinute) {
    authors_.emplace(author, Place{at, value});
  }
  Bucket& bucket = slot(index);
  if (bucket.index != index) bucket = {index, 0, 0};
  ++bucket.n;
  bucket.value += value;
  return newcomer;
}

Tally::Sum Tally::sum(std::int64_t first, std::int64_t last) const {
  Sum sum;
  for (const Bucket& bucket : ring_) {
    if (bucket.index < first || bucket.index > last) continue;
    sum.n += bucket.n;
    sum.value += bucket.value;
  }
  return sum;
}

Tally::Sum Tally::within(std::int64_t now) const {
  const std::int64_t last = index_of(now);
  return sum(std::max<std::int64_t>(0, last - window_ + 1), last);
}

Tally::Sum Tally::before(std::int64_t now) const {
  const std::int64_t last = index_of(now);
  return sum(std::max<std::int64_t>(0, last - static_cast<std::int64_t>(ring_.size()) + 1), last - window_);
}

void Tally::forget_before(std::int64_t now) {
  const std::int64_t first = index_of(now) - window_ + 1;
  for (Bucket& bucket : ring_) {
    if (bucket.index < first) bucket = {};
  }
}

std::int64_t Tally::first_minute(std::int64_t now) const { return (index_of(now) - window_ + 1) * width_; }

// A bucket leaves the window when the minute before the one evaluated is the first of another.
std::int64_t Tally::next_edge(std::int64_t minute) const { return (index_of(minute - 1) + 1) * width_ + 1; }

void Tally::tidy(std::int64_t now) {
  if (authors_.size() <= kMostAuthors) return;
  erase_if(authors_, [&](const auto& author) { return !remembered(index_of(author.second.at), now); });
  if (authors_.size() <= kMostAuthors) return;
  std::vector<std::pair<std::int64_t, std::uint64_t>> oldest;
  for (const auto& [author, place] : authors_) oldest.emplace_back(place.at, author);
  const auto kept = oldest.end() - static_cast<std::ptrdiff_t>(kMostAuthors);
  std::nth_element(oldest.begin(), kept, oldest.end());
  std::for_each(oldest.begin(), kept, [&](const auto& one) { authors_.erase(one.second); });
}

void Tally::save(ByteWriter& out, std::int64_t now) const {
  std::vector<Bucket> buckets;
  std::copy_if(ring_.begin(), ring_.end(), std::back_inserter(buckets),
               [&](const Bucket& bucket) { return bucket.n > 0 && remembered(bucket.index, now); });
  out.value(static_cast<std::uint32_t>(buckets.size()));
  for (const Bucket& bucket : buckets) out.value(bucket);
  std::vector<std::pair<std::uint64_t, Place>> authors;
  for (const auto& [author, place] : authors_) {
    if (remembered(index_of(place.at), now)) authors.emplace_back(author, place);
  }
  std::sort(authors.begin(), authors.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  out.value(static_cast<std::uint32_t>(authors.size()));
  for (const auto& [author, place] : authors) {
    out.value(author);
    out.value(place);
  }
}

void Tally::restore(ByteReader& in) {
  std::fill(ring_.begin(), ring_.end(), Bucket{});
  authors_.clear();
  const std::uint32_t buckets = in.count(sizeof(Bucket));
  for (std::uint32_t i = 0; i < buckets; ++i) {
    Bucket bucket;
    in.value(bucket);
    if (bucket.index >= 0) slot(bucket.index) = bucket;
  }
  const std::uint32_t authors = in.count(sizeof(std::uint64_t) + sizeof(Place));
  for (std::uint32_t i = 0; i < authors; ++i) {
    std::uint64_t author = 0;
    Place place;
    in.value(author);
    in.value(place);
    if (place.at >= 0) authors_[author] = place;
  }
}

}  // namespace vigie
