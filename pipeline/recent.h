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
    std::uint8_t cues = 0;  // cue_bits()
    bool usual = false;     // its words are part of what is usual
    float reach = 0;        // followers of its author
    std::string source;     // at most 64 bytes
    std::string words;      // as telling_words() gives them
  };
  enum class Why : std::uint8_t { copy, late, repeated };

  static std::string words_of(std::string_view text, std::string_view brand);

  // `quiet`: no alarm is on, so its words belong to what is usual for the brand.
  void add(Negative negative, bool quiet);
  // A negative that does not count, so that this can be told. The last 256 are remembered.
  void leave_out(double event, Why why);

  // Its words alone: it was erased. What was counted stays counted.
  void forget(std::int64_t seq);

  // Of the negatives written since then.
  std::vector<TermCount> rising_terms(double since) const;  // at most 5, surest first
  std::vector<SourceCount> sources(double since) const;     // most first
  std::vector<std::int64_t> telling(double since,
                                    std::uint16_t theme) const;  // at most 10: of the theme first, then surest
  std::vector<const Negative*> since(double since) const;        // as they came; of the last 64
  int left_out(double since, Why why) const;

  void save(ByteWriter& out) const;
  void restore(ByteReader& in);
  static void save(const Negative& negative, ByteWriter& out);
  static void restore(Negative& negative, ByteReader& in);

 private:
  struct LeftOut {
    std::uint32_t event = 0;  // seconds since 1970
    Why why = Why::copy;
  };

  std::deque<Negative> negatives_;
  std::deque<LeftOut> left_out_;
  TermCounts usual_;  // of the negatives that came while no alarm was on
};

}  // namespace vigie
