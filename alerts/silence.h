// Whether a silence is about an incident. Pure.

#pragma once

#include <string>
#include <vector>

#include "model/incident.h"
#include "model/silence.h"

namespace vigie {

// `quotes`: the words that the message would show.
bool is_about(const Silence& silence, const Incident& incident, const std::vector<std::string>& quotes);

// The words of people that an alert document quotes; none of another document.
std::vector<std::string> quotes_of(std::string_view document);

// "silence 4 of client-0042 until 2026-11-21T10:00:00Z: release"
std::string describe(const Silence& silence);

}  // namespace vigie
