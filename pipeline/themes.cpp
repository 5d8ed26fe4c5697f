#include "pipeline/themes.h"

namespace vigie {

const std::vector<std::string>& theme_ids() { return Taxonomy::shipped().ids(); }

ThemesFound find_themes(std::string_view text) { return Taxonomy::shipped().find(split_words(text)); }

void add_other(ThemesFound& found, const Judgement& judgement) {
  if (found.themes.empty() && judgement.p_neg >= kNegative) found.themes.emplace_back("other");
}

}  // namespace vigie
