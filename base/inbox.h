// Work that many threads bring and one takes in batches. Bounded: who brings more than there is room for is told so at
// once, and never waits.

#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "base/time.h"

namespace vigie {

template <class T>
class Inbox {
 public:
  explicit Inbox(std::size_t most) : most_(most) {}

  // False when it is full or closed: the item was not taken.
  bool put(T item) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || items_.size() >= most_) return false;
      items_.push_back(std::move(item));
    }
    changed_.notify_one();
    return true;
  }

  // Everything that is there, at most `most` items, oldest first; waits for a first one, a wake() or the end of
  // `at_most`.
  std::vector<T> take(std::size_t most, Duration at_most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [this] { return woken_ || closed_ || !items_.empty(); });
    woken_ = false;
    std::vector<T> batch;
    while (!items_.empty() && batch.size() < most) {
      batch.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    return batch;
  }

  void wake() {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
    }
    changed_.notify_one();
  }

  // Nothing is put any more; what is there can still be taken.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

  bool empty() const {
    const std::lock_guard lock(mutex_);
    return items_.empty();
  }

 private:
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> items_;
  bool woken_ = false, closed_ = false;
};

}  // namespace vigie
