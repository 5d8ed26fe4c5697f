// `vigie train-language`: the model that tells languages apart, from lines whose language is known.

#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace vigie {

struct TrainLanguageRequest {
  std::vector<std::string> data;  // files of ID<TAB>LANG<TAB>DOMAIN<TAB>LABEL<TAB>TEXT
  std::vector<std::string> sets;  // SET[:LANG]=WEIGHT
  std::string out;
};

// Writes the model to `out` and the progress to `progress`. Returns the exit status.
int cmd_train_language(const TrainLanguageRequest& request, std::ostream& progress, std::ostream& err);

}  // namespace vigie
