// What a TOML file holds, with the place of everything; the parser's own types stay in toml.cpp.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"

namespace vigie::config {

struct Member;

struct Item {
  enum class Kind { text, integer, number, boolean, time, table, array };

  Kind kind = Kind::table;
  std::string text;
  std::int64_t integer = 0;
  double number = 0;
  bool boolean = false;
  std::vector<Member> members;  // of a table, in the order written
  std::vector<Item> elements;   // of an array
  int line = 1, column = 1;
};

struct Member {
  std::string key;
  int line = 1, column = 1;  // of the key
  Item value;
};

// Reads `text`, which is valid UTF-8. The one mistake TOML stops at comes back with its place; `message` is empty when
// there is none.
struct SyntaxError {
  int line = 0, column = 0;
  std::string message;
};
SyntaxError parse_toml(std::string_view text, Item& root);

}  // namespace vigie::config
