#include "app/replay_history.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <thread>

#include "base/handoff.h"

namespace vigie {
namespace {

constexpr std::size_t kChunk = 2048, kChunksWaiting = 3;
constexpr std::int64_t kShowEvery = 8192;

// Mentions on their way to one thread; emptied, it goes back to be filled again, for their strings keep their memory.
struct Chunk {
  std::vector<StoredMention> mentions = std::vector<StoredMention>(kChunk);
  std::vector<std::uint32_t> lanes = std::vector<std::uint32_t>(kChunk);  // whose each of them is
  std::size_t size = 0;
};

// A brand under each of the settings.
using Lane = std::vector<ReplayBrand>;

void run(const Chunk& chunk, std::vector<Lane>& lanes) {
  for (std::size_t i = 0; i < chunk.size; ++i) {
    for (ReplayBrand& replay : lanes[chunk.lanes[i]]) replay.take(chunk.mentions[i]);
  }
}

// The brands of one thread.
class Shard {
 public:
  // Lanes are shared out before start(); `threaded`: with a thread of its own.
  Shard(std::vector<Lane>& lanes, bool threaded) : lanes_(lanes) {
    if (threaded) thread_ = std::jthread([this] { work(); });
  }

  // A place for a mention of that lane; `done` tells that it was filled.
  StoredMention& slot(std::uint32_t lane) {
    filling_.lanes[filling_.size] = lane;
    return filling_.mentions[filling_.size];
  }
  void done() {
    if (++filling_.size == kChunk) flush();
  }

  void end() {
    flush();
    full_.close();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void flush() {
    if (!thread_.joinable()) {
      run(filling_, lanes_);
      filling_.size = 0;
      return;
    }
    full_.put(std::move(filling_));
    std::optional<Chunk> used = empty_.take_if_any();
    filling_ = used ? *std::move(used) : Chunk();
    filling_.size = 0;
  }

  void work() {
    while (std::optional<Chunk> chunk = full_.take()) {
      run(*chunk, lanes_);
      empty_.put(*std::move(chunk));
    }
  }

  std::vector<Lane>& lanes_;
  Chunk filling_;
  Handoff<Chunk> full_{kChunksWaiting}, empty_{kChunksWaiting + 2};
  std::jthread thread_;
};

std::vector<Lane> make_lanes(const ReplayPlan& plan) {
  std::vector<Lane> lanes;
  for (const std::string& brand : plan.brands) {
    const auto accepted = plan.accepted.find(brand);
    Lane& lane = lanes.emplace_back();
    for (const Settings* settings : plan.settings) {
      lane.emplace_back(*settings, plan.themes, brand,
                        accepted == plan.accepted.end() ? std::vector<Acceptance>() : accepted->second);
    }
  }
  return lanes;
}

// What is left after the last mention, brand by brand on all threads.
void end_all(std::vector<Lane>& lanes, Time to, std::size_t threads) {
  const auto end_some = [&](std::size_t first) {
    for (std::size_t i = first; i < lanes.size(); i += threads) {
      for (ReplayBrand& replay : lanes[i]) replay.pass(to);
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back([&end_some, i] { end_some(i); });
  end_some(0);
}

}  // namespace

Result<ReplayedHistory> replay_history(const ReplayPlan& plan, Store& store) {
  std::vector<Lane> lanes = make_lanes(plan);
  boost::unordered_flat_map<std::string, std::uint32_t> places;
  for (std::uint32_t i = 0; i < plan.brands.size(); ++i) places[plan.brands[i]] = i;

  TRY(const std::unique_ptr<History> history, store.history(plan.read));
  const auto threads = static_cast<std::size_t>(std::clamp(plan.threads, 1, 64));
  std::vector<std::unique_ptr<Shard>> shards;
  for (std::size_t i = 0; i < std::min(threads, std::max<std::size_t>(1, lanes.size())); ++i)
    shards.push_back(std::make_unique<Shard>(lanes, threads > 1));

  ReplayedHistory replayed;
  StoredMention mention;
  Result<void> outcome;
  for (;;) {
    const Result<bool> more = history->next(mention);
    if (!more) outcome = fail(more.error());
    if (!more || !*more) break;
    ++replayed.mentions;
    const std::int64_t seq = mention.seq;
    for (std::size_t i = 0; i < mention.brands.size(); ++i) {
      const auto place = places.find(mention.brands[i]);
      if (place == places.end()) continue;
      Shard& shard = *shards[place->second % shards.size()];
      StoredMention& slot = shard.slot(place->second);
      if (i + 1 == mention.brands.size()) {
        std::swap(slot, mention);
        shard.done();
        break;
      }
      slot = mention;
      shard.done();
    }
    if (plan.progress && replayed.mentions % kShowEvery == 0) plan.progress(replayed.mentions, seq);
  }
  for (const auto& shard : shards) shard->end();
  if (!outcome) return fail(outcome.error());

  end_all(lanes, plan.to, threads);
  for (const Lane& lane : lanes) {
    auto& by_setting = replayed.brands.emplace_back();
    for (const ReplayBrand& replay : lane) by_setting.push_back(replay.incidents());
  }
  return replayed;
}

}  // namespace vigie
