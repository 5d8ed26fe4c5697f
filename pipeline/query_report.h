// Why a mention is or is not about a brand, in words an operator can act on.

#pragma once

#include <string>
#include <vector>

#include "pipeline/query.h"

namespace vigie {

struct QueryReport {
  bool matches = false;
  bool touches = false;              // a word the query asks for is in the text
  std::vector<std::string> missing;  // each would have to change: `without: NOT bank`, `with: refund`

  // All but one part holds: worth a look.
  bool near_miss() const { return !matches && touches && missing.size() == 1; }
};

QueryReport report(const Query& query, const QueryText& text);

}  // namespace vigie
