// Spikes of negative opinion, per brand and per (brand, theme), streaming and pure: no clock, no I/O, O(1) per mention.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/signal.h"
#include "model/stored.h"
#include "pipeline/themes.h"

namespace vigie {

struct Observation {
  std::int64_t seq = 0;
  std::string_view brand;
  Time event{};              // when it was written
  Time ingested{};           // when we had it: the detector's clock
  std::uint64_t author = 0;  // hash; 0 = unknown, then distinct
  double p_neg = 0;
  bool copy = false;  // of an earlier mention: counts as volume, not as another negative
  std::string_view source;
  std::vector<std::string> themes;  // ids
  std::string_view text;            // for rising words
  std::uint8_t cues = 0;            // severity cues, cue_bits()
  double reach = 0;                 // followers of the author, where known
};

// One per installation; state of every brand inside. Observations must come by `seq`; what comes again is passed over.
// `ingested` may not go back by more than the minute that is counted (it is clamped). What a minute of the ingest clock
// brought is weighed when it is over: signals come with the first mention or tick of a later one.
class Detector {
 public:
  virtual ~Detector() = default;
  virtual void observe(const Observation& observation, std::vector<Signal>& out) = 0;
  // Time went on without mentions: clears are found here. Same `now` twice is a no-op.
  virtual void tick(Time now, std::vector<Signal>& out) = 0;
  // A person says that what the brand's alarm speaks of is its new normal: the alarm ends and the habit moves to it.
  // Nothing when no alarm is on.
  virtual void accept(std::string_view brand, Time now, std::vector<Signal>& out) = 0;
  // The words of a mention that was erased. What was counted stays counted.
  virtual void forget(std::int64_t seq) = 0;
  virtual std::string save() const = 0;
  virtual Result<void> restore(std::string_view state) = 0;  // bad_data when it is of another version
};

// `themes`: Taxonomy::ids(); a theme that is not among them counts as `other`.
std::unique_ptr<Detector> make_detector(double budget, std::vector<std::string> themes = theme_ids());

// The observations of one stored mention, one per brand it matched.
std::vector<Observation> observations(const StoredMention& mention);

// `vigie detect`: one anomaly score 0..1 per value of a numeric series (DETECT.md section 1).
class SeriesScorer {
 public:
  virtual ~SeriesScorer() = default;
  virtual double score(Time at, double value) = 0;
};
std::unique_ptr<SeriesScorer> make_series_scorer();

}  // namespace vigie
