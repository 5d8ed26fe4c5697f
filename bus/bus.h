// The way from collectors to the pipeline. Delivery is at least once; the store's key makes the effect exactly once.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "model/batch.h"

namespace vigie {

// One batch on its way. Call done() once: success commits it, an error gives it back to publish().
struct Delivery {
  Batch batch;
  std::function<void(Result<void>)> done;
};

class Bus {
 public:
  virtual ~Bus() = default;
  // Returns once losing this process loses nothing; the caller saves its cursor only then. An error means that
  // the batch may have been lost: the caller polls again from its old cursor.
  virtual Result<void> publish(Batch batch) = 0;
  // The next batch, in order of publish; nothing when none came within `wait` or the bus is closed and empty.
  virtual std::optional<Delivery> take(Duration wait) = 0;
  // No publish succeeds after this; take() drains what is left.
  virtual void close() = 0;
  virtual bool drained() const = 0;  // closed, and nothing is waiting or in work
};

// In this process; publish() waits until the delivery is done. `capacity`: batches waiting before publish blocks.
std::unique_ptr<Bus> make_memory_bus(std::size_t capacity = 8);

}  // namespace vigie
