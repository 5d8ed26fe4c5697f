// What follows when something was erased, until its last trace is gone: each step can be cut short at any instant and
// is taken up again by whichever process looks next. Its rows are gone before (store/forgetting.h).

#pragma once

#include <stop_token>

#include "base/clock.h"
#include "base/pulse.h"
#include "config/settings.h"
#include "store/privacy.h"
#include "store/store.h"

namespace vigie {

class Erasures {
 public:
  Erasures(const Settings& settings, Store& store, const Clock& clock)
      : settings_(settings), store_(store), clock_(clock) {}

  // As far as it goes now. True when all of it is done. transient: somebody is reading what must go.
  Result<bool> tick();
  void run(const std::stop_token& stop, Pulse& pulse);

 private:
  Result<void> step(ErasureWork& work, ErasureStep to);
  Result<void> forget_outside(ErasureWork& work);
  Result<bool> look_again(ErasureWork& work);  // true: it is over
  Result<void> forget_words(const ErasureWork& work);
  Result<void> remove_files(const ErasureWork& work);

  const Settings& settings_;
  Store& store_;
  const Clock& clock_;
};

}  // namespace vigie
