#include "base/json.h"

#include <cstring>
#include <unordered_map>

#include <simdjson.h>

#include "base/json_node.h"
#include "base/text.h"

namespace vigie::json {

// What a document's nodes live in: the padded input and blocks that only grow, freed together.
struct Document::Arena {
  simdjson::padded_string input;
  std::vector<std::unique_ptr<std::byte[]>> blocks;
  std::byte* next = nullptr;
  std::size_t left = 0;
  const Node* root = nullptr;
  std::size_t duplicate_keys = 0;

  void* allocate(std::size_t bytes) {
    constexpr std::size_t kAlign = alignof(Node);
    bytes = (bytes + kAlign - 1) / kAlign * kAlign;
    if (bytes > left) {
      // Blocks follow the input's size, so that a small page takes one small block.
      const std::size_t block = std::max(bytes, std::min<std::size_t>(input.size() * 2 + 256, 256u << 10));
      blocks.push_back(std::make_unique_for_overwrite<std::byte[]>(block));
      next = blocks.back().get();
      left = block;
    }
    left -= bytes;
    return std::exchange(next, next + bytes);
  }
};

namespace {

namespace od = simdjson::ondemand;
using simdjson::error_code;

// simdjson keeps per-level bookkeeping for 1024 levels; callers never get near.
constexpr std::size_t kDeepest = 1000;
// After a document larger than this the thread's parser is dropped: it would keep about six bytes per input byte.
constexpr std::size_t kKeptCapacity = 4u << 20;
// Objects up to this many members are searched for duplicate keys pair by pair, larger ones by hash.
constexpr std::size_t kFewMembers = 16;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

constexpr bool is_json_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view without_trailing_space(std::string_view token) {
  while (!token.empty() && is_json_space(token.back())) token.remove_suffix(1);
  return token;
}

// RFC 8259 section 6: [ minus ] int [ frac ] [ exp ].
bool is_number(std::string_view token) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < token.size() && is_digit(token[i])) ++i;
    return i - start;
  };
  if (i < token.size() && token[i] == '-') ++i;
  const bool zero = i < token.size() && token[i] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (i < token.size() && token[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < token.size() && (token[i] == 'e' || token[i] == 'E')) {
    ++i;
    if (i < token.size() && (token[i] == '+' || token[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == token.size();
}

// Four hexadecimal digits, or -1. What is read past the string's end is simdjson's padding.
int hex4(const char* p) {
  int value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = p[i];
    const int digit = is_digit(c)              ? c - '0'
                      : (c >= 'a' && c <= 'f') ? c - 'a' + 10
                      : (c >= 'A' && c <= 'F') ? c - 'A' + 10
                                               : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

char* put_utf8(char* out, unsigned c) {
  const auto byte = [&](unsigned value) { *out++ = static_cast<char>(value); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | (c >> 6));
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | (c >> 18));
    byte(0x80 | ((c >> 12) & 0x3F));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
  return out;
}

// The code point of the escape "\u...." whose first digit is at `p`, which moves past it. A lone surrogate is U+FFFD.
// -1 when the digits are not digits.
long unicode_escape(const char*& p) {
  const int first = hex4(p);
  if (first < 0) return -1;
  p += 4;
  if (first < 0xD800 || first > 0xDFFF) return first;
  if (first <= 0xDBFF && p[0] == '\\' && p[1] == 'u') {
    const int second = hex4(p + 2);
    if (second >= 0xDC00 && second <= 0xDFFF) {
      p += 6;
      return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    }
  }
  return 0xFFFD;
}

char simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
  }
}

// Walks the whole document once and copies its shape into the arena.
class Builder {
 public:
  Builder(Document::Arena& arena, std::size_t depth) : arena_(arena), depth_(depth) {}

  // False when the document is not well formed; `what` and `where` tell why.
  bool build(od::document& document) {
    const char* const first = skip_space(begin());
    if (first == end()) return fault(first, "nothing but white space");
    Node root;
    const bool nested = *first == '[' || *first == '{';
    if (!(nested ? nested_root(document, *first == '[', root) : scalar_root(document, first, root))) return false;
    Node* kept = static_cast<Node*>(arena_.allocate(sizeof(Node)));
    arena_.root = new (kept) Node(root);
    return true;
  }

  bool fault(const char* where, std::string what) {
    if (what_.empty()) {
      what_ = std::move(what);
      where_ = where;
    }
    return false;
  }
  const std::string& what() const { return what_; }
  std::size_t offset() const { return where_ == nullptr ? 0 : static_cast<std::size_t>(where_ - begin()); }

 private:
  const char* begin() const { return arena_.input.data(); }
  const char* end() const { return begin() + arena_.input.size(); }
  const char* skip_space(const char* p) const {
    while (p != end() && is_json_space(*p)) ++p;
    return p;
  }

  const char* last() const { return begin() + without_trailing_space({begin(), arena_.input.size()}).size() - 1; }

  bool nested_root(od::document& document, bool is_array, Node& root) {
    seen_ = begin();
    if (is_array) {
      od::array array;
      if (document.get_array().get(array)) return fault(last(), "expected ] at the end");
      if (!elements(array, 1, root)) return false;
    } else {
      od::object object;
      if (document.get_object().get(object)) return fault(last(), "expected } at the end");
      if (!members(object, 1, root)) return false;
    }
    const char* after = nullptr;  // an error here means that no token is left
    return document.current_location().get(after) || fault(after, "something follows the end of the document");
  }

  // On-Demand checks little of a document that is one scalar, so its token is held against the whole input.
  bool scalar_root(od::document& document, const char* first, Node& root) {
    std::string_view token;
    if (const error_code error = document.raw_json_token().get(token)) return refuse(error);
    if (*first == '"') {
      const char* after = string_end(first + 1);
      if (skip_space(after) != end()) return fault(after, "something follows the end of the document");
      return string(first + 1, root.text, root.size) && (root.type = Type::string, true);
    }
    return scalar({first, static_cast<std::size_t>(end() - first)}, root);
  }

  bool elements(od::array& array, std::size_t level, Node& node) {
    if (level > depth_) return fault(seen_, too_deep());
    const std::size_t base = stack_.size();
    for (simdjson::simdjson_result<od::value> element : array) {
      od::value value;
      Node child;
      if (const error_code error = element.get(value)) return refuse(error);
      if (!any(value, level, child)) return false;
      stack_.push_back(child);
    }
    node.type = Type::array;
    keep_children(base, node);
    return true;
  }

  bool members(od::object& object, std::size_t level, Node& node) {
    if (level > depth_) return fault(seen_, too_deep());
    const std::size_t base = stack_.size();
    for (simdjson::simdjson_result<od::field> member : object) {
      od::field field;
      Node child;
      if (const error_code error = std::move(member).get(field)) return refuse(error);
      if (!string(field.key().raw(), child.key, child.key_size)) return false;
      if (!any(field.value(), level, child)) return false;
      stack_.push_back(child);
    }
    node.type = Type::object;
    drop_duplicates(base);
    keep_children(base, node);
    return true;
  }

  bool any(od::value value, std::size_t level, Node& node) {
    const std::string_view token = value.raw_json_token();
    if (token.empty() || token.data() >= end()) return fault(end(), "the document ends too soon");
    seen_ = token.data();
    switch (token.front()) {
      case '{': {
        od::object object;
        if (const error_code error = value.get_object().get(object)) return refuse(error);
        return members(object, level + 1, node);
      }
      case '[': {
        od::array array;
        if (const error_code error = value.get_array().get(array)) return refuse(error);
        return elements(array, level + 1, node);
      }
      case '"': {
        od::raw_json_string raw;
        if (const error_code error = value.get_raw_json_string().get(raw)) return refuse(error);
        node.type = Type::string;
        return string(raw.raw(), node.text, node.size);
      }
      default: return scalar(token, node);  // On-Demand skips what was not consumed
    }
  }

  bool scalar(std::string_view padded, Node& node) {
    const std::string_view token = without_trailing_space(padded);
    if (token == "null") return true;
    if (token == "true" || token == "false") {
      node.type = Type::boolean;
    } else if (is_number(token)) {
      node.type = Type::number;
    } else {
      return fault(padded.data(), "expected a value");
    }
    node.text = token.data();
    node.size = static_cast<std::uint32_t>(token.size());
    return true;
  }

  // Just past the closing quote. simdjson has checked that there is one.
  const char* string_end(const char* p) const {
    while (p < end() && *p != '"') p += *p == '\\' ? 2 : 1;
    return p < end() ? p + 1 : end();
  }

  // The string that begins at `p`, after its opening quote.
  bool string(const char* p, const char*& text, std::uint32_t& size) {
    const char* const start = p;
    while (*p != '"' && *p != '\\') ++p;
    if (*p == '"') {
      text = start;
      size = static_cast<std::uint32_t>(p - start);
      return true;
    }
    const char* const stop = string_end(p) - 1;
    // Decoded text is never longer than its escapes.
    char* const decoded = static_cast<char*>(arena_.allocate(static_cast<std::size_t>(stop - start) + 1));
    char* out = decoded + (p - start);
    std::memcpy(decoded, start, static_cast<std::size_t>(p - start));
    while (p < stop) {
      if (*p != '\\') {
        *out++ = *p++;
      } else if (!unescape(p, out)) {
        return false;
      }
    }
    text = decoded;
    size = static_cast<std::uint32_t>(out - decoded);
    return true;
  }

  bool unescape(const char*& p, char*& out) {
    const char* const escape = p++;
    if (*p == 'u') {
      const long c = unicode_escape(++p);
      if (c < 0) return fault(escape, "\\u needs four hexadecimal digits");
      out = put_utf8(out, static_cast<unsigned>(c));
      return true;
    }
    const char c = simple_escape(*p++);
    if (c == 0) return fault(escape, "unknown escape in a string");
    *out++ = c;
    return true;
  }

  void keep_children(std::size_t base, Node& node) {
    const std::size_t count = stack_.size() - base;
    Node* const kept = static_cast<Node*>(arena_.allocate(count * sizeof(Node)));
    if (count > 0) std::memcpy(static_cast<void*>(kept), stack_.data() + base, count * sizeof(Node));
    stack_.resize(base);
    node.children = kept;
    node.size = static_cast<std::uint32_t>(count);
  }

  // A repeated key keeps the place of its first and the value of its last appearance, as browsers do.
  void drop_duplicates(std::size_t base) {
    const std::size_t count = stack_.size() - base;
    std::unordered_map<std::string_view, std::size_t> places;
    if (count > kFewMembers) places.reserve(count);
    const auto place_of = [&](std::size_t end, std::string_view name) {
      if (count > kFewMembers) return places.emplace(name, end).first->second;
      for (std::size_t i = base; i < end; ++i) {
        if (stack_[i].name() == name) return i;
      }
      return end;
    };
    std::size_t end = base;
    for (std::size_t i = base; i < base + count; ++i) {
      const std::size_t place = place_of(end, stack_[i].name());
      stack_[place] = stack_[i];
      if (place == end) ++end;
    }
    arena_.duplicate_keys += base + count - end;
    stack_.resize(end);
  }

  std::string too_deep() const { return concat("nested deeper than ", std::to_string(depth_), " levels"); }
  bool refuse(error_code error) { return fault(seen_, simdjson::error_message(error)); }

  Document::Arena& arena_;
  const std::size_t depth_;
  std::vector<Node> stack_;     // children of the values still open
  const char* seen_ = nullptr;  // the last token visited
  const char* where_ = nullptr;
  std::string what_;
};

// simdjson's first pass finds these two without saying where.
std::size_t first_bad_string(std::string_view text) {
  std::size_t opened = 0;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (inside && static_cast<unsigned char>(text[i]) < 0x20) return i;
    if (inside && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      inside = !inside;
      opened = i;
    }
  }
  return inside ? opened : 0;
}

tl::unexpected<Error> not_json(std::size_t offset, std::string_view why) {
  return fail(ErrorKind::bad_data, concat("not JSON at byte ", std::to_string(offset), ": ", why));
}

od::parser& thread_parser() {
  thread_local od::parser parser;
  return parser;
}

}  // namespace

