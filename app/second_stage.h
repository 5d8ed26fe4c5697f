// The second stage as configured: opened, and told about when it cannot be.

#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/metrics.h"
#include "config/settings.h"
#include "pipeline/second_look.h"

namespace vigie {

// bad_config, saying what is missing or does not fit.
Result<std::unique_ptr<SecondStage>> open_second_stage(const SecondStageSettings& settings, const Clock& clock);

// For the loops: null when it is not configured, or cannot be opened. The latter is logged, and vigie_second_stage_up
// is 0: mentions go on with the first model's answer.
std::unique_ptr<SecondLook> second_look(const SecondStageSettings& settings, const Clock& clock, Metrics& metrics);

// For measuring: the [second_stage] of a file that need not hold anything else, with all the time it wants. bad_config
// tells every mistake in it.
Result<std::unique_ptr<SecondLook>> unhurried_second_look(const std::string& path, const Clock& clock,
                                                          Metrics& metrics);

}  // namespace vigie
