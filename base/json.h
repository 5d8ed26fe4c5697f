// JSON in: one full simdjson On-Demand pass into an arena tree. JSON out: an append-only writer.
//
// Why a tree of our own: simdjson's DOM refuses a page for one integer over 2^64, On-Demand "loses" fields asked
// out of order and accepts garbage nobody visited. So every byte is visited once, numbers stay text, depth is
// capped, duplicate keys keep the last value and are counted, and what follows the end is an error.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace vigie::json {

enum class Type : std::uint8_t { null, boolean, number, string, array, object };
std::string_view to_text(Type type);  // "null", "a boolean", "a number", "a string", "an array", "an object"

struct Node;  // arena-owned

// A view of one value; valid as long as its Document. Paths are dotted names with optional indexes:
// "author.name", "langs.0", "'im:rating'.label", "items[-1].id"; "" is the value itself.
// A default-constructed Value is "absent": every _or returns the default, every other accessor fails.
class Value {
 public:
  Value() = default;
  explicit Value(const Node* node) : node_(node) {}

  explicit operator bool() const { return node_ != nullptr; }  // present (null is present)
  Type type() const;
  bool is_null() const { return node_ == nullptr || type() == Type::null; }
  bool is_scalar() const { return !is_null() && type() < Type::array; }  // a string, a number or a boolean

  Value at(std::string_view path) const;  // absent when any step is missing

  // Errors are bad_data and read like `author.name: expected a string, found a number`.
  Result<std::string> text(std::string_view path) const;    // a string
  Result<std::string> scalar(std::string_view path) const;  // string, number or boolean as its text
  Result<std::int64_t> integer(std::string_view path) const;
  Result<double> number(std::string_view path) const;  // a number, finite
  Result<bool> boolean(std::string_view path) const;
  Result<Value> object(std::string_view path) const;
  Result<Value> array(std::string_view path) const;

  // The default when absent, null or of another type.
  std::string text_or(std::string_view path, std::string_view other) const;
  std::string scalar_or(std::string_view path, std::string_view other) const;
  std::int64_t integer_or(std::string_view path, std::int64_t other) const;
  double number_or(std::string_view path, double other) const;
  bool boolean_or(std::string_view path, bool other) const;

  // This value's own content, no path, no copy. raw(): text of a string (decoded), number or boolean; "" otherwise.
  std::string_view raw() const;

  // Children in document order; nothing for a scalar. key() is the member's name when this is a member.
  std::size_t size() const;
  Value operator[](std::size_t index) const;         // element or member value
  std::string_view key_at(std::size_t index) const;  // member name
  Value find(std::string_view key) const;            // one member, exact name

 private:
  const Node* node_ = nullptr;
};

class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  Value root() const;
  std::size_t duplicate_keys() const;

  struct Arena;  // internal

 private:
  friend Result<Document> parse(std::string_view, std::size_t);
  std::unique_ptr<Arena> arena_;
};

// Invalid UTF-8 is repaired first; a BOM is skipped. bad_data with the byte offset otherwise, including for
// nesting deeper than `depth`, garbage after the end, and empty input.
Result<Document> parse(std::string_view bytes, std::size_t depth = limits::kJsonDepth);

// Appends JSON to a string it owns. Commas are its business; text is repaired to valid UTF-8 and escaped so that it is
// also safe inside a <script> element ("<" is \u003c, U+2028/9 escaped).
class Writer {
 public:
  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& string(std::string_view text);
  Writer& integer(std::int64_t value);
  Writer& number(double value);  // shortest form that reads back the same; null when not finite
  Writer& boolean(bool value);
  Writer& null();
  Writer& raw(std::string_view json);  // already JSON: copied as it is
  Writer& value(const Value& value);   // a parsed value, written again (numbers byte for byte)

  // key + value; the second form of text leaves the member out when it is empty.
  Writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }
  Writer& member_if(std::string_view name, std::string_view text) { return text.empty() ? *this : member(name, text); }

  const std::string& text() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  void before_value();
  std::string out_;
  std::vector<bool> has_member_;  // one per open object or array
  bool after_key_ = false;
};

}  // namespace vigie::json
