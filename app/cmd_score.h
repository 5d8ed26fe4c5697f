// `vigie score`: what the sentiment model thinks of texts, one a line.

#pragma once

#include <istream>
#include <ostream>
#include <string>

namespace vigie {

struct ScoreRequest {
  std::string model;  // file; "" = the shipped one
  bool why = false;
  std::string second_stage{};  // file with a [second_stage]; "" = none
  std::string adapter{};       // file; "" = none
};

// stdin  ID<TAB>TEXT[<TAB>LANG[<TAB>DOMAIN]], LANG "-" or absent = detected, DOMAIN tweet|review (absent = tweet)
// stdout ID<TAB>LABEL<TAB>SCORE<TAB>P_NEG<TAB>P_NEU<TAB>P_POS<TAB>LANG, one line for each line read, in order
// `why` adds a field: "unsure", or nothing, and the words that drove it with their weights ("late -1.5, thanks +1.9").
//
// With a second stage the texts that the first model is unsure of are judged by both, however long it takes; lines come
// out in groups.
//
// Returns the exit status: 0, or 2 at the first line without a text or with a DOMAIN it does not know.
int cmd_score(const ScoreRequest& request, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace vigie
