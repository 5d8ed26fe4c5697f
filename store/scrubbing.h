// Taking someone's words out of JSON that quotes them: alert documents, messages owed. Pure.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace vigie {

// A mention as documents quote it.
struct QuotedMention {
  std::string source;
  Time event{};
};

// What to look for. A string that holds one of `words` is replaced whole; a quote of `mention` goes with all it says.
struct Scrub {
  std::optional<QuotedMention> mention{};
  std::vector<std::string> words{};
};

// The beginnings of what someone wrote, long enough to be theirs alone; shorter texts are left to `mention`.
void add_words(Scrub& scrub, std::string_view text);

// The document without them; nothing when there was nothing to take out. bad_data: it is no JSON.
Result<std::optional<std::string>> scrubbed(std::string_view document, const Scrub& scrub);

}  // namespace vigie