Document::Document() : arena_(std::make_unique<Arena>()) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Value Document::root() const { return arena_ ? Value(arena_->root) : Value(); }
std::size_t Document::duplicate_keys() const { return arena_ ? arena_->duplicate_keys : 0; }

Result<Document> parse(std::string_view bytes, std::size_t depth) {
  std::size_t skipped = 0;
  if (bytes.starts_with(kByteOrderMark)) {
    skipped = kByteOrderMark.size();
    bytes.remove_prefix(skipped);
  }
  if (bytes.size() > UINT32_MAX) return not_json(skipped, "larger than 4 GiB");
  std::string repaired;
  if (!is_valid_utf8(bytes)) {
    if (const std::size_t nul = bytes.find('\0'); nul != std::string_view::npos) return not_json(nul, "a NUL byte");
    bytes = repaired = to_valid_utf8(bytes);
  }
  if (bytes.empty()) return not_json(skipped, "empty");

  Document document;
  document.arena_->input = simdjson::padded_string(bytes);
  od::parser& parser = thread_parser();
  od::document pass;
  const error_code error = parser.iterate(document.arena_->input).get(pass);
  if (error) return not_json(skipped + first_bad_string(bytes), simdjson::error_message(error));

  Builder builder(*document.arena_, std::min(depth, kDeepest));
  const bool built = builder.build(pass);
  if (parser.capacity() > kKeptCapacity) parser = od::parser();
  if (!built) return not_json(skipped + builder.offset(), builder.what());
  return document;
}

}  // namespace vigie::json
