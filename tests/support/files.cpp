#include "tests/support/files.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/text.h"

namespace vigie::test {

std::filesystem::path source_path(std::string_view relative) {
  return std::filesystem::path(VIGIE_SOURCE_DIR) / relative;
}

std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    ADD_FAILURE() << "cannot read " << path;
    return {};
  }
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> read_lines(std::string_view relative) {
  const std::string bytes = read_bytes(source_path(relative));
  std::vector<std::string> lines;
  for (std::string_view line : split(bytes, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

std::optional<std::filesystem::path> shared_path(std::string_view relative) {
  const std::filesystem::path path = source_path("../shared") / relative;
  return std::filesystem::exists(path) ? std::optional(path) : std::nullopt;
}

bool have_program(std::string_view name) {
  const char* const path = std::getenv("PATH");
  for (const std::string_view folder : split(path == nullptr ? "" : path, ':')) {
    if (access((std::filesystem::path(folder) / name).c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace vigie::test
