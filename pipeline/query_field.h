// Conditions of a brand query on what is not the text: lang:fr source:hn-acme author:jane rating:<=2 site:example.org

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/query_text.h"

namespace vigie {

struct Field {
  enum class Kind : std::uint8_t { lang, source, author, rating, site };
  Kind kind = Kind::lang;
  std::vector<std::string> values;  // any of these; * in source and author
  int low = 1, high = 5;            // whole stars

  bool holds(const QueryText& text) const;
  // What the mention has instead: "it is en", "it has no rating".
  std::string found(const QueryText& text) const;
  // Whether few mentions have it, so that it may stand in a query without any word.
  bool selects() const { return kind == Kind::source || kind == Kind::author || kind == Kind::site; }
};

// `quoted`: the value stood in quotation marks, a comma in it separates nothing. bad_config: unknown name, value of
// another form.
Result<Field> read_field(std::string_view name, std::string_view value, bool quoted);

}  // namespace vigie
