// Walls that never were: a seeded brand invites, receives, moderates, answers; its store, its folder, what it shows.

#pragma once

#include "base/clock.h"
#include "base/rng.h"
#include "store/store.h"
#include "tests/log/log_support.h"
#include "wall/log/append.h"
#include "wall/log/audit.h"
#include "wall/log/items.h"
#include "wall/log/publisher.h"

namespace vigie::test {

inline constexpr const char* kWall = "acme";

class SeededWall {
 public:
  // About `reviews` reviews over some weeks, with policy changes, updates, withdrawals, erasures, replies and
  // aggregates.
  SeededWall(std::uint64_t seed, int reviews);

  const std::filesystem::path& folder() const { return folder_path_; }
  Time now() const { return clock_.now(); }
  Store& store() { return *store_; }
  ManualClock& clock() { return clock_; }
  std::vector<Leaf> leaves();  // as stored
  WallItems items();           // what an honest page shows
  void write_items(const WallItems& items) const;
  Result<Audit> verify(std::vector<std::string> known = {}) const;

  // A second folder with the same log, to be spoilt.
  std::filesystem::path copy(const std::string& name) const;

  // The whole log written anew from other entries and signed with the real key: what a brand could do.
  static void write_log(const std::filesystem::path& folder, const std::vector<std::string>& entries);

 private:
  std::int64_t append(LeafBody body);
  void receive(const std::string& source);
  std::int64_t draw_rating(const std::string& scale);
  void decide(std::size_t review);
  void live_a_day(int reviews);
  void add_up(std::int64_t day);

  struct Written {
    std::int64_t leaf = 0, version = 0;
    Time at{};
    std::string secret, scale;
    Fields fields;
    bool decided = false, over = false;
  };

  SeededRng rng_;
  ManualClock clock_;
  TempDir temp_;
  std::filesystem::path folder_path_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Publisher> publisher_;
  std::vector<Written> written_;
  std::map<std::int64_t, Fields> fields_;  // by leaf
  std::int64_t policy_ = 0;
  int tokens_ = 0;
};

}  // namespace vigie::test
