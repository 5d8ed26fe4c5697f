#include "config/node.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <tuple>

#include "base/log.h"
#include "base/text.h"
#include "base/whole_file.h"
#include "config/item.h"
#include "config/override.h"

namespace vigie::config {
namespace {

constexpr std::size_t kSecretBytes = 64u << 10;
constexpr std::size_t kFileBytes = 8u << 20;  // a configuration, not a data file

// One parsed file; nodes keep it alive and write their problems into it.
struct Sheet {
  std::string file;
  Item root;
  bool parsed = false;
  Problems problems;

  void add(Problem problem) {
    const auto at = std::upper_bound(problems.begin(), problems.end(), problem);
    if (at != problems.begin() && std::prev(at)->text() == problem.text()) return;  // told already
    problems.insert(at, std::move(problem));
  }
};

std::string_view type_name(Item::Kind kind) {
  switch (kind) {
    case Item::Kind::text: return "text";
    case Item::Kind::integer: return "integer";
    case Item::Kind::number: return "number";
    case Item::Kind::boolean: return "boolean";
    case Item::Kind::time: return "date";
    case Item::Kind::table: return "table";
    case Item::Kind::array: return "list";
  }
  return "nothing";
}

// 3.2 rather than 3.200000, 5 rather than 5.0.
std::string number_text(double value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return out;
}

// The name of a variable, unless it looks as if somebody had put the secret itself there.
std::string variable_shown(std::string_view name) {
  const bool usual = std::all_of(name.begin(), name.end(),
                                 [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
  return usual ? concat("named ", name) : "of that name";
}

struct Place {
  int line = 1, column = 1;
};

Place place_of(std::string_view text, std::size_t offset) {
  Place place;
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++place.column;
    }
  }
  return place;
}

}  // namespace

std::string Problem::text() const {
  return concat(file, ":", std::to_string(line), ":", std::to_string(column), ": ", path, ": ", message);
}

bool Problem::operator<(const Problem& other) const {
  return std::tie(file, line, column, path, message) <
         std::tie(other.file, other.line, other.column, other.path, other.message);
}

struct Node::Impl {
  std::shared_ptr<Sheet> sheet;
  const Item* item = nullptr;  // nullptr = absent: the place is then its parent's
  Place place;
  std::string path;

  // "" is this node itself.
  std::string path_of(std::string_view key) const {
    return key.empty() ? path : path.empty() ? std::string(key) : concat(path, ".", key);
  }

  const Member* member(std::string_view key) const {
    if (!item || item->kind != Item::Kind::table) return nullptr;
    for (const Member& member : item->members) {
      if (member.key == key) return &member;
    }
    return nullptr;
  }

  void problem(const Place& at, std::string at_path, std::string message) const {
    sheet->add({sheet->file, at.line, at.column, std::move(at_path), std::move(message)});
  }
  void wrong(const Item& found, std::string_view key, std::string message) const {
    problem({found.line, found.column}, path_of(key), std::move(message));
  }

  // The value of `key` when it is there and of that type; a Problem when it is there and of another.
  const Item* value(std::string_view key, Item::Kind kind, std::string_view expected) const {
    const Member* found = member(key);
    if (!found) return nullptr;
    if (found->value.kind == kind) return &found->value;
    wrong(found->value, key, concat("expected ", expected, ", found ", type_name(found->value.kind)));
    return nullptr;
  }

