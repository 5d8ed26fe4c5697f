// Whether a wall may say that it shows all reviews: only while nothing speaks against it. Withholding is lawful for the
// reasons announced, applied alike; a claim of completeness over reviews that are late, or withheld more often when
// they are bad, is the banned practice itself (16 CFR 465.7(b); directive 2005/29/EC, annex I, 23c).

#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"
#include "wall/numbers.h"
#include "wall/score.h"

namespace vigie {

enum class Completeness {
  holds,
  empty,       // nothing was received: there is nothing to claim
  unbalanced,  // the parts do not add up to what was received
  stale,       // the numbers are more than an hour behind the log
  late,        // a review waits longer than was announced
  lopsided     // bad ratings are withheld more often than good ones, beyond chance
};
std::string_view to_text(Completeness completeness);

Result<Completeness> completeness(Store& store, const std::string& brand, const WallStanding& standing, Time now);

// Whether ratings of the lower half are withheld more often than those of the upper half: one-sided test of two
// proportions at 0.5 %, from 5 withheld on. What an author, a court or the end of its time took away does not count.
bool is_lopsided(const Ratings& shown, const Ratings& withheld);

}  // namespace vigie
