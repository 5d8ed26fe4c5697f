// The top of a wall: its score, what became of every review received, and how each rating was treated. Every number
// comes from the log's sums (wall/numbers.h); none is counted here.

#pragma once

#include <optional>

#include "base/json.h"
#include "wall/completeness.h"
#include "wall/numbers.h"
#include "wall/proof_state.h"
#include "wall/view.h"

namespace vigie {

// Score, other scales, completeness, proof, refusals by reason: for wall/assets/wall.mustache.
// `chosen`: the rating the list is filtered by.
void write_summary(json::Writer& out, const WallView& view, const WallStanding& standing, const ProofState& proof,
                   Completeness completeness, const WallAddress& chosen);

// 36 months, 7 days, 12 h: a span that was announced.
std::string announced(const Wording& w, Duration duration);

}  // namespace vigie
