// The only way to read the time, and the only way to wait.

#pragma once

#include <atomic>

#include "base/time.h"

namespace vigie {

struct Clock {
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  Time now() const override;
};

// Stands still until it is told otherwise; safe to read from several threads. Replays and tests use it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start) : micros_(to_epoch_micros(start)) {}
  Time now() const override { return from_epoch_micros(micros_.load()); }
  void set(Time time) { micros_.store(to_epoch_micros(time)); }
  void advance(Duration by) { micros_ += by.count(); }

 private:
  std::atomic<std::int64_t> micros_;
};

// Another clock, shifted so that it read `start` when this object was made: a demo's week that goes on.
class ShiftedClock final : public Clock {
 public:
  ShiftedClock(const Clock& base, Time start) : base_(base), shift_(start - base.now()) {}
  Time now() const override { return base_.now() + shift_; }

 private:
  const Clock& base_;
  Duration shift_;
};

}  // namespace vigie
