// Reviews that were collected from sources of the brand's own (`wall = true`) become reviews of its wall, with an entry
// in the log like any other; what happens to them at their source is followed.

#pragma once

#include "base/clock.h"
#include "config/settings.h"
#include "model/stored.h"
#include "store/store.h"
#include "wall/book.h"

namespace vigie {

class Adopt {
 public:
  Adopt(const Settings& settings, Store& store, const Clock& clock)
      : settings_(settings), store_(store), clock_(clock), book_(settings, store, clock) {}

  // New ones, then changed ones. True when there is more to do at once. Killed anywhere, it goes on where it was: a
  // mention is one review.
  Result<bool> tick();

 private:
  Result<bool> take_new();
  Result<bool> take_changes();
  Result<void> receive(const std::vector<StoredMention>& mentions);
  Result<void> follow(const StoredMention& stored, const Review& review);
  Result<void> take_down(const Review& review);
  Result<void> follow_reply(const StoredMention& stored, const Review& review);
  const SourceSettings* source_of(const StoredMention& stored) const;
  std::string brand_of(const StoredMention& stored) const;  // "" = none of ours

  const Settings& settings_;
  Store& store_;
  const Clock& clock_;
  Book book_;
};

// How a source's rating stands in the log: whole numbers on a scale of whole numbers. What is none (3.5 of 5) is said
// in words above the text instead, and no rating is counted.
struct AdoptedRating {
  std::string scale = "1-5";
  std::optional<std::int64_t> rating{};
  std::string in_words{};
};
AdoptedRating adopted_rating(const std::optional<Rating>& rating);

}  // namespace vigie
