#include "app/ingest.h"

#include <atomic>
#include <thread>

#include "base/log.h"

namespace vigie {

namespace {

constexpr std::size_t kWorthSplitting = 64;  // below this a second thread costs more than it brings

}  // namespace

Ingest::Ingest(Bus& bus, const Pipeline& pipeline, Store& store, Metrics& metrics, Pulse& committed,
               std::size_t workers, SecondLook* second_look)
    : bus_(bus),
      pipeline_(pipeline),
      store_(store),
      metrics_(metrics),
      committed_(committed),
      workers_(std::max<std::size_t>(1, workers)),
      second_look_(second_look) {}

std::vector<Judged> Ingest::judge(std::vector<Mention> mentions) const {
  std::vector<Judged> judged(mentions.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < mentions.size(); i = next++) judged[i] = pipeline_.judge(std::move(mentions[i]));
  };
  std::vector<std::jthread> helpers;
  if (mentions.size() >= kWorthSplitting) {
    for (std::size_t i = 1; i < workers_; ++i) helpers.emplace_back(work);
  }
  work();
  helpers.clear();  // joins
  return judged;
}

bool Ingest::tick(Duration at_most) {
  std::optional<Delivery> delivery = bus_.take(at_most);
  if (!delivery) return false;

  Batch& batch = delivery->batch;
  JudgedBatch judged;
  judged.source = batch.source;
  judged.mentions = judge(std::move(batch.mentions));
  if (second_look_ != nullptr) second_look_->look(judged.mentions);
  judged.rejected = std::move(batch.rejected);
  judged.gone = std::move(batch.gone);
  judged.ingested = batch.ingested;
  judged.history = batch.history;

  const Result<CommitSummary> done = store_.commit(judged);
  if (!done) {
    log::error("ingest", "a batch could not be stored; its source will be asked again",
               {{"source", judged.source}, {"error", done.error().what}});
    metrics_.add("vigie_batches_total", "Batches taken from the bus, by result.", {{"result", "failed"}});
    delivery->done(fail(done.error()));
    return true;
  }
  const auto count = [&](const char* what, int by) {
    if (by > 0) metrics_.add("vigie_mentions_total", "Mentions committed, by what they were.", {{"kind", what}}, by);
  };
  count("new", done->added);
  count("edited", done->edited);
  count("repeated", done->repeated);
  count("copy", done->copies);
  count("rejected", done->rejected);
  count("gone", done->gone);
  count("renamed", done->renamed);
  metrics_.add("vigie_batches_total", "Batches taken from the bus, by result.", {{"result", "stored"}});
  delivery->done({});
  committed_.notify();
  return true;
}

void Ingest::run(const std::function<void()>& between) {
  while (!bus_.drained()) {
    if (between) between();
    tick(milliseconds(200));
  }
}

}  // namespace vigie
