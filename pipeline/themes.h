// What people complain about, by the shipped taxonomy alone; an installation's own words are in a Taxonomy.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/judgement.h"
#include "pipeline/taxonomy.h"

namespace vigie {

// Accent-blind, case-blind; words of every shipped language are tried.
ThemesFound find_themes(std::string_view text);

// The shipped ids in their fixed order.
const std::vector<std::string>& theme_ids();

// `other` is what is left: a text that counts as negative and speaks of no theme.
void add_other(ThemesFound& found, const Judgement& judgement);

}  // namespace vigie
