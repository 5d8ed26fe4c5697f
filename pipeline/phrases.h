// Many words and phrases looked for at once, from a given word on: the lexicons and the themes stand on it.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "pipeline/words.h"

namespace vigie {

// A tree of word hashes. A word costs one look-up, and one more per length of the prefixes that may stand there,
// however many phrases there are.
class PhraseBook {
 public:
  struct Found {
    std::size_t words = 0;  // 0: nothing begins here
    std::uint32_t value = 0;
  };

  // "hors service", "livr*", "refus* * échange": words as split_words sees them; a star at the end of a word means
  // "begins with", up to 31 bytes; a star alone means up to three words of the same clause. Of two patterns of the same
  // words the first stays: returned is the value that now stands there, nothing when the pattern holds no word.
  std::optional<std::uint32_t> add(std::string_view pattern, std::uint32_t value);

  // The pattern that covers most words from word `at` on; of equal ones a whole word goes before a prefix, a long
  // prefix before a short one.
  Found longest(const Words& words, std::size_t at) const;

  // Adds to `out` every pattern that begins at word `at` and stands in one clause, with the words it covers.
  void all(const Words& words, std::size_t at, std::vector<Found>& out) const;

 private:
  struct Node {
    std::uint32_t prefixes = 0;  // bit n: a prefix of n bytes leads on from here
    std::uint32_t value = 0;
    std::uint32_t gap = 0;  // the node behind a star that stands alone, 0 = none
    bool ends = false;
  };

  template <class Visit>
  void walk(std::uint32_t node, std::size_t depth, const Words& words, std::size_t at, Visit& visit) const;
  std::uint32_t gap_behind(std::uint32_t node);
  std::uint32_t child(std::uint32_t node, std::uint64_t hash, bool prefix) const;

  // Most words of a text begin no phrase: a bit for each key, small enough to stay near the processor, says so first.
  static constexpr std::size_t kFilterBits = 1u << 17;
  std::vector<std::uint64_t> filter_ = std::vector<std::uint64_t>(kFilterBits / 64);

  std::vector<Node> nodes_ = std::vector<Node>(1);
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> edges_;
};

}  // namespace vigie
