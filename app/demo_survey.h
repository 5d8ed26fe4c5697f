// What the demonstration's customers answered to its survey: invited by link, some answered, none for the wall.

#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/rng.h"
#include "config/settings.h"
#include "store/store.h"
#include "wall/survey_token.h"

namespace vigie {

// For each survey of the settings; nothing when there is none.
Result<void> answer_demo_surveys(const Settings& settings, Store& store, const SurveyTokens& tokens, const Clock& clock,
                                 Rng& rng);

}  // namespace vigie
