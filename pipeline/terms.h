// Words and pairs of words of a text that may explain a rise, and how often each is usual.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/bytes.h"

namespace vigie {

// The first ten telling words of a text, folded, with what is needed to pair them: no numbers, no link, not the brand's
// own name; a function word stays where it stands alone between two of them ("fuite _de donnees"), "|" where they are
// not neighbours.
std::string telling_words(std::string_view text, std::string_view brand);

// The words, and the pairs that stand side by side or around one function word, of what telling_words() returned: each
// once, sorted.
std::vector<std::string> terms_of(std::string_view telling);

// In how many texts each term stood, of the texts learnt so far. Bounded: when there are more than kMost terms, every
// count is halved and what stood in one text only is forgotten, so that it follows what is usual now.
class TermCounts {
 public:
  static constexpr std::size_t kMost = 1024;

  void learn(const std::vector<std::string>& terms);
  double count(std::string_view term) const;
  double texts() const { return texts_; }  // halved with the counts

  void save(ByteWriter& out) const;
  void restore(ByteReader& in);

 private:
  struct Count {
    std::uint32_t key = 0;  // hash: 32 bits part a thousand terms well enough
    std::uint32_t texts = 0;
  };

  std::vector<Count>::iterator place_of(std::uint32_t key);
  void halve();

  std::vector<Count> counts_;  // by key: state is saved with every batch, so it lies ready to be written
  double texts_ = 0;
};

// One term's counts in a window and in the background, both in texts.
struct TermOdds {
  double in_window = 0, window = 0;
  double in_background = 0, background = 0;
};

// How surely the term is more frequent in the window, in standard deviations of its log-odds ratio under an informative
// Dirichlet prior: Monroe, Colaresi and Quinn, "Fightin' Words", Political Analysis 16 (2008), equations 16, 20 and 22;
// the prior is the mean of the term's two shares, on the weight of five texts. Pooled counts, as there, would make the
// prior of a word never said before so thin that its very newness counted against it.
double rise_of(const TermOdds& odds);

}  // namespace vigie
