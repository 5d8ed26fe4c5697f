// What readers call the places that reviews come from. Ids stand in links and in the log.

#pragma once

#include <string>
#include <string_view>

#include "config/settings.h"

namespace vigie {

// The id itself when the settings do not know it (any more).
std::string source_name(const Settings& settings, std::string_view id);

// Its own name, else its subject.
std::string survey_name(const SurveySettings& survey);

}  // namespace vigie
