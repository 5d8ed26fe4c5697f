// What was said lately about each brand, to know a copy when it comes: the same text (exact hash), nearly the same
// (SimHash within three bits), or the same article in another source (its address). In memory, and a function of the
// stored mentions alone: read again at start, it gives the same answers.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace vigie {

inline constexpr Duration kCopyWindow = 14 * kDay;

struct SeenText {
  std::int64_t seq = 0;
  std::int64_t root = 0;    // seq of the first of its copies; itself when it is no copy
  std::uint64_t exact = 0;  // 0: unknown
  std::uint64_t near = 0;   // 0: too short to tell
  Time event{}, ingested{};
  std::uint64_t link = 0;    // of an article's canonical address; 0: none
  std::uint32_t source = 0;  // hash: within one source, two items of one address are two items
};

// What `mention` is recognised by beside its text.
std::uint64_t link_of(std::string_view kind, std::string_view url);
std::uint32_t source_of(std::string_view source);

// The last mentions of one brand: a ring, and hash chains through it for the exact hash, for each quarter of the
// SimHash (two hashes three bits apart agree on one quarter at least), and for the address. Hundreds of brands have one
// each: rows are packed.
class BrandCopies {
 public:
  static constexpr std::size_t kMost = 4096;  // mentions remembered a brand: 300 KiB

  // The root of the mention that the candidate copies, 0 = none.
  std::int64_t original_of(const SeenText& candidate) const;
  void remember(const SeenText& text);
  void forget(std::int64_t seq);
  Time newest() const;

 private:
  static constexpr std::size_t kChains = 6;
  using Place = std::uint16_t;  // in the ring, from 1; 0 = none

  struct Row {
    std::uint64_t exact = 0, near = 0, link = 0;
    std::int64_t seq = 0;
    std::uint32_t back = 0;  // seq - root
    std::uint32_t source = 0;
    std::uint32_t event = 0, ingested = 0;  // seconds since 1970
    Place next[kChains] = {};               // the one before in each chain
  };

  static Row packed(const SeenText& text);
  static bool in_window(const Row& a, const Row& b);
  static std::uint64_t key(const Row& row, std::size_t chain);  // 0: nothing to be found by

  std::size_t mask() const { return ring_.size() - 1; }
  std::uint64_t oldest() const { return count_ > ring_.size() ? count_ - ring_.size() : 0; }
  std::size_t bucket(const Row& row, std::size_t chain) const;
  template <class Visit>
  void walk(const Row& candidate, std::size_t chain, Visit visit) const;
  void link(std::uint64_t position);
  void grow();

  std::vector<Row> ring_;              // a power of two; position p lives at p mod size
  std::vector<Place> heads_[kChains];  // the newest of each bucket
  std::uint64_t count_ = 0;            // remembered so far = next position
};

class CopyMemory {
 public:
  // seq of the mention that the candidate copies, over its brands; 0 = none.
  std::int64_t original_of(const std::vector<std::string>& brands, const SeenText& candidate) const;
  void remember(const std::vector<std::string>& brands, const SeenText& text);
  void forget(const std::vector<std::string>& brands, std::int64_t seq);
  void forget_quiet(Time before);  // brands without a mention since
  void clear() { brands_.clear(); }

 private:
  std::map<std::string, BrandCopies, std::less<>> brands_;
};

}  // namespace vigie
