#include "app/labelled_files.h"

#include <fstream>
#include <iterator>

namespace vigie {

Result<std::vector<LabelledRow>> read_labelled_files(const std::vector<std::string>& paths,
                                                     const std::vector<std::string>& sets, LabelOf label_of) {
  std::vector<LabelledRow> rows;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorKind::bad_config, concat(path, ": cannot be read; check the path and its permissions"));
    TRY(std::vector<LabelledRow> more, read_labelled_rows(file, path, label_of));
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  std::vector<SetRule> rules;
  for (const std::string& text : sets) {
    TRY(SetRule rule, parse_set_rule(text));
    rules.push_back(std::move(rule));
  }
  weigh(rules, rows);
  return rows;
}

}  // namespace vigie
