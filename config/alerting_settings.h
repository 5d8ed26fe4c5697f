// When and to whom messages go: the hours and budgets of people, teams, schedules, chains, routes and [alerting].

#pragma once

#include <string>
#include <vector>

#include "config/options.h"
#include "config/settings.h"

namespace vigie {

// What a [[person]] says of their hours, budget and digests.
void read_hours(const config::Options& options, PersonSettings& person);

// [[team]], [[schedule]], [[chain]], [[route]] and [alerting], once everything that they refer to stands in `settings`.
// `themes`: ids there are; empty = not known.
void read_alerting(const config::Node& root, const std::vector<std::string>& themes, Settings& settings);

}  // namespace vigie
