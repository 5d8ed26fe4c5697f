// Carries out what people decide on reviews (console/review_desk.h).

#pragma once

#include "base/clock.h"
#include "config/settings.h"
#include "console/review_desk.h"
#include "store/store.h"

namespace vigie {

// Ids of the themes that the settings know: an improvement is about one of them, or none.
std::vector<std::string> themes_of(const Settings& settings);

Result<std::string> carry_out(const ReviewOrder& order, const Settings& settings, Store& store, const Clock& clock);

}  // namespace vigie
