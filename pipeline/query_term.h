// A word or phrase of a brand query, and where it stands in a text.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/query_text.h"

namespace vigie {

// Words one after the other, folded; a * in one stands for any letters and digits, or none.
struct Term {
  std::vector<std::string> words;
  std::string literal;  // stands in the folded text of every mention that holds the term
  bool exact = false;   // and in that of no other
  bool operator==(const Term&) const = default;
};

// Positions of words, first to last.
struct Span {
  std::uint32_t first = 0, last = 0;
  auto operator<=>(const Span&) const = default;
};

// Sorted, each once.
using Spans = std::vector<Span>;

// bad_config: no letter in it, a link, a star that stands alone or beside fewer than two letters.
Result<Term> read_term(std::string_view written);

Spans find_term(const Term& term, const QueryText& text);

// Whether `pattern`, in which * stands for any bytes or none, is the whole of `text`.
bool fits(std::string_view pattern, std::string_view text);

}  // namespace vigie
