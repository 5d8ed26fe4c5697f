// How many mentions are usual at this hour of the week, and how many should have come since the last one: what silence
// is measured by. On the ingest clock, in whole minutes since 1970. 1.6 KiB.

#pragma once

#include <array>
#include <cstdint>

#include "pipeline/bytes.h"

namespace vigie {

class Volume {
 public:
  void count(std::int64_t minute);    // one mention came; minutes do not go back
  void advance(std::int64_t minute);  // time went on

  // Mentions that habit expects between the last one and `minute`, which advance() has reached.
  double missed(std::int64_t minute) const;
  // The first minute at which missed() comes to `mentions` if nothing comes before; at most five weeks ahead.
  std::int64_t when_missed(double mentions) const;
  double per_hour(std::int64_t minute) const;
  double per_day() const;
  // Known for two weeks, and spoken of less than five times a day.
  bool is_rare() const;

  std::int64_t last() const { return state_.last; }
  std::int64_t hours_known() const { return state_.hours_known; }
  // So much is missing that nothing can be said of what people write: 12 mentions, which chance alone brings once in
  // e^12 = 160,000 such spans.
  bool is_silent(std::int64_t minute) const;

  void save(ByteWriter& out) const { out.value(state_); }
  void restore(ByteReader& in) { in.value(state_); }

 private:
  struct Mean {
    float sum = 0, weight = 0;
    void add(double value, double keep) {
      sum = static_cast<float>(sum * keep + value);
      weight = static_cast<float>(weight * keep + 1);
    }
  };
  struct State {  // plain memory without gaps
    std::int64_t hour = -1, last = -1, hours_known = 0, in_hour = 0;
    double missed = 0;  // from the last mention to the start of this hour
    std::array<Mean, 168> of_week{};
    std::array<Mean, 24> of_day{};
    Mean all;
  };
  static_assert(sizeof(State) == 5 * 8 + 193 * 8);

  double rate(std::int64_t hour) const;
  void close_hour();

  State state_;
};

}  // namespace vigie
