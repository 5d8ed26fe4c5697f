// A configuration file as a tree that remembers where everything stands, so that every problem is told at once and in
// place.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace vigie::config {

enum class Type { text, integer, number, boolean, duration, url, host, address, file, id, list, secret };

// One option of a component, declared once: drives validation, `vigie check`, forms and docs/reference.md.
// `fallback` is the default as it would be written; nullptr = required, "" = optional and empty.
struct Field {
  std::string_view name;
  Type type;
  const char* fallback;
  std::string_view help;  // one line, sentence case
  // What a value may be: words "starttls|tls|none", or a range of numbers "1..65535" (">0..100": 0 itself is out). "" =
  // anything of the type.
  std::string_view allowed = "";
};

// vigie.toml:42:9: source[2].hashtag: expected text, found integer
struct Problem {
  std::string file;
  int line = 0, column = 0;
  std::string path;
  std::string message;
  std::string text() const;                    // the line above
  bool operator<(const Problem& other) const;  // by file, line, column
};

using Problems = std::vector<Problem>;

// A table, array or value. Reading with the wrong type or a missing required key adds a Problem and returns a neutral
// value, so that one pass finds all problems. Absent nodes are allowed everywhere and behave as empty.
class Node {
 public:
  struct Impl;
  Node();
  explicit Node(std::shared_ptr<const Impl> impl);

  explicit operator bool() const;           // present
  std::string where() const;                // "vigie.toml:42:9: source[2].hashtag"
  void problem(std::string message) const;  // adds a Problem here

  Node child(std::string_view key) const;                  // absent when missing
  std::vector<Node> children(std::string_view key) const;  // an array of tables ([[key]]), in order
  std::vector<std::string> keys() const;                   // in the order written
  std::vector<Node> elements(std::string_view key) const;  // of any array, in order; path "route[0].to[1]"
  bool is_table() const;
  bool is_array() const;
  bool is_text() const;
  bool is_integer() const;
  bool is_boolean() const;

  std::string own_text() const;  // this node's own value, which must be text
  std::int64_t own_integer() const;
  bool own_boolean() const;
  std::string text(std::string_view key) const;  // required
  std::string text(std::string_view key, std::string_view fallback) const;
  std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t min, std::int64_t max) const;
  double number(std::string_view key, double fallback, double min, double max) const;
  bool boolean(std::string_view key, bool fallback) const;
  Duration duration(std::string_view key, Duration fallback) const;  // text such as "15m"
  std::vector<std::string> list(std::string_view key) const;         // array of text; absent = empty
  // A table { env = "NAME" } or { file = "path" }; a literal is refused: secrets stay out of this file.
  // The value is registered with the logger's redaction. "" when absent; a Problem when the variable or file is
  // missing.
  std::string secret(std::string_view key) const;
  std::string own_secret() const;  // this node itself, which must be such a table

  // Every key not in `known` is a Problem that suggests the nearest: `expected a known key, found "hastag"; did you
  // mean "hashtag"?`
  void only(const std::vector<std::string_view>& known) const;

 private:
  std::shared_ptr<const Impl> impl_;
};

// A parsed file and the problems found while reading it.
class Tree {
 public:
  // A syntax error is the one Problem; root() is then absent.
  static Tree parse(std::string_view text, std::string file_name);
  static Tree load(const std::string& path);  // a missing file is a Problem
  // Writes `value` over what stands at `path` (config/override.h); returns what is wrong with the path, or "". Before
  // root() is read.
  std::string set(std::string_view path, std::string_view value);
  Node root() const;
  const Problems& problems() const;  // sorted by place
  ~Tree();
  Tree(Tree&&) noexcept;

 private:
  Tree();
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace vigie::config
