// The path language of source definitions: where a field of a mention stands in a source's answer, and what to do with
// what stands there.
//
//   data.title ?? data.name | unescape          first that is neither null nor empty, then pipes from left to right
//   'im:rating'.label | scale 1 5                a quoted name takes any characters
//   items[0].id   items[-1].id   users[id='7']   position, from the end, first element with that member
//   counts['likes','reposts'] | sum              several members
//   posts.*.text | join ", "                     all elements of an array, all members of an object
//   "https://host/item?id={id | last :}"         a template; nothing when one of its parts is
//   {country}                                    a parameter of the subscription
//
// Nothing loops and nothing calls out: an expression costs at most what its answer holds.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "model/mention.h"

namespace vigie::definition {

using Params = std::map<std::string, std::string>;

// What an expression found. Numbers stay text, so that no id goes through a double.
struct Datum {
  enum class Kind { none, text, number, boolean, time, rating, list, tree };

  Kind kind = Kind::none;
  std::string text;  // of text, number ("12.50" as written) and boolean ("true")
  Time time{};
  bool zone_assumed = false;
  Rating rating;
  std::vector<Datum> list;
  json::Value tree;  // an object or array, as it stands in the answer

  bool empty() const { return kind == Kind::none || (kind == Kind::text && text.empty()); }
  bool scalar() const { return kind == Kind::text || kind == Kind::number || kind == Kind::boolean; }
};

Datum datum_of(const json::Value& value);
std::string described(const Datum& datum);  // what stands after "found" in an error

// Where names are looked up: in the value, unless the first name is one of `joined`.
struct Scope {
  json::Value value;
  const Params* params = nullptr;
  const std::vector<std::pair<std::string, json::Value>>* joined = nullptr;
};

struct Step {
  enum class Kind { name, names, position, first_with, all };
  Kind kind = Kind::name;
  std::string name;    // of name; the member to compare of first_with
  std::string wanted;  // of first_with
  std::int64_t position = 0;
  std::vector<std::string> several;  // of names
};

// A dotted path without alternatives or pipes; no step is the value itself.
class Path {
 public:
  Path() = default;
  explicit Path(std::vector<Step> steps) : steps_(std::move(steps)) {}

  json::Value find(const json::Value& from) const;  // the first thing it leads to
  std::vector<json::Value> find_all(const json::Value& from) const;
  bool many() const;  // it has a "*" or a list of names
  // Where to start and what is left to walk, in a scope with joined values.
  std::vector<json::Value> find_all(const Scope& scope) const;

 private:
  std::vector<Step> steps_;
};

// bad_config: `character 7: expected a name, found "|"`.
Result<Path> parse_path(std::string_view text);

struct Pipe {
  std::string name;
  std::vector<std::string> arguments;
};

class Expression {
 public:
  struct Part;  // of a template: a literal or a name
  struct Choice;

  // bad_data when a pipe cannot make sense of what it is given: `expected seconds since 1970, found "soon"`.
  Result<Datum> find(const Scope& scope) const;

 private:
  friend Result<Expression> parse_expression(std::string_view, const std::vector<std::string>&);
  std::vector<std::shared_ptr<const Choice>> choices_;
  std::vector<Pipe> pipes_;
};

// `params`: the names a {…} may take from the subscription; any other {…} in a template is a path in the item.
Result<Expression> parse_expression(std::string_view text, const std::vector<std::string>& params);

}  // namespace vigie::definition
