// Reading a parsed document by path.

#include <charconv>
#include <cmath>

#include "base/json_node.h"
#include "base/text.h"

namespace vigie::json {
namespace {

constexpr std::size_t kShownCodePoints = 40;

// "found ..." of an error: the value itself when it is short and plain, else what kind of thing it is.
std::string describe(const Value& value) {
  if (!value) return "nothing";
  switch (value.type()) {
    case Type::string: return concat("\"", shorten(value.raw(), kShownCodePoints), "\"");
    case Type::number:
    case Type::boolean: return shorten(value.raw(), kShownCodePoints);
    default: return std::string(to_text(value.type()));
  }
}

tl::unexpected<Error> unexpected(std::string_view path, std::string_view expected, std::string_view found) {
  return fail(ErrorKind::bad_data, concat(path.empty() ? "value" : path, ": expected ", expected, ", found ", found));
}

std::string_view type_name(const Value& value) { return value ? to_text(value.type()) : "nothing"; }

// The value at `path` when it has that type.
Result<Value> typed(const Value& from, std::string_view path, Type type) {
  const Value value = from.at(path);
  if (!value || value.type() != type) return unexpected(path, to_text(type), type_name(value));
  return value;
}

std::optional<std::int64_t> whole(const Value& value) {
  if (!value || value.type() != Type::number) return std::nullopt;
  const std::string_view text = value.raw();
  std::int64_t exact = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exact);
  if (error == std::errc() && end == text.data() + text.size()) return exact;
  // "4.0" and "1e3" are whole too, while a double still tells neighbours apart.
  double real = 0;
  constexpr double kExact = 9007199254740992.0;  // 2^53
  const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), real);
  if (failed != std::errc() || std::abs(real) > kExact || real != std::trunc(real)) return std::nullopt;
  return static_cast<std::int64_t>(real);
}

std::optional<double> real(const Value& value) {
  if (!value || value.type() != Type::number) return std::nullopt;
  const std::string_view text = value.raw();
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc()) return number;
  // Out of range: too small is 0, too large is no number of ours.
  const std::size_t exponent = text.find_first_of("eE");
  const bool tiny = exponent == std::string_view::npos ? text.find_first_not_of("-0.") > text.find('.')
                                                       : text.substr(exponent + 1).starts_with('-');
  return tiny ? std::optional<double>(0) : std::nullopt;
}

// One step off the front of a path: a name, possibly quoted, or "[n]".
struct Step {
  std::string_view name;
  bool bracketed = false;
};

Step next_step(std::string_view& path) {
  Step step;
  if (path.starts_with('[')) {
    const std::size_t close = std::min(path.find(']'), path.size());
    step = {path.substr(1, close - 1), true};
    path.remove_prefix(std::min(close + 1, path.size()));
  } else if (path.starts_with('\'')) {
    const std::size_t close = std::min(path.find('\'', 1), path.size());
    step.name = path.substr(1, close - 1);
    path.remove_prefix(std::min(close + 1, path.size()));
  } else {
    // By hand: find_first_of calls the library once a character, and every field of every mention comes this way.
    std::size_t end = 0;
    while (end < path.size() && path[end] != '.' && path[end] != '[') ++end;
    step.name = path.substr(0, end);
    path.remove_prefix(end);
  }
  if (path.starts_with('.')) path.remove_prefix(1);
  return step;
}

Value element(const Value& array, std::string_view index) {
  std::int64_t at = 0;
  const auto [end, error] = std::from_chars(index.data(), index.data() + index.size(), at);
  if (error != std::errc() || end != index.data() + index.size()) return {};
  const auto size = static_cast<std::int64_t>(array.size());
  if (at < 0) at += size;
  return at >= 0 && at < size ? array[static_cast<std::size_t>(at)] : Value();
}

}  // namespace

std::string_view to_text(Type type) {
  switch (type) {
    case Type::null: return "null";
    case Type::boolean: return "a boolean";
    case Type::number: return "a number";
    case Type::string: return "a string";
    case Type::array: return "an array";
    case Type::object: return "an object";
  }
  return "null";
}

Type Value::type() const { return node_ == nullptr ? Type::null : node_->type; }

Value Value::at(std::string_view path) const {
  Value value = *this;
  while (value && !path.empty()) {
    const Step step = next_step(path);
    if (value.type() == Type::array) {
      value = element(value, step.name);
    } else {
      value = step.bracketed ? Value() : value.find(step.name);
    }
  }
  return value;
}

Result<std::string> Value::text(std::string_view path) const {
  TRY(const Value value, typed(*this, path, Type::string));
  return std::string(value.raw());
}

Result<std::string> Value::scalar(std::string_view path) const {
  const Value value = at(path);
  if (!value.is_scalar()) return unexpected(path, "a string, a number or a boolean", type_name(value));
  return std::string(value.raw());
}

Result<std::int64_t> Value::integer(std::string_view path) const {
  const Value value = at(path);
  const std::optional<std::int64_t> number = whole(value);
  if (!number) return unexpected(path, "a whole number", describe(value));
  return *number;
}

Result<double> Value::number(std::string_view path) const {
  const Value value = at(path);
  const std::optional<double> number = real(value);
  if (!number) return unexpected(path, "a number", describe(value));
  return *number;
}

Result<bool> Value::boolean(std::string_view path) const {
  const Value value = at(path);
  if (!value || value.type() != Type::boolean) return unexpected(path, "true or false", describe(value));
  return value.raw() == "true";
}

Result<Value> Value::object(std::string_view path) const { return typed(*this, path, Type::object); }
Result<Value> Value::array(std::string_view path) const { return typed(*this, path, Type::array); }

std::string Value::text_or(std::string_view path, std::string_view other) const {
  const Value value = at(path);
  return std::string(value && value.type() == Type::string ? value.raw() : other);
}

std::string Value::scalar_or(std::string_view path, std::string_view other) const {
  const Value value = at(path);
  return std::string(value.is_scalar() ? value.raw() : other);
}

std::int64_t Value::integer_or(std::string_view path, std::int64_t other) const {
  return whole(at(path)).value_or(other);
}
double Value::number_or(std::string_view path, double other) const { return real(at(path)).value_or(other); }

bool Value::boolean_or(std::string_view path, bool other) const {
  const Value value = at(path);
  return value && value.type() == Type::boolean ? value.raw() == "true" : other;
}

std::string_view Value::raw() const {
  const Type kind = type();
  const bool has_text = kind == Type::string || kind == Type::number || kind == Type::boolean;
  return has_text ? std::string_view(node_->text, node_->size) : std::string_view();
}

std::size_t Value::size() const { return type() == Type::array || type() == Type::object ? node_->size : 0; }

Value Value::operator[](std::size_t index) const { return index < size() ? Value(&node_->children[index]) : Value(); }

std::string_view Value::key_at(std::size_t index) const {
  return type() == Type::object && index < node_->size ? node_->children[index].name() : std::string_view();
}

Value Value::find(std::string_view key) const {
  if (type() != Type::object) return {};
  for (std::size_t i = 0; i < node_->size; ++i) {
    if (node_->children[i].name() == key) return Value(&node_->children[i]);
  }
  return {};
}

}  // namespace vigie::json
