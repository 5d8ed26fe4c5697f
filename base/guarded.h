// A value that several threads share: looked at and changed only under its lock.

#pragma once

#include <mutex>
#include <utility>

namespace vigie {

template <class Value>
class Guarded {
 public:
  // What `use(value)` returns, with the lock held meanwhile.
  template <class Use>
  auto with(Use&& use) {
    const std::lock_guard lock(mutex_);
    return std::forward<Use>(use)(value_);
  }

 private:
  std::mutex mutex_;
  Value value_;
};

}  // namespace vigie
