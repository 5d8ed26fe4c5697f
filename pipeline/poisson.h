// Counts that come by chance.

#pragma once

namespace vigie {

struct Interval {
  double low = 0, high = 0;
};

// The whole numbers between which a Poisson count of this mean lies nine times out of ten.
Interval poisson_interval_90(double mean);

}  // namespace vigie
