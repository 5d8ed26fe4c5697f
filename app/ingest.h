// The second loop: takes each batch from the bus, judges its mentions, commits them whole.

#pragma once

#include <functional>
#include <stop_token>

#include "base/metrics.h"
#include "base/pulse.h"
#include "bus/bus.h"
#include "pipeline/pipeline.h"
#include "pipeline/second_look.h"
#include "store/store.h"

namespace vigie {

class Ingest {
 public:
  // `workers`: threads that judge the mentions of one batch; the order of commits does not depend on it. `second_look`:
  // null = none.
  Ingest(Bus& bus, const Pipeline& pipeline, Store& store, Metrics& metrics, Pulse& committed, std::size_t workers = 1,
         SecondLook* second_look = nullptr);

  // One batch, or nothing within `at_most`. True when a batch was taken.
  bool tick(Duration at_most);
  // Until the bus is closed and empty; `between` is called before each batch.
  void run(const std::function<void()>& between = {});

 private:
  std::vector<Judged> judge(std::vector<Mention> mentions) const;

  Bus& bus_;
  const Pipeline& pipeline_;
  Store& store_;
  Metrics& metrics_;
  Pulse& committed_;
  const std::size_t workers_;
  SecondLook* const second_look_;
};

}  // namespace vigie
