// A text as the sentiment model reads it: its words, and the signs that stand between them.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "pipeline/words.h"

namespace vigie::sentiment {

struct Token {
  static constexpr std::uint32_t kNoWord = UINT32_MAX;

  std::uint64_t hash = 0;        // of the folded text; equal texts of equal kind have equal hashes on every machine
  std::string_view text;         // folded; points into the Words, or for signs into the original
  std::uint32_t word = kNoWord;  // index in the Words; kNoWord for signs
  bool letters = false;          // a word or hashtag: has character n-grams
  bool negated = false;          // within three words behind a negator, in the same clause
};

// Puts the tokens of `words` into `out`, in order of the text; what `out` held is gone. `words` must outlive them.
// Returns whether the text exclaims. "!" is no token: it strengthens what is said and never says the opposite, so the
// weights of words must not learn it (see calibrated()). Capitals and blanks leave no trace either: how a text is set
// does not change what it means.
bool read_tokens(const Words& words, std::vector<Token>& out);

}  // namespace vigie::sentiment
