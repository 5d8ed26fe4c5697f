// Texts with what people said of them, as files of lines: what models learn from and are measured on.

#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/judgement.h"

namespace vigie {

struct LabelledRow {
  std::string id, lang, domain;
  Label label = Label::neutral;
  std::string text;
  float weight = 1;    // of the row in training; 0 leaves it out
  bool polar = false;  // its set has no neutral rows: it says pos or neg, nothing of neutral
  bool doubted = false;  // its set's labels come from elsewhere than its text (stars): what others contradict is noise

  // What stands before the first ':' of the id.
  std::string_view set() const { return std::string_view(id).substr(0, id.find(':')); }
};

// What must be right in a line: for `language`, domain and label may be anything.
enum class LabelOf { opinion, language };

// Lines "ID TAB LANG TAB DOMAIN TAB LABEL TAB TEXT"; DOMAIN tweet or review, LABEL neg, neu or pos. bad_data names the
// line.
Result<std::vector<LabelledRow>> read_labelled_rows(std::istream& lines, std::string_view name, LabelOf label_of);

// What a whole set is worth: "mozetic:de=0.5p" is weight 0.5 and polar, "stars=1d" weight 1 and doubted. A rule that
// names the language goes before one that does not.
struct SetRule {
  std::string set, lang;  // lang "" = any
  float weight = 1;       // 0 to 1000
  bool polar = false, doubted = false;
};
Result<SetRule> parse_set_rule(std::string_view text);
void weigh(const std::vector<SetRule>& rules, std::vector<LabelledRow>& rows);

}  // namespace vigie
