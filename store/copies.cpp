#include "store/copies.h"

#include <algorithm>
#include <bit>

namespace vigie {
namespace {

constexpr std::size_t kFirstSize = 64;
constexpr int kMostBits = 3;
constexpr int kLongestWalk = 64;  // per chain, newest first: a flood of one text must not slow the others down

Duration apart(Time a, Time b) { return a > b ? a - b : b - a; }

bool in_window(const Fingerprint& a, const Fingerprint& b) {
  return apart(a.event, b.event) <= kCopyWindow && apart(a.ingested, b.ingested) <= kCopyWindow;
}

bool same_text(const Fingerprint& a, const Fingerprint& b) { return a.exact != 0 && a.exact == b.exact; }

bool near_text(const Fingerprint& a, const Fingerprint& b) {
  return a.near != 0 && b.near != 0 && std::popcount(a.near ^ b.near) <= kMostBits;
}

}  // namespace

std::size_t BrandCopies::bucket(const Fingerprint& fingerprint, std::size_t chain) const {
  const std::uint64_t key = chain == 0 ? fingerprint.exact : (fingerprint.near >> (16 * (chain - 1))) & 0xffff;
  return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15u) >> 32) & mask();
}

template <class Visit>
void BrandCopies::walk(const Fingerprint& candidate, std::size_t chain, Visit visit) const {
  std::uint64_t at = heads_[chain][bucket(candidate, chain)];
  for (int steps = 0; at > oldest() && steps < kLongestWalk; ++steps) {
    const std::size_t place = (at - 1) & mask();
    if (!visit(ring_[place])) return;
    at = links_[place].next[chain];
  }
}

const Fingerprint* BrandCopies::original_of(const Fingerprint& candidate) const {
  if (count_ == 0) return nullptr;
  const Fingerprint* found = nullptr;
  const auto better = [&](const Fingerprint& other) { return !found || other.root < found->root; };
  if (candidate.exact != 0) {
    walk(candidate, 0, [&](const Fingerprint& other) {
      if (same_text(other, candidate) && in_window(other, candidate)) found = &other;
      return !found;
    });
  }
  if (found || candidate.near == 0) return found;
  for (std::size_t chain = 1; chain < kChains; ++chain) {
    walk(candidate, chain, [&](const Fingerprint& other) {
      if (near_text(other, candidate) && in_window(other, candidate) && better(other)) found = &other;
      return true;
    });
  }
  return found;
}

void BrandCopies::remember(const Fingerprint& fingerprint) {
  if (count_ >= ring_.size() && ring_.size() < kMost) grow();
  ring_[count_ & mask()] = fingerprint;
  link(count_++);
}

void BrandCopies::forget(std::int64_t seq) {
  for (std::uint64_t position = oldest(); position < count_; ++position) {
    Fingerprint& fingerprint = ring_[position & mask()];
    if (fingerprint.seq == seq) fingerprint.exact = fingerprint.near = 0;
  }
}

void BrandCopies::link(std::uint64_t position) {
  const std::size_t place = position & mask();
  for (std::size_t chain = 0; chain < kChains; ++chain) {
    if ((chain == 0 ? ring_[place].exact : ring_[place].near) == 0) continue;  // nothing to be found by
    std::uint64_t& head = heads_[chain][bucket(ring_[place], chain)];
    links_[place].next[chain] = head;
    head = position + 1;
  }
}

// Positions start anew at 0; only called while nothing has been overwritten yet.
void BrandCopies::grow() {
  const std::size_t size = std::max(kFirstSize, ring_.size() * 2);
  ring_.resize(size);
  links_.assign(size, Links{});
  for (auto& heads : heads_) heads.assign(size, 0);
  for (std::uint64_t position = 0; position < count_; ++position) link(position);
}

std::int64_t CopyMemory::original_of(const std::vector<std::string>& brands, const Fingerprint& candidate) const {
  std::int64_t root = 0;
  for (const std::string& brand : brands) {
    const auto it = brands_.find(brand);
    if (it == brands_.end()) continue;
    const Fingerprint* found = it->second.original_of(candidate);
    if (found && (root == 0 || found->root < root)) root = found->root;
  }
  return root;
}

void CopyMemory::remember(const std::vector<std::string>& brands, const Fingerprint& fingerprint) {
  for (const std::string& brand : brands) brands_[brand].remember(fingerprint);
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
