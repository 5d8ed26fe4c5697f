// What one poll of a source brings, and the bookmark that follows it.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/mention.h"

namespace vigie {

// A source's bookmark: opaque text that only its source reads; "" before the first poll.
struct Cursor {
  std::string value;
  bool operator==(const Cursor&) const = default;
};

// A record that could not be read: its bytes (cut at 64 KiB) and the reason, in words.
struct Rejected {
  std::string bytes;
  std::string reason;
};

struct Batch {
  std::string source;                 // subscription id
  std::vector<Mention> mentions;
  std::vector<Rejected> rejected;
  std::vector<std::string> gone;      // ids known to be deleted at the source
  Cursor next;
  bool more = false;                  // another page waits: ask again at once
  bool history = false;               // first back-fill: stored and counted, never alerted on
  Time ingested{};                    // when the collector had it; replay keeps it
  std::optional<Duration> poll_in{};  // the source's own hint: not sooner than this
  std::optional<Duration> rest{};     // its allowance is used up: no request of the same bucket sooner than this
  std::int64_t read = 0;              // items the source may charge for, stored or not
  Duration filled{}, to_fill{};       // of the first back-fill, as far as the source can tell: 12 of 30 days
  bool behind = false;                // more is there than one run may read: the next run comes as soon as it may
};

}  // namespace vigie
