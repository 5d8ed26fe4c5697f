// What the collect loop remembers from one start to the next.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace vigie {

// What ingest and housekeeping must know of a source without opening it.
struct SourceFacts {
  std::string source;
  std::string network;                 // its definition's id; "feed", "file"; "" = unknown
  bool keep_text = true;               // false: link, rating and times only
  std::optional<Duration> keep_for{};  // then text and author are erased
  std::string attribution{};
  bool operator==(const SourceFacts&) const = default;
};

// Mentions of a source written on one day (UTC).
struct DayCount {
  Time day{};
  std::int64_t items = 0;
};

// Requests left to the sources that share a name.
struct Allowance {
  std::string name;
  double tokens = 0;
  Time at{};          // when there were that many
  Time rest_until{};  // no request before
};

// An address that answers with permanent redirects.
struct Move {
  std::string source, old_url, new_url;
  Time first_at{};
  int polls = 0;                     // that saw it
  std::optional<Time> used_since{};  // asked at the new address since
};

// How far the mentions of a source were looked at again, at one age; age zero: all of them, again and again.
struct Look {
  std::string source;
  Duration age{};
  std::optional<Time> begun{};           // at age zero: when it began, or is to begin, at the first mention
  std::int64_t seq = 0;                  // of the last mention looked at
  std::optional<Time> held_until{};      // most of a page was missing: asked again then
  std::int64_t held_to = 0;              // last seq of that page
  std::optional<Time> believed_until{};  // such a page was confirmed: further ones are believed until then
};

// A stored mention to be looked at again.
struct DueMention {
  std::int64_t seq = 0;
  std::string id, native;
  std::string author;  // id, handle or name, whichever is known first
};

struct DueMentions {
  std::vector<DueMention> mentions;  // by seq
  std::optional<Time> next{};        // when none is due: ingest stamp of the first one that is not yet old enough
};

}  // namespace vigie
