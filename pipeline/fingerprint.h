// What tells copies and near-copies of a text apart from texts of their own.

#pragma once

#include <cstdint>

#include "model/mention.h"
#include "pipeline/words.h"

namespace vigie {

struct Fingerprint {
  std::uint64_t exact = 0;    // of the folded words without links, handles and punctuation
  std::uint64_t near = 0;     // SimHash of the word pairs (Charikar 2002); 0 = too short to tell
  std::uint64_t content = 0;  // of title, text, rating and reply as they are: an edit changes it
};

// A text of fewer than five words ("Merci, très bien") says too little to be a copy: its exact hash also holds the
// mention's own key, so that it equals no other.
Fingerprint fingerprint(const Mention& mention, const Words& words);

}  // namespace vigie
