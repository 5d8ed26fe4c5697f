// `vigie train`: a sentiment model of one's own, from labelled lines.

#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace vigie {

struct TrainRequest {
  std::vector<std::string> data;   // files of ID<TAB>LANG<TAB>DOMAIN<TAB>LABEL<TAB>TEXT
  std::vector<std::string> sets;   // SET[:LANG]=WEIGHT[p][d]
  std::vector<std::string> words;  // LANG=FILE of word knowledge; none: the shipped model's
  std::vector<std::string> more_words;  // LANG=FILE of more values for words already known
  std::vector<std::string> classes;  // LANG=FILE of classes of words; none: those of the words
  std::string out;
  std::string name = "own";
  unsigned bits = 22;
  int epochs = 5, trainings = 4;
  double rate = 0.07, balance = 0.5;
  bool curve = true;
};

// Writes the model to `out` and the progress to `progress`. Returns the exit status.
int cmd_train(const TrainRequest& request, std::ostream& progress, std::ostream& err);

}  // namespace vigie
