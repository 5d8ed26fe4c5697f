// `vigie eval`: how right a sentiment model is on labelled lines.

#pragma once

#include <istream>
#include <ostream>
#include <string>

namespace vigie {

struct EvalRequest {
  std::string file = "-";  // ID<TAB>LANG<TAB>DOMAIN<TAB>LABEL<TAB>TEXT; "-": standard input
  std::string model;       // file; "" = the shipped one
  std::string second_stage{};  // file with a [second_stage]; "" = none
};

// Prints a row for each set and language, and one for all: rows, accuracy, macro F1, macro recall, F1 of each label,
// calibration error, in percent. Returns the exit status.
int cmd_eval(const EvalRequest& request, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace vigie
