// What an operator writes to say which mentions are about a brand:
//
//   acme                      the word, whatever its case and accents
//   "acme shop"               these words, one after the other
//   acme*                     words that begin so
//   acme AND (app OR site)    all of these; words side by side mean AND too
//   acme NOT "acme inc"       but not with that
//
// AND, OR and NOT are upper case; NOT binds first, then AND, then OR.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vigie {

class Query {
 public:
  struct Node {
    enum class Kind : std::uint8_t { literal, all_of, any_of, none_of };
    Kind kind = Kind::literal;
    std::uint32_t literal = 0;            // index into literals()
    std::vector<std::uint32_t> children;  // indexes of nodes
  };

  // bad_config with `column 12: expected ")"`; columns are code points from 1. A query that only excludes is refused:
  // it would match nearly everything.
  static Result<Query> parse(std::string_view text);

  // Folded words with a blank around them (words.h), without the last blank where a star stood; each once.
  const std::vector<std::string>& literals() const { return literals_; }

  // Literals of which at least one stands in every text that matches: what a prefilter looks for.
  std::vector<std::uint32_t> triggers() const;

  // `present(i)`: whether literal i stands in the text.
  template <class Present>
  bool matches(const Present& present) const {
    return holds(root_, present);
  }

 private:
  friend class QueryParser;

  template <class Present>
  bool holds(std::uint32_t index, const Present& present) const {
    const Node& node = nodes_[index];
    switch (node.kind) {
      case Node::Kind::literal: return present(node.literal);
      case Node::Kind::none_of: return !holds(node.children[0], present);
      case Node::Kind::all_of:
        for (const std::uint32_t child : node.children) {
          if (!holds(child, present)) return false;
        }
        return true;
      case Node::Kind::any_of:
        for (const std::uint32_t child : node.children) {
          if (holds(child, present)) return true;
        }
        return false;
    }
    return false;
  }

  bool can_hold_without(std::uint32_t index, std::vector<std::uint32_t>& triggers) const;

  std::vector<std::string> literals_;
  std::vector<Node> nodes_;
  std::uint32_t root_ = 0;
};

}  // namespace vigie
