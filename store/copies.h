// What was said lately about each brand, to know a copy when it comes: the same text (exact hash) or nearly (SimHash
// within three bits). In memory, and a function of the stored mentions alone: read again at start, it gives the same
// answers.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace vigie {

inline constexpr Duration kCopyWindow = 14 * kDay;

struct Fingerprint {
  std::int64_t seq = 0;
  std::int64_t root = 0;    // seq of the first of its copies; itself when it is no copy
  std::uint64_t exact = 0;  // 0: unknown
  std::uint64_t near = 0;   // 0: too short to tell
  Time event{}, ingested{};
};

// The last mentions of one brand: a ring, and hash chains through it for the exact hash and for each quarter of the
// SimHash (two hashes three bits apart agree on one quarter at least).
class BrandCopies {
 public:
  static constexpr std::size_t kMost = 16384;  // mentions remembered a brand: 1.4 MB

  const Fingerprint* original_of(const Fingerprint& candidate) const;
  void remember(const Fingerprint& fingerprint);
  void forget(std::int64_t seq);
  Time newest() const { return count_ == 0 ? Time{} : ring_[(count_ - 1) & mask()].ingested; }

 private:
  static constexpr std::size_t kChains = 5;
  struct Links {
    std::uint64_t next[kChains];
  };

  std::size_t mask() const { return ring_.size() - 1; }
  std::uint64_t oldest() const { return count_ > ring_.size() ? count_ - ring_.size() : 0; }
  std::size_t bucket(const Fingerprint& fingerprint, std::size_t chain) const;
  template <class Visit>
  void walk(const Fingerprint& candidate, std::size_t chain, Visit visit) const;
  void link(std::uint64_t position);
  void grow();

  std::vector<Fingerprint> ring_;              // a power of two; position p lives at p mod size
  std::vector<Links> links_;                   // position + 1 of the one before in each chain
  std::vector<std::uint64_t> heads_[kChains];  // position + 1 of the newest, 0 = none
  std::uint64_t count_ = 0;                    // remembered so far = next position
};

class CopyMemory {
 public:
  // seq of the mention that the candidate copies, over its brands; 0 = none.
  std::int64_t original_of(const std::vector<std::string>& brands, const Fingerprint& candidate) const;
  void remember(const std::vector<std::string>& brands, const Fingerprint& fingerprint);
  void forget(const std::vector<std::string>& brands, std::int64_t seq);
  void forget_quiet(Time before);  // brands without a mention since
  void clear() { brands_.clear(); }

 private:
  std::map<std::string, BrandCopies, std::less<>> brands_;
};

}  // namespace vigie