  // A literal secret, an unset variable, an unreadable file: each says what to do instead.
  std::string resolve_secret(const Item& table, std::string_view key) const {
    constexpr std::string_view kForm = R"(a table { env = "NAME" } or { file = "PATH" })";
    if (table.kind != Item::Kind::table) {
      wrong(table, key,
            concat("expected ", kForm, ", found ", type_name(table.kind), ": secrets stay out of this file"));
      return "";
    }
    const bool single = table.members.size() == 1 && table.members[0].value.kind == Item::Kind::text;
    const std::string_view how = single ? std::string_view(table.members[0].key) : std::string_view();
    if (how != "env" && how != "file") {
      wrong(table, key, concat("expected ", kForm, ", found another table"));
      return "";
    }
    const Item& from = table.members[0].value;
    const std::string inner = concat(path_of(key), ".", how);
    std::string secret;
    if (how == "env") {
      const char* value = std::getenv(from.text.c_str());
      if (!value || *value == '\0') {
        problem({from.line, from.column}, inner,
                concat("expected an environment variable that is set, found none ", variable_shown(from.text)));
        return "";
      }
      secret = value;
    } else {
      const Result<std::string> read = read_whole(from.text, kSecretBytes);
      secret = std::string(trim(read ? *read : std::string_view()));
      if (secret.empty()) {
        problem({from.line, from.column}, inner,
                concat("expected a file that holds the secret, found ", read ? "an empty one" : read.error().what, ": ",
                       escaped(from.text)));
        return "";
      }
    }
    log::add_secret(secret);
    return secret;
  }
};

Node::Node() = default;
Node::Node(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

Node::operator bool() const { return impl_ && impl_->item; }

std::string Node::where() const {
  if (!impl_) return "";
  return concat(impl_->sheet->file, ":", std::to_string(impl_->place.line), ":", std::to_string(impl_->place.column),
                ": ", impl_->path);
}

void Node::problem(std::string message) const {
  if (impl_) impl_->problem(impl_->place, impl_->path, std::move(message));
}

Node Node::child(std::string_view key) const {
  if (!impl_) return {};
  Impl child{impl_->sheet, nullptr, impl_->place, impl_->path_of(key)};
  if (const Member* member = impl_->member(key)) {
    child.item = &member->value;
    child.place = {member->value.line, member->value.column};
  }
  return Node(std::make_shared<const Impl>(std::move(child)));
}

std::vector<Node> Node::elements(std::string_view key) const {
  std::vector<Node> nodes;
  const Item* array = impl_ ? impl_->value(key, Item::Kind::array, "a list") : nullptr;
  if (!array) return nodes;
  for (const Item& element : array->elements) {
    const std::string path = concat(impl_->path_of(key), "[", std::to_string(nodes.size()), "]");
    nodes.emplace_back(
        std::make_shared<const Impl>(Impl{impl_->sheet, &element, {element.line, element.column}, path}));
  }
  return nodes;
}

std::vector<Node> Node::children(std::string_view key) const {
  const Member* member = impl_ ? impl_->member(key) : nullptr;
  if (!member) return {};
  if (member->value.kind != Item::Kind::array) {
    impl_->wrong(member->value, key,
                 concat("expected tables headed [[", key, "]], found ", type_name(member->value.kind)));
    return {};
  }
  std::vector<Node> tables;
  for (Node& element : elements(key)) {
    if (element.is_table()) {
      tables.push_back(std::move(element));
    } else {
      element.problem(concat("expected a table headed [[", key, "]], found ", type_name(element.impl_->item->kind)));
    }
  }
  return tables;
}

std::vector<std::string> Node::keys() const {
  std::vector<std::string> keys;
  if (!is_table()) return keys;
  for (const Member& member : impl_->item->members) keys.push_back(member.key);
  return keys;
}

bool Node::is_table() const { return *this && impl_->item->kind == Item::Kind::table; }
bool Node::is_array() const { return *this && impl_->item->kind == Item::Kind::array; }
bool Node::is_text() const { return *this && impl_->item->kind == Item::Kind::text; }
bool Node::is_integer() const { return *this && impl_->item->kind == Item::Kind::integer; }

bool Node::is_boolean() const { return *this && impl_->item->kind == Item::Kind::boolean; }

std::string Node::own_text() const {
  if (!*this) return "";
  if (is_text()) return impl_->item->text;
  problem(concat("expected text, found ", type_name(impl_->item->kind)));
  return "";
}

std::int64_t Node::own_integer() const {
  if (!*this) return 0;
  if (is_integer()) return impl_->item->integer;
  problem(concat("expected integer, found ", type_name(impl_->item->kind)));
  return 0;
}

bool Node::own_boolean() const { return is_boolean() && impl_->item->boolean; }

std::string Node::text(std::string_view key) const {
  if (!*this) return "";
  if (impl_->item->kind == Item::Kind::table && !impl_->member(key)) {
    impl_->problem(impl_->place, impl_->path_of(key), "expected text, found nothing");
    return "";
  }
  return text(key, "");
}

std::string Node::text(std::string_view key, std::string_view fallback) const {
  const Item* item = impl_ ? impl_->value(key, Item::Kind::text, "text") : nullptr;
  return item ? item->text : std::string(fallback);
}

std::int64_t Node::integer(std::string_view key, std::int64_t fallback, std::int64_t min, std::int64_t max) const {
  const Item* item = impl_ ? impl_->value(key, Item::Kind::integer, "integer") : nullptr;
  if (!item) return fallback;
  if (item->integer >= min && item->integer <= max) return item->integer;
  impl_->wrong(
      *item, key,
      concat("expected ", std::to_string(min), " to ", std::to_string(max), ", found ", std::to_string(item->integer)));
  return fallback;
}

double Node::number(std::string_view key, double fallback, double min, double max) const {
  const Member* member = impl_ ? impl_->member(key) : nullptr;
  if (!member) return fallback;
  const Item& item = member->value;
  if (item.kind != Item::Kind::number && item.kind != Item::Kind::integer) {
    impl_->wrong(item, key, concat("expected number, found ", type_name(item.kind)));
    return fallback;
  }
  const double value = item.kind == Item::Kind::number ? item.number : static_cast<double>(item.integer);
  if (std::isnan(value)) {
    impl_->wrong(item, key, "expected a number, found nan");
    return fallback;
  }
  if (value >= min && value <= max) return value;
  impl_->wrong(item, key,
               concat("expected ", number_text(min), " to ", number_text(max), ", found ", number_text(value)));
  return fallback;
}

bool Node::boolean(std::string_view key, bool fallback) const {
  const Item* item = impl_ ? impl_->value(key, Item::Kind::boolean, "boolean") : nullptr;
  return item ? item->boolean : fallback;
}

Duration Node::duration(std::string_view key, Duration fallback) const {
  const Item* item = impl_ ? impl_->value(key, Item::Kind::text, R"(a duration such as "15m")") : nullptr;
  if (!item) return fallback;
  const Result<Duration> duration = parse_duration(item->text);
  if (duration) return *duration;
  impl_->wrong(*item, key, concat(R"(expected a duration such as "15m", found ")", escaped(item->text), "\""));
  return fallback;
}

std::vector<std::string> Node::list(std::string_view key) const {
  std::vector<std::string> texts;
  for (const Node& element : elements(key)) {
    if (std::string text = element.own_text(); element.is_text()) texts.push_back(std::move(text));
  }
  return texts;
}

std::string Node::secret(std::string_view key) const {
  const Member* member = impl_ ? impl_->member(key) : nullptr;
  return member ? impl_->resolve_secret(member->value, key) : "";
}

std::string Node::own_secret() const { return *this ? impl_->resolve_secret(*impl_->item, "") : ""; }

void Node::only(const std::vector<std::string_view>& known) const {
  if (!is_table()) return;
  for (const Member& member : impl_->item->members) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    std::string message = concat("expected a known key, found \"", escaped(member.key), "\"");
    if (const std::string_view near = nearest(member.key, known); !near.empty()) {
      message += concat("; did you mean \"", near, "\"?");
    }
    impl_->problem({member.line, member.column}, impl_->path_of(escaped(member.key)), std::move(message));
  }
}

