// What happens to a review without anybody: it joins from where it was collected, it is checked, published, held for a
// person or, at its deadline, published all the same; in the end it expires. The same for every review, whatever its
// rating: nothing here reads one.

#pragma once

#include <functional>
#include <stop_token>

#include "app/adopt.h"
#include "base/clock.h"
#include "base/pulse.h"
#include "config/settings.h"
#include "store/moderation.h"
#include "store/store.h"
#include "wall/book.h"

namespace vigie {

class Moderate {
 public:
  Moderate(const Settings& settings, Store& store, const Clock& clock)
      : settings_(settings),
        store_(store),
        clock_(clock),
        book_(settings, store, clock),
        adopt_(settings, store, clock) {}

  // Collected reviews, new ones, what is due, and who is owed a word. True when there is more to do at once.
  Result<bool> tick();
  // What time ends: reviews kept long enough, evidence, senders of notices.
  Result<void> hourly();

  // Looks every other second, and at a pulse. Called when entries were logged, and when messages are owed.
  void run(const std::stop_token& stop, Pulse& pulse, const std::function<void()>& logged = {},
           const std::function<void()>& owed = {});

 private:
  struct Case;  // one version and what the checks say
  Result<std::vector<Case>> cases_of(const std::vector<Undecided>& versions);
  Result<ReviewCheck> check(const Review& review, const ReviewVersion& version);
  Result<bool> settle(const std::vector<Case>& cases);
  Result<bool> decide_new();
  Result<bool> decide_due();
  Result<bool> tell();
  Result<bool> tell_of_improvements();
  Result<void> tell_of(const Improvement& improvement);

  const Settings& settings_;
  Store& store_;
  const Clock& clock_;
  Book book_;
  Adopt adopt_;
  bool logged_ = false, owed_ = false;  // since run() last said so
};

}  // namespace vigie
