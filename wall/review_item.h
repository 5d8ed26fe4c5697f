// One review as its wall shows it: what its author said and every fact that goes with it. Text is plain text; what is
// masked is shown as masked; nothing here is left out or set by hand.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "model/review.h"
#include "wall/said.h"
#include "wall/view.h"

namespace vigie {

// Writes one object for wall/assets/review.mustache. The review has a version that is shown.
void write_review(json::Writer& out, const WallView& view, const Review& review, const Beside& beside);

// What became of it, act by act with the log's entries: of its own page.
void write_history(json::Writer& out, const WallView& view, const Review& review, const std::vector<ReviewAct>& acts);

// The words of a version that everybody may read, ready for display; "" when there are none.
std::string public_text(const ReviewVersion& version);
// The author as shown: "" when not given or masked.
std::string public_author(const ReviewVersion& version);
// When this review first stood on the wall.
Time first_published(const Review& review);
// "2 out of 5"; "" without a rating.
std::string rating_label(const Wording& w, const std::string& scale, const std::optional<std::int64_t>& rating);

}  // namespace vigie
