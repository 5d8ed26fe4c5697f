#include "store/copies.h"

#include <algorithm>
#include <bit>

#include "base/canonical_url.h"
#include "base/secret.h"

namespace vigie {
namespace {

constexpr std::size_t kFirstSize = 64;
constexpr int kMostBits = 3;
constexpr int kLongestWalk = 64;  // per chain, newest first: a flood of one text must not slow the others down

enum Chain : std::size_t { kExact = 0, kQuarters = 1, kLink = 5 };

std::uint32_t seconds_of(Time time) {
  const std::int64_t seconds = to_epoch_micros(time) / 1'000'000;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, UINT32_MAX));
}

std::uint32_t apart(std::uint32_t a, std::uint32_t b) { return a > b ? a - b : b - a; }

bool near_text(std::uint64_t a, std::uint64_t b) { return a != 0 && b != 0 && std::popcount(a ^ b) <= kMostBits; }

}  // namespace

// Comments and reviews share the address of what they are about: only articles are their address.
std::uint64_t link_of(std::string_view kind, std::string_view url) {
  if (kind != "article") return 0;
  const std::string canonical = canonical_url(url);
  return canonical.empty() ? 0 : hash64(canonical);
}

std::uint32_t source_of(std::string_view source) { return static_cast<std::uint32_t>(hash64(source)); }

BrandCopies::Row BrandCopies::packed(const SeenText& text) {
  Row row;
  row.exact = text.exact;
  row.near = text.near;
  row.link = text.link;
  row.seq = text.seq;
  row.back = static_cast<std::uint32_t>(std::clamp<std::int64_t>(text.seq - text.root, 0, UINT32_MAX));
  row.source = text.source;
  row.event = seconds_of(text.event);
  row.ingested = seconds_of(text.ingested);
  return row;
}

bool BrandCopies::in_window(const Row& a, const Row& b) {
  constexpr auto kWindow =
      static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(kCopyWindow).count());
  return apart(a.event, b.event) <= kWindow && apart(a.ingested, b.ingested) <= kWindow;
}

std::uint64_t BrandCopies::key(const Row& row, std::size_t chain) {
  if (chain == kExact) return row.exact;
  if (chain == kLink) return row.link;
  return row.near == 0 ? 0 : ((row.near >> (16 * (chain - kQuarters))) & 0xffff) + 1;
}

std::size_t BrandCopies::bucket(const Row& row, std::size_t chain) const {
  return static_cast<std::size_t>((key(row, chain) * 0x9E3779B97F4A7C15u) >> 32) & mask();
}

// Newest first. A place may have been taken by a younger row since it was linked: the chain ends there.
template <class Visit>
void BrandCopies::walk(const Row& candidate, std::size_t chain, Visit visit) const {
  if (count_ == 0 || key(candidate, chain) == 0) return;
  std::uint64_t before = count_;
  Place at = heads_[chain][bucket(candidate, chain)];
  for (int steps = 0; at != 0 && steps < kLongestWalk; ++steps) {
    const std::size_t place = at - 1u;
    const std::uint64_t position = count_ - 1 - ((count_ - 1 - place) & mask());
    if (position >= before || position < oldest()) return;
    if (!visit(ring_[place])) return;
    before = position;
    at = ring_[place].next[chain];
  }
}

std::int64_t BrandCopies::original_of(const SeenText& text) const {
  const Row candidate = packed(text);
  std::int64_t root = 0;
  const auto first_that = [&](std::size_t chain, const auto& test) {
    walk(candidate, chain, [&](const Row& other) {
      if (test(other) && in_window(other, candidate)) root = other.seq - other.back;
      return root == 0;
    });
  };
  first_that(kExact, [&](const Row& other) { return other.exact == candidate.exact; });
  if (root != 0) return root;
  first_that(kLink, [&](const Row& other) { return other.link == candidate.link && other.source != candidate.source; });
  if (root != 0) return root;
  for (std::size_t chain = kQuarters; chain < kLink; ++chain) {
    walk(candidate, chain, [&](const Row& other) {
      const std::int64_t its_root = other.seq - other.back;
      const bool older = root == 0 || its_root < root;
      if (older && near_text(other.near, candidate.near) && in_window(other, candidate)) root = its_root;
      return true;
    });
  }
  return root;
}

void BrandCopies::remember(const SeenText& text) {
  if (count_ >= ring_.size() && ring_.size() < kMost) grow();
  ring_[count_ & mask()] = packed(text);
  link(count_++);
}

void BrandCopies::forget(std::int64_t seq) {
  for (Row& row : ring_) {
    if (row.seq == seq) row.exact = row.near = row.link = 0;
  }
}

Time BrandCopies::newest() const { return count_ == 0 ? Time{} : from_epoch(ring_[(count_ - 1) & mask()].ingested); }

void BrandCopies::link(std::uint64_t position) {
  const std::size_t place = position & mask();
  Row& row = ring_[place];
  for (std::size_t chain = 0; chain < kChains; ++chain) {
    if (key(row, chain) == 0) continue;
    Place& head = heads_[chain][bucket(row, chain)];
    row.next[chain] = head;
    head = static_cast<Place>(place + 1);
  }
}

// Only called while nothing has been overwritten yet: positions are places.
void BrandCopies::grow() {
  const std::size_t size = std::max(kFirstSize, ring_.size() * 2);
  ring_.resize(size);
  for (auto& heads : heads_) heads.assign(size, 0);
  for (std::uint64_t position = 0; position < count_; ++position) link(position);
}

std::int64_t CopyMemory::original_of(const std::vector<std::string>& brands, const SeenText& candidate) const {
  std::int64_t root = 0;
  for (const std::string& brand : brands) {
    const auto it = brands_.find(brand);
    if (it == brands_.end()) continue;
    const std::int64_t found = it->second.original_of(candidate);
    if (found != 0 && (root == 0 || found < root)) root = found;
  }
  return root;
}

void CopyMemory::remember(const std::vector<std::string>& brands, const SeenText& text) {
  for (const std::string& brand : brands) brands_[brand].remember(text);
}

void CopyMemory::forget(const std::vector<std::string>& brands, std::int64_t seq) {
  for (const std::string& brand : brands) {
    if (const auto it = brands_.find(brand); it != brands_.end()) it->second.forget(seq);
  }
}

void CopyMemory::forget_quiet(Time before) {
  std::erase_if(brands_, [&](const auto& item) { return item.second.newest() < before; });
}

}  // namespace vigie
