// `vigie correct`: what a person says of the label of a mention, or of many.

#pragma once

#include <istream>
#include <ostream>
#include <string>

#include "base/clock.h"
#include "store/store.h"

namespace vigie {

struct CorrectRequest {
  std::string config = "vigie.toml";
  std::string mention{}, label{};  // a mention's number; neg, neu, pos, confirm or none
  std::string file{};  // lines SOURCE<TAB>ID<TAB>LABEL, or JSON objects with these names; "-": standard input
  std::string by{};
};

// Writes every correction that can be made; a line that cannot is told with its number. Returns the exit status.
int correct(const CorrectRequest& request, Store& store, const Clock& clock, std::istream& in, std::ostream& out,
            std::ostream& err);
int cmd_correct(const CorrectRequest& request, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace vigie
