// The node behind json::Value; only base/json*.cpp include this.

#pragma once

#include "base/json.h"

namespace vigie::json {

// One value. Strings without escapes and numbers point into the document's own copy of the input.
struct Node {
  const char* key = nullptr;  // member name, when a member
  union {
    const char* text = nullptr;  // string (decoded), number or boolean as written
    const Node* children;        // array or object, contiguous
  };
  std::uint32_t key_size = 0;
  std::uint32_t size = 0;  // bytes of text, or number of children
  Type type = Type::null;

  std::string_view name() const { return {key, key_size}; }
};

}  // namespace vigie::json
