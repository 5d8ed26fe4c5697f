// What was said within a sliding window, each author once: a ring of buckets in event time, and who stands in which.
// The order in which mentions of one minute come does not matter.

#pragma once

#include <cstdint>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/time.h"
#include "pipeline/bytes.h"

namespace vigie {

class Tally {
 public:
  struct Sum {
    std::int64_t n = 0, value = 0;
  };

  // The window, cut into at most 60 buckets of whole minutes, and how long before it is remembered too.
  Tally(Duration window, Duration before = Duration::zero());

  // One mention written in minute `at`, not after `now`. An author's newest one counts, in place of an earlier; author
  // 0 is unknown, and every time another one. True when the author stood nowhere in what is remembered.
  bool add(std::int64_t at, std::uint64_t author, std::int64_t value, std::int64_t now);

  Sum within(std::int64_t now) const;  // the window that ends with minute `now`
  Sum before(std::int64_t now) const;  // what is remembered before it
  void forget_before(std::int64_t now);
  // Authors who stand in no bucket any more are let go, and the oldest beyond 1,024: those would be counted again.
  void tidy(std::int64_t now);

  std::int64_t next_edge(std::int64_t minute) const;  // when what evaluate(minute) sees next changes by itself
  std::int64_t first_minute(std::int64_t now) const;  // of the window

  void save(ByteWriter& out, std::int64_t now) const;
  void restore(ByteReader& in);

 private:
  struct Bucket {
    std::int64_t index = -1, n = 0, value = 0;
  };
  struct Place {
    std::int64_t at = 0, value = 0;
  };

  std::int64_t index_of(std::int64_t minute) const { return minute / width_; }
  Bucket& slot(std::int64_t index) { return ring_[static_cast<std::size_t>(index) % ring_.size()]; }
  bool remembered(std::int64_t index, std::int64_t now) const;
  Sum sum(std::int64_t first, std::int64_t last) const;

  std::int64_t width_ = 1;   // minutes of a bucket
  std::int64_t window_ = 1;  // buckets of the window
  std::vector<Bucket> ring_;
  boost::unordered_flat_map<std::uint64_t, Place> authors_;
};

}  // namespace vigie
