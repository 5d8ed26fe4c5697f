// /surveys and /surveys/{id}: what the surveys' answers come to, and how many of those asked have answered. The same in
// JSON at /api/v1/surveys/{id}/measures.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/wording.h"
#include "console/view.h"

namespace vigie {

// The id in /api/v1/surveys/{id}/measures.
std::optional<std::string> survey_measures_of(std::string_view path);

Result<std::string> surveys_page(const ConsoleView& view, Store& store);
// Nothing: there is no such survey.
Result<std::optional<std::string>> survey_page(const ConsoleView& view, Store& store, std::string_view id);
// `from`, `to`: days or times (RFC 3339), or "" for all; bad_data.
Result<std::optional<std::string>> survey_measures(const ConsoleView& view, Store& store, std::string_view id);

}  // namespace vigie
