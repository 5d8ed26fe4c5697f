// Recorded messages. VIGIE_UPDATE_GOLDEN=1 writes them anew: read the difference before committing it.

#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "base/json.h"
#include "tests/support/files.h"

namespace vigie::test {

inline void expect_golden(const std::string& name, const std::string& written) {
  const std::filesystem::path path = source_path("tests/alerts/data/" + name);
  if (std::getenv("VIGIE_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << written;
  }
  EXPECT_EQ(written, read_bytes(path)) << name;
}

// A text as JSON, readable: nothing is escaped that need not be.
inline std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (c == '\n') {
      out.append("\\n");
    } else {
      out.push_back(c);
    }
  }
  return out + '"';
}

inline void write_pretty(std::string& out, const json::Value& value, std::size_t depth) {
  const bool object = value.type() == json::Type::object;
  if (!object && value.type() != json::Type::array) {
    out.append(value.type() == json::Type::string ? json_text(value.raw())
               : value.type() == json::Type::null ? "null"
                                                  : std::string(value.raw()));
    return;
  }
  out.push_back(object ? '{' : '[');
  for (std::size_t i = 0; i < value.size(); ++i) {
    out.append(i == 0 ? "\n" : ",\n").append(2 * depth + 2, ' ');
    if (object) out.append(json_text(value.key_at(i))).append(": ");
    write_pretty(out, value[i], depth + 1);
  }
  if (value.size() > 0) out.append("\n").append(2 * depth, ' ');
  out.push_back(object ? '}' : ']');
}

inline std::string pretty(const std::string& payload) {
  const auto document = json::parse(payload);
  std::string out;
  write_pretty(out, document->root(), 0);
  return out + "\n";
}

}  // namespace vigie::test
