#include "config/names.h"

#include <algorithm>

namespace vigie {

std::string source_name(const Settings& settings, std::string_view id) {
  const auto found = std::find_if(settings.sources.begin(), settings.sources.end(),
                                  [&](const SourceSettings& source) { return source.id == id; });
  return found == settings.sources.end() || found->name.empty() ? std::string(id) : found->name;
}

std::string survey_name(const SurveySettings& survey) { return survey.name.empty() ? survey.subject : survey.name; }

}  // namespace vigie
