#include "pipeline/clauses.h"

#include <algorithm>

namespace vigie {

std::vector<Clause> clauses_of(const Words& words, const std::vector<ThemeHit>& hits) {
  std::vector<std::size_t> turns;
  for (const ThemeHit& hit : hits) {
    if (hit.is(Turn::but)) turns.push_back(hit.first);
  }
  std::vector<Clause> clauses;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool turned = std::binary_search(turns.begin(), turns.end(), i);
    if (i == 0 || words[i].after_break || turned) clauses.push_back({i, i, turned, false});
    clauses.back().last = i;
    clauses.back().asks = words[i].question_after;
  }
  return clauses;
}

void cut_before(std::vector<Clause>& clauses, std::size_t word) {
  const std::size_t index = clause_at(clauses, word);
  if (clauses[index].first == word) return;
  Clause rest = clauses[index];
  rest.first = word;
  rest.turned = false;
  clauses[index].last = word - 1;
  clauses.insert(clauses.begin() + static_cast<std::ptrdiff_t>(index) + 1, rest);
}

std::size_t clause_at(const std::vector<Clause>& clauses, std::size_t word) {
  const auto after = std::upper_bound(clauses.begin(), clauses.end(), word,
                                      [](std::size_t at, const Clause& clause) { return at < clause.first; });
  return static_cast<std::size_t>(after - clauses.begin()) - 1;
}

}  // namespace vigie
