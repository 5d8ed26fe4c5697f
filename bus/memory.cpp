// The bus of one process: a bounded queue whose publishers wait until the store has what they brought.

#include <condition_variable>
#include <deque>

#include "bus/bus.h"

namespace vigie {
namespace {

// What becomes of one batch; the publisher waits on it.
struct Outcome {
  std::optional<Result<void>> result;
};

// Everything shared by publishers, takers and deliveries; it outlives the bus when one of them does.
struct Core {
  explicit Core(std::size_t most) : capacity(most) {}

  const std::size_t capacity;
  std::mutex mutex;
  std::condition_variable changed;
  bool closed = false;
  std::size_t in_work = 0;

  struct Waiting {
    Batch batch;
    std::shared_ptr<Outcome> outcome;
  };
  std::deque<Waiting> waiting;

  void settle(Outcome& outcome, Result<void> result) {
    const std::lock_guard lock(mutex);
    if (outcome.result) return;  // the first answer stands
    outcome.result = std::move(result);
    --in_work;
    changed.notify_all();
  }
};

// Held by a delivery's done(): once the last copy is gone without an answer, the batch counts as lost.
class Ticket {
 public:
  Ticket(std::shared_ptr<Core> core, std::shared_ptr<Outcome> outcome)
      : core_(std::move(core)), outcome_(std::move(outcome)) {}
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;
  ~Ticket() { answer(fail(ErrorKind::transient, "the batch was dropped before it was stored; poll again")); }

  void answer(Result<void> result) { core_->settle(*outcome_, std::move(result)); }

 private:
  const std::shared_ptr<Core> core_;
  const std::shared_ptr<Outcome> outcome_;
};

Error closed_error() { return {ErrorKind::transient, "the bus is closed: vigie is stopping", std::nullopt}; }

class MemoryBus final : public Bus {
 public:
  explicit MemoryBus(std::size_t capacity) : core_(std::make_shared<Core>(std::max<std::size_t>(capacity, 1))) {}

  // Publishers still waiting for a batch nobody will take are told so.
  ~MemoryBus() override {
    const std::lock_guard lock(core_->mutex);
    core_->closed = true;
    for (const Core::Waiting& item : core_->waiting) item.outcome->result = fail(closed_error());
    core_->waiting.clear();
    core_->changed.notify_all();
  }

  Result<void> publish(Batch batch) override {
    const std::shared_ptr<Core> core = core_;
    const auto outcome = std::make_shared<Outcome>();
    std::unique_lock lock(core->mutex);
    core->changed.wait(lock, [&] { return core->closed || core->waiting.size() < core->capacity; });
    if (core->closed) return fail(closed_error());
    core->waiting.push_back({std::move(batch), outcome});
    core->changed.notify_all();
    core->changed.wait(lock, [&] { return outcome->result.has_value(); });
    return *std::move(outcome->result);
  }

  std::optional<Delivery> take(Duration wait) override {
    std::unique_lock lock(core_->mutex);
    core_->changed.wait_for(lock, wait, [&] { return core_->closed || !core_->waiting.empty(); });
    if (core_->waiting.empty()) return std::nullopt;
    Core::Waiting item = std::move(core_->waiting.front());
    core_->waiting.pop_front();
    ++core_->in_work;
    core_->changed.notify_all();
    lock.unlock();
    const auto ticket = std::make_shared<Ticket>(core_, std::move(item.outcome));
    return Delivery{std::move(item.batch), [ticket](Result<void> result) { ticket->answer(std::move(result)); }};
  }

  void close() override {
    const std::lock_guard lock(core_->mutex);
    core_->closed = true;
    core_->changed.notify_all();
  }

  bool drained() const override {
    const std::lock_guard lock(core_->mutex);
    return core_->closed && core_->waiting.empty() && core_->in_work == 0;
  }

 private:
  const std::shared_ptr<Core> core_;
};

}  // namespace

std::unique_ptr<Bus> make_memory_bus(std::size_t capacity) { return std::make_unique<MemoryBus>(capacity); }

}  // namespace vigie
