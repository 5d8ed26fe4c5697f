// What was held back for one person, in one message: when it is due, what it knows, and how it reads. Pure.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/quiet.h"
#include "alerts/story.h"
#include "config/settings.h"
#include "model/incident.h"

namespace vigie {

struct DigestTime {
  TimeSpan period;
  bool regular = true;  // by the clock of digests; else the end of quiet hours, for what they held back
};

// The latest instant until `now` at which this person is due a digest, quiet hours respected: none within them, and one
// whose time lies within is due at their end. `after_quiet`: their ends count as well. Nothing for a person without
// digests. bad_config for an unknown zone.
Result<std::optional<DigestTime>> last_digest(const PersonSettings& person, Time now, bool after_quiet);

struct DigestInput {
  struct Line {
    Incident incident;
    std::string brand_name;
    std::vector<std::string> reasons;  // of Decision, each once
    int messages = 0;                  // held back
  };
  struct Numbers {
    std::string brand, brand_name;
    std::int64_t mentions = 0, negatives = 0;
  };
  struct Week {
    int incidents = 0, judged = 0, false_alarms = 0, taken = 0;
    Duration until_taken{};  // mean
  };
  std::string purpose = "digest";  // or "budget": that messages are being held back from now on
  std::string cadence = "daily";
  TimeSpan period;
  std::optional<TimeSpan> counted{};  // what `numbers` count: by whole hours, so that it begins before the period does
  std::vector<Line> held, open;  // an incident of both is told among those held
  std::vector<Numbers> numbers;
  std::optional<Week> week;
  std::string console_url;
  Time now{};
};

// One JSON object, frozen when the message is owed:
//   version 1 · purpose · cadence · seq 0 · time · period {from, to} · counted {from, to} · held [line] · open [line], at most 20 each, with
//   held_count and open_count, and still_open: of both · brands [{id, name, mentions, negatives}] · week {incidents, judged, false_alarms,
//   taken, until_taken (s)} · links {console} line: {id, brand {id, name}, kind, state, severity, opened, ended,
//   reasons[], messages, signal}
std::string make_digest(const DigestInput& input);

bool is_digest(std::string_view document);

// bad_data when the document is no digest of ours, bad_config for an unknown language or zone.
Result<Story> tell_digest(std::string_view document, const Audience& audience);

// A line of a digest about one incident ends with its address, which stands below that of all incidents. Both parts of
// such a line; no address for any other line, whatever it ends with.
struct DigestLine {
  std::string_view words, url;
};
DigestLine part_line(const Story& story, std::string_view line);

}  // namespace vigie
