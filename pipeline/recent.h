// The last negatives of one brand, to explain a rise with: which ones, from where, and which words are new. Bounded: 64
// mentions, 10 words each, and a sketch of 1 KiB of the words usual among this brand's negatives.

#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "model/signal.h"
#include "pipeline/bytes.h"

namespace vigie {

class Recent {
 public:
  struct Negative {
    std::int64_t seq = 0;
    double event = 0;
    double p_neg = 0;
    std::uint16_t themes = 0;
    bool usual = false;  // its words are part of the sketch
    std::string source;  // at most 64 bytes
    std::string words;   // folded, blank after each
  };

  // `quiet`: no alarm is on, so its words belong to what is usual for the brand.
  void add(Negative negative, std::string_view text, std::string_view brand, bool quiet);

  // Of the negatives written since then.
  std::vector<TermCount> rising_terms(double since) const;  // at most 5
  std::vector<SourceCount> sources(double since) const;     // most first
  std::vector<std::int64_t> telling(double since,
                                    std::uint16_t theme) const;  // at most 10: of the theme first, then surest
  std::size_t count(double since) const;
  std::array<std::uint32_t, 16> themes(double since) const;
  std::vector<std::int64_t> first(double since, std::size_t most) const;

  void save(ByteWriter& out) const;
  void restore(ByteReader& in);

 private:
  static constexpr std::size_t kColumns = 256;
  using Sketch = std::array<std::array<std::uint16_t, kColumns>, 2>;

  void learn(std::string_view words);
  double usual(std::string_view word) const;

  std::deque<Negative> negatives_;
  Sketch sketch_{};
  double learned_ = 0;  // negatives in the sketch, faded as it is
};

}  // namespace vigie
