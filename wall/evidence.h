// What was refused or taken off for an illicit reason is kept a year for a court, closed to a key that is not here: the
// operator keeps it apart.

#pragma once

#include <string>
#include <string_view>

#include "model/moderation.h"
#include "wall/book.h"

namespace vigie {

inline constexpr Duration kEvidenceFor = 366 * kDay;

bool is_illicit(std::string_view code);  // ILLEGAL DEFAMATION HATE-ABUSE FAKE COURT
bool needs_evidence(const ReviewAct& act);  // withholds for such a reason

// Before the act it belongs to. Nothing is kept while no key is there: false then. True when nothing needs to be.
Result<bool> keep_evidence(Store& store, const Review& review, const ReviewAct& act, Time now);

// The public key; "" = there is none.
Result<std::string> evidence_key(Store& store);
Result<void> set_evidence_key(Store& store, const std::string& close_with);

}  // namespace vigie
