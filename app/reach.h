// Who is meant by the targets of routes and chains, and how local times are written for operators.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/settings.h"

namespace vigie {

// Whether one of `targets` ("ENDPOINT", "person:ID", "team:ID", "oncall:ID") may tell this person.
bool tells(const Settings& settings, const std::vector<std::string>& targets, const std::string& person);

// Brands that a route, or a step of its chain, tells this person of, in the order of the settings.
std::vector<std::string> brands_told(const Settings& settings, const std::string& person);

// Whether any route, chain or fallback may lead to it, or a word about vigie itself.
bool is_reached(const Settings& settings, const EndpointSettings& endpoint);

// "2026-11-23 09:00" on the clocks of the zone.
Result<std::string> on_clocks(Time time, const std::string& zone);

}  // namespace vigie
