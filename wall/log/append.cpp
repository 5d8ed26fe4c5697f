#include "wall/log/append.h"

namespace vigie::tlog {

Duration grain_of(std::int64_t reviews_a_day) {
  return reviews_a_day < kSmallWall ? Duration(kDay) : Duration(hours(1));
}

std::int64_t leaf_time(Time now, Duration grain, std::int64_t not_before) {
  const std::int64_t step = std::max<std::int64_t>(1, std::chrono::duration_cast<seconds>(grain).count());
  const std::int64_t second = std::max<std::int64_t>(0, to_epoch(now));
  return std::max(second - second % step, not_before);
}

LeafToAppend leaf_to_append(LeafBody body, const Clock& clock, Duration grain, std::string once) {
  return {[body = std::move(body), &clock, grain](const LeafPlace& place) -> Result<NewLeaf> {
            const std::int64_t time = leaf_time(clock.now(), grain, place.not_before);
            TRY(std::string bytes, to_bytes(Leaf{time, body}));
            return NewLeaf{std::move(bytes), time};
          },
          std::move(once)};
}

}  // namespace vigie::tlog
