// What authors of reviews and senders of notices are told: why a review is withheld and how to contest it (DSA 17,
// code de la consommation D111-19), that a notice arrived and what was decided (DSA 16), what changed because of a
// review.

#pragma once

#include "app/letters.h"
#include "base/clock.h"
#include "config/settings.h"
#include "model/notification.h"
#include "store/moderation.h"
#include "store/store.h"
#include "wall/author_links.h"

namespace vigie {

// The key of links to authors, made once for this installation.
Result<AuthorLinks> author_links(const Settings& settings);

// The message owed, when its reader has an address and some endpoint reaches it; nothing otherwise: then the page
// behind the receipt, or the notice's, is all they have. The address itself is read when it goes.
Result<std::optional<Notification>> owed_to_author(const Untold& untold, const Settings& settings, Store& store,
                                                   Time now);
Result<std::optional<Notification>> owed_about_improvement(std::int64_t improvement, std::int64_t review,
                                                           const Settings& settings, Store& store, Time now);

// Its words, made at the last moment. No letter: what it was about is gone.
Result<Letters::Written> write_to_author(const Notification& owed, const Settings& settings, Store& store);

}  // namespace vigie
