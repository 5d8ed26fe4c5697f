#include <charconv>
#include <cmath>

#include "base/json.h"
#include "base/text.h"

namespace vigie::json {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

void append_unicode_escape(std::string& out, unsigned code) {
  out.append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kHex[(code >> shift) & 15u]);
}

// U+2028 and U+2029 end a line in older JavaScript; both are E2 80 A8/A9.
bool is_line_separator(std::string_view text, std::size_t at) {
  return text[at] == '\xE2' && at + 2 < text.size() && text[at + 1] == '\x80' &&
         (text[at + 2] == '\xA8' || text[at + 2] == '\xA9');
}

bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != '<' && c != '\xE2';
}

void append_escaped(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t start = i;
    while (i < text.size() && is_plain(text[i])) ++i;
    out.append(text, start, i - start);
    if (i == text.size()) return;
    switch (text[i]) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\n': out.append("\\n"); break;
      case '\r': out.append("\\r"); break;
      case '\t': out.append("\\t"); break;
      case '\xE2':
        if (is_line_separator(text, i)) {
          append_unicode_escape(out, text[i + 2] == '\xA8' ? 0x2028 : 0x2029);
          i += 2;
        } else {
          out.push_back(text[i]);
        }
        break;
      default: append_unicode_escape(out, static_cast<unsigned char>(text[i]));
    }
  }
}

template <class Number>
void append_number(std::string& out, Number value) {
  char digits[32];
  const auto result = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, result.ptr);
}

}  // namespace

void Writer::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_member_.empty()) return;
  if (has_member_.back()) out_.push_back(',');
  has_member_.back() = true;
}

Writer& Writer::begin_object() {
  before_value();
  out_.push_back('{');
  has_member_.push_back(false);
  return *this;
}

Writer& Writer::end_object() {
  out_.push_back('}');
  has_member_.pop_back();
  return *this;
}

Writer& Writer::begin_array() {
  before_value();
  out_.push_back('[');
  has_member_.push_back(false);
  return *this;
}

Writer& Writer::end_array() {
  out_.push_back(']');
  has_member_.pop_back();
  return *this;
}

Writer& Writer::key(std::string_view name) {
  string(name);
  out_.push_back(':');
  after_key_ = true;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  before_value();
  out_.push_back('"');
  if (is_valid_utf8(text)) {
    append_escaped(out_, text);
  } else {
    append_escaped(out_, to_valid_utf8(text));
  }
  out_.push_back('"');
  return *this;
}

Writer& Writer::integer(std::int64_t value) {
  before_value();
  append_number(out_, value);
  return *this;
}

Writer& Writer::number(double value) {
  if (!std::isfinite(value)) return null();
  before_value();
  append_number(out_, value);
  return *this;
}

Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }
Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
  before_value();
  out_.append(json);
  return *this;
}

Writer& Writer::value(const Value& value) {  // NOLINT(misc-no-recursion): as deep as the parser let in
  switch (value.type()) {
    case Type::null: return null();
    case Type::boolean:
    case Type::number: return raw(value.raw());
    case Type::string: return string(value.raw());
    case Type::array:
      begin_array();
      for (std::size_t i = 0; i < value.size(); ++i) this->value(value[i]);
      return end_array();
    case Type::object:
      begin_object();
      for (std::size_t i = 0; i < value.size(); ++i) key(value.key_at(i)).value(value[i]);
      return end_object();
  }
  return *this;
}

}  // namespace vigie::json
