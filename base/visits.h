// How often somebody came by lately, for everybody at once: bounded in memory, safe from several threads.

#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.h"

namespace vigie {

// Token buckets by name: `burst` at once, then one more each `refill`. Of the names, the `most` used last are kept; who
// is forgotten starts anew with a full bucket.
class TokenBuckets {
 public:
  TokenBuckets(int burst, Duration refill, std::size_t most = 20'000) : burst_(burst), refill_(refill), most_(most) {}

  // Nothing when it may go; else how long until it may.
  std::optional<Duration> take(std::string_view name, Time now);

 private:
  struct Bucket {
    Time full{};  // when it is full again
  };
  void forget(Time now);

  const int burst_;
  const Duration refill_;
  const std::size_t most_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

// How many times each key was seen within the window, the `most` last sightings counted.
class Sightings {
 public:
  Sightings(Duration window, std::size_t most) : window_(window), most_(most) {}

  int before(std::uint64_t key, Time now);  // not counting this one
  void add(std::uint64_t key, Time now);

 private:
  void forget(Time now);

  const Duration window_;
  const std::size_t most_;
  std::mutex mutex_;
  std::deque<std::pair<Time, std::uint64_t>> seen_;
  std::unordered_map<std::uint64_t, int> counts_;
};

// What a visitor's address is counted under: an IPv6 /64 is one household.
std::string visitor_network(std::string_view remote);

}  // namespace vigie
