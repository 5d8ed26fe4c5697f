// A brand query cut into tokens.

#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace vigie {

struct QueryToken {
  enum class Kind : std::uint8_t { word, field, and_, or_, not_, near, open, close, end };
  Kind kind = Kind::end;
  std::size_t begin = 0, end = 0;  // bytes of the query
  std::string_view text;           // word: without its quotation marks; field: the value
  std::string_view name;           // field: before the colon
  bool quoted = false;
  std::uint32_t distance = 0;  // near
  bool ordered = false;
};

class QueryLexer {
 public:
  explicit QueryLexer(std::string_view text) : text_(text) {}

  // bad_config: a quotation mark without its other, a NEAR without a distance; mistake_at() says where.
  Result<QueryToken> next();
  std::size_t mistake_at() const { return mistake_at_; }

 private:
  Result<QueryToken> quoted(std::size_t begin);
  Result<QueryToken> bare(std::size_t begin);
  Result<QueryToken> field(QueryToken token, std::size_t colon);
  Result<QueryToken> near(QueryToken token);
  std::size_t end_of_bare(std::size_t from) const;
  tl::unexpected<Error> mistake(std::size_t at, std::string_view what);

  std::string_view text_;
  std::size_t at_ = 0, mistake_at_ = 0;
};

}  // namespace vigie
