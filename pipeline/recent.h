// The last negatives of one brand, to explain a rise with: which ones, from where, and which words are new. Bounded: 64
// mentions, 10 words each, and the counts of at most 1,024 terms usual among this brand's negatives.

#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "model/signal.h"
#include "pipeline/bytes.h"
#include "pipeline/terms.h"

namespace vigie {

class Recent {
 public:
  struct Negative {
    std::int64_t seq = 0;
    double event = 0;
    double p_neg = 0;
    std::uint16_t themes = 0;
    bool usual = false;  // its words are part of what is usual
    std::string source;  // at most 64 bytes
    std::string words;   // as telling_words() gives them
  };

  // `quiet`: no alarm is on, so its words belong to what is usual for the brand.
  void add(Negative negative, std::string_view text, std::string_view brand, bool quiet);

  // Of the negatives written since then.
  std::vector<TermCount> rising_terms(double since) const;  // at most 5, surest first
  std::vector<SourceCount> sources(double since) const;     // most first
  std::vector<std::int64_t> telling(double since,
                                    std::uint16_t theme) const;  // at most 10: of the theme first, then surest
  std::size_t count(double since) const;
  std::array<std::uint32_t, 16> themes(double since) const;
  std::vector<std::int64_t> first(double since, std::size_t most) const;

  void save(ByteWriter& out) const;
  void restore(ByteReader& in);

 private:
  std::deque<Negative> negatives_;
  TermCounts usual_;  // of the negatives that came while no alarm was on
};

}  // namespace vigie
