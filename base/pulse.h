// Wakes a loop that waits for work: "something changed" without saying what. Several pulses before a wait count once.

#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/time.h"

namespace vigie {

class Pulse {
 public:
  void notify() {
    {
      const std::lock_guard lock(mutex_);
      raised_ = true;
    }
    changed_.notify_all();
  }

  // Returns at a pulse (also one that came before the call), or after `at_most`; true at a pulse.
  bool wait(Duration at_most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [this] { return raised_; });
    return std::exchange(raised_, false);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool raised_ = false;
};

}  // namespace vigie
