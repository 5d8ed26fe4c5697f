// How well themes are found, against texts that people have labelled.

#pragma once

#include <istream>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/sentiment.h"
#include "pipeline/taxonomy.h"

namespace vigie {

// One labelled text: `ID<TAB>LANG<TAB>THEMES<TAB>TEXT`, themes separated by commas, "-" = none.
struct LabelledThemes {
  std::string id, lang;
  std::vector<std::string> themes;  // sorted
  std::string text;
};

// Lines as above; empty ones and those that begin with "#" are skipped. bad_data with the line's number.
Result<std::vector<LabelledThemes>> read_labelled_themes(std::istream& in);

// The half of a sample that was not looked at while words were chosen: decided by a hash of the text alone.
bool held_out(const LabelledThemes& row);

struct ThemeScore {
  std::string theme;  // "" = all together
  int hits = 0, false_alarms = 0, misses = 0;
  double precision() const;  // 0..1; 1 when nothing was found
  double recall() const;     // 0..1; 1 when there was nothing to find
  double f1() const;
};

struct ThemeScores {
  std::vector<ThemeScore> themes;  // by name; those labelled or found at least once
  ThemeScore all;                  // every decision counts once: micro average
  double macro_f1 = 0;             // every theme counts once
  int texts = 0;
  int exact = 0;  // texts whose themes are just those labelled
};

// The themes of a text as the pipeline finds them, `other` among them.
std::vector<std::string> judged_themes(const LabelledThemes& row, const Taxonomy& taxonomy, const Scorer& scorer);

// `found[i]`: themes found in `rows[i]`.
ThemeScores score_themes(const std::vector<LabelledThemes>& rows, const std::vector<std::vector<std::string>>& found);

}  // namespace vigie
