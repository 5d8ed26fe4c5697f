// A text cut into clauses, and the clauses dealt out to those they speak of.

#pragma once

#include <cstddef>
#include <vector>

#include "pipeline/taxonomy.h"
#include "pipeline/words.h"

namespace vigie {

// Words first to last, both included.
struct Clause {
  std::size_t first = 0, last = 0;
  bool turned = false;  // begins with "but", "luckily" ...
  bool asks = false;    // ends with a question mark
  bool holds(std::size_t word) const { return word >= first && word <= last; }
};

// Cut at punctuation and before every Turn::but; in order, together the whole text.
std::vector<Clause> clauses_of(const Words& words, const std::vector<ThemeHit>& hits);

// Cuts the clause that holds `word` so that a new one begins there.
void cut_before(std::vector<Clause>& clauses, std::size_t word);

// The clause that holds `word`.
std::size_t clause_at(const std::vector<Clause>& clauses, std::size_t word);

}  // namespace vigie
