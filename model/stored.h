// A mention as the store holds it.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/judgement.h"
#include "model/mention.h"

namespace vigie {

// What ingest hands to the committer.
struct Judged {
  Mention mention;
  std::vector<std::string> brands;   // ids, sorted; empty = matched none
  Judgement judgement;
  std::uint64_t exact = 0;           // hash of the folded text
  std::uint64_t near = 0;            // SimHash of its word pairs, 0 = too short to tell
  std::uint64_t content = 0;         // hash of (title, text, rating, reply): an edit changes it
};

struct StoredMention {
  std::int64_t seq = 0;              // one order over all sources, from 1
  Mention mention;
  Judgement judgement;
  std::vector<std::string> brands;
  Time ingested{};                   // the replay's clock
  Time event{};                      // created, or ingested when absent or more than 24 h ahead
  std::int64_t original = 0;         // seq of the mention this one copies, 0 = none
  bool history = false;              // first back-fill: never alerted on
  bool deleted = false, edited = false;
};

}  // namespace vigie
