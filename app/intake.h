// What every loop that brings mentions in does alike: first the batch where it cannot be lost, then the bookmark that
// says it was taken, then what the operator should know about the source.

#pragma once

#include "base/clock.h"
#include "base/metrics.h"
#include "base/rng.h"
#include "bus/bus.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

// One source as the loops see it: its bookmark and how it is doing.
struct Line {
  const SourceSettings* settings = nullptr;
  Cursor cursor;
  SourceHealth health;
};

class Intake {
 public:
  // `part`: the loop's name in logs. Belongs to the loop's thread, as the store does.
  Intake(std::string part, Store& store, Bus& bus, const Clock& clock, Rng& rng, Metrics& metrics)
      : part_(std::move(part)), store_(store), bus_(bus), clock_(clock), rng_(rng), metrics_(metrics) {}

  Result<Line> open(const SourceSettings& settings);

  // Publishes, then saves `batch.next` as the bookmark when it moved. An error: the old bookmark stands.
  Result<void> deliver(Line& line, Batch batch);

  // Notes a success, or a failure with the pause before the next try: full jitter between nothing and `shortest`
  // doubled with each failure, at most `longest`; never shorter than the source asked for.
  void good(Line& line, std::optional<Time> next_try);
  Time bad(Line& line, const Error& error, Duration shortest, Duration longest);

 private:
  void save(Line& line);

  const std::string part_;
  Store& store_;
  Bus& bus_;
  const Clock& clock_;
  Rng& rng_;
  Metrics& metrics_;
};

}  // namespace vigie
