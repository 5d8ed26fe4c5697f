// The answers of a brand's own customers travel like everything else that is said of it: each review is a mention of
// the source "wall:BRAND", judged, searchable, counted by the detector. An update is its edit; withdrawn and erased
// ones are gone.

#pragma once

#include <stop_token>
#include <string>

#include "base/clock.h"
#include "bus/bus.h"
#include "config/settings.h"
#include "model/review.h"
#include "store/reviews.h"
#include "store/store.h"

namespace vigie {

class ReviewMentions {
 public:
  // Belongs to one thread, as the store does.
  ReviewMentions(const Settings& settings, Store& store, Bus& bus, const Clock& clock)
      : settings_(settings), store_(store), bus_(bus), clock_(clock) {}

  // What came since the last time, at most a few hundred. The bookmark is saved once the bus has them where they cannot
  // be lost; killed in between, they are published again and are the same mentions. True when there may be more.
  Result<bool> tick();
  void run(const std::stop_token& stop);

 private:
  struct Bookmark {
    std::int64_t review = 0, act = 0;
  };
  Result<bool> publish_reviews(Bookmark& bookmark);
  Result<bool> publish_acts(Bookmark& bookmark);
  Result<void> publish(const std::string& brand, std::vector<Mention> mentions, std::vector<std::string> gone);

  const Settings& settings_;
  Store& store_;
  Bus& bus_;
  const Clock& clock_;
};

Mention mention_of(const Settings& settings, const Review& review);

}  // namespace vigie
