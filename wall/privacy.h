// What a person may ask about what is held of them: a copy of all of it (GDPR articles 15 and 20), and its erasure
// (article 17).

#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "model/review.h"
#include "store/store.h"
#include "wall/book.h"

namespace vigie {

// Everything held about the review's author in connection with it, as JSON that a person can read and a program can
// take over: the review with its versions and what was decided on them, where it was published, what the analysis made
// of it, and how its author can be reached.
Result<std::string> export_of(Store& store, const Review& review);

// The same of several traces (store/privacy.h): {"asked_for", "made", "held": [...]}.
struct Trace;
Result<std::string> export_of(Store& store, const std::string& who, const std::vector<Trace>& traces, Time now);

// For good, with the entry in the log that says so. Its rows, the mention that carried it and quotes of it are gone
// when this returns; files and the database's own file follow within a minute (app/erasures.h). With the author's
// secret the erasure is attested; denied: it is not the one. gone: it was erased before.
Result<void> erase_review(Book& book, const Review& review, const std::string& who,
                          const std::optional<std::string>& secret = std::nullopt, const std::string& basis = "gdpr");

}  // namespace vigie
