// `vigie themes`: which themes an installation knows, and how well they are found in labelled texts.

#pragma once

#include <istream>
#include <ostream>
#include <string>
#include <vector>

namespace vigie {

// The themes with how many phrases each has, the shipped ones first. `files`: an installation's own.
int themes_show(const std::vector<std::string>& files, std::ostream& out, std::ostream& err);

// Precision, recall and F1 by theme over ID<TAB>LANG<TAB>THEMES<TAB>TEXT, apart for the half the words were chosen on
// and the half held out. `misses`: also every text of the first half that was read otherwise than labelled.
int themes_eval(std::istream& in, const std::vector<std::string>& files, bool misses, std::ostream& out,
                std::ostream& err);

}  // namespace vigie