struct Tree::Impl {
  std::shared_ptr<Sheet> sheet = std::make_shared<Sheet>();
};

Tree::Tree() : impl_(std::make_shared<Impl>()) {}
Tree::~Tree() = default;
Tree::Tree(Tree&&) noexcept = default;

Tree Tree::parse(std::string_view text, std::string file_name) {
  Tree tree;
  Sheet& sheet = *tree.impl_->sheet;
  sheet.file = std::move(file_name);
  if (trim(text).empty()) {
    sheet.add({sheet.file, 1, 1, "file", "expected settings in TOML, found an empty file"});
    return tree;
  }
  const std::string_view valid = first_code_points(text, text.size());
  if (valid.size() != text.size()) {
    const Place place = place_of(text, valid.size());
    sheet.add({sheet.file, place.line, place.column, "file", "expected UTF-8 text, found a byte that is not"});
    return tree;
  }
  SyntaxError error = parse_toml(text, sheet.root);
  if (!error.message.empty()) {
    sheet.add({sheet.file, error.line, error.column, "syntax", std::move(error.message)});
    return tree;
  }
  sheet.parsed = true;
  return tree;
}

Tree Tree::load(const std::string& path) {
  const Result<std::string> read = read_whole(path, kFileBytes);
  if (read) return parse(*read, path);
  Tree tree;
  tree.impl_->sheet->file = path;
  tree.impl_->sheet->add({path, 1, 1, "file", concat("expected a readable file, found ", read.error().what)});
  return tree;
}

std::string Tree::set(std::string_view path, std::string_view value) { return put(impl_->sheet->root, path, value); }

Node Tree::root() const {
  if (!impl_->sheet->parsed) return {};
  return Node(std::make_shared<const Node::Impl>(Node::Impl{impl_->sheet, &impl_->sheet->root, {1, 1}, ""}));
}

const Problems& Tree::problems() const { return impl_->sheet->problems; }

}  // namespace vigie::config
