// The register of processing (GDPR article 30) of this installation: every column that holds something of a person,
// what for, how long, who gets it. From the real settings, so that it stays true.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/settings.h"

namespace vigie {

// A table's text: columns that hold something of people, and columns that do not. Separated by spaces.
struct HeldColumns {
  std::string_view activity;  // what it is for: reviews surveys moderation mentions alerts team log erasures
  std::string_view table, personal, other;
};

// Every table of the store with text in it; a test compares with the schema.
const std::vector<HeldColumns>& held_columns();

// Markdown. language: fr en.
Result<std::string> data_register(const Settings& settings, const std::string& language);

}  // namespace vigie
