// What an operator writes to say which mentions are about a brand; docs/queries.md tells it to operators:
//
//   acme                      the word, whatever its case and accents
//   "acme shop"               these words, one after the other
//   acme*                     words that begin so; *bank, organi*ation
//   acme AND (app OR site)    all of these; words side by side mean AND too
//   acme NOT "acme inc"       but not with that; also acme -"acme inc"
//   acme NEAR/5 refund        at most 5 words apart, either first; ONEAR/5: in this order
//   lang: source: author: rating: site:     what is not text (query_field.h)
//
// AND, OR, NOT and NEAR are upper case; NEAR binds first, then NOT, then AND, then OR.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/query_field.h"
#include "pipeline/query_term.h"
#include "pipeline/query_text.h"

namespace vigie {

// What is wrong with a query, and where.
struct QueryMistake {
  std::size_t at = 0;                // byte of the query
  std::size_t line = 1, column = 1;  // code points, from 1
  std::string what;

  // `column 12: expected ")"`, with the line when it is not the first.
  std::string text() const;
  // The line of the query with a caret below the place.
  std::string caret(std::string_view query) const;
};

class Query {
 public:
  // How far one word may stand from the one before: from its end to the other's start, neighbours are 1 apart.
  struct Reach {
    std::uint32_t words = 1;
    bool ordered = false;
  };

  struct Node {
    enum class Kind : std::uint8_t { term, field, all_of, any_of, none_of, near };
    Kind kind = Kind::term;
    std::uint32_t index = 0;  // of terms() or fields()
    std::vector<std::uint32_t> children;
    std::vector<Reach> reach;          // near: from each child to the next
    std::uint32_t begin = 0, end = 0;  // bytes of source()
  };

  // A query that only excludes, or asks nothing but a language or a rating, is refused: it would match nearly
  // everything.
  static tl::expected<Query, QueryMistake> parse(std::string_view text);

  const std::string& source() const { return source_; }
  const std::vector<Term>& terms() const { return terms_; }  // each once
  const std::vector<Field>& fields() const { return fields_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  std::uint32_t root() const { return root_; }

  // Terms of which at least one stands in every text that matches: what a prefilter looks for. Empty: fields alone may
  // decide, so that every mention must be asked.
  std::vector<std::uint32_t> triggers() const;
  // Whether every match needs a word, a source, an author or a site.
  bool selects() const;

  // `present[i]`: whether the literal of terms()[i] stands in the text.
  bool matches(const QueryText& text, const std::vector<bool>& present) const;
  // The same with the literals looked for.
  bool matches(const QueryText& text) const;

 private:
  friend class QueryParser;

  std::string source_;
  std::vector<Term> terms_;
  std::vector<Field> fields_;
  std::vector<Node> nodes_;
  std::uint32_t root_ = 0;
};

// Where each part of a query stands in one text.
class QueryEvaluation {
 public:
  QueryEvaluation(const Query& query, const QueryText& text, const std::vector<bool>& present)
      : query_(query), text_(text), present_(present) {}

  bool holds(std::uint32_t node) const;
  // Where a term, an OR of terms, or the last word of a NEAR stands.
  Spans spans(std::uint32_t node) const;

 private:
  const Query& query_;
  const QueryText& text_;
  const std::vector<bool>& present_;
};

std::vector<bool> literals_in(const Query& query, const QueryText& text);

}  // namespace vigie
