// Files that tests read: fixtures of the source tree, and recorded data that may stand beside it.

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::test {

// "tests/collectors/data/x.xml" of the source tree.
std::filesystem::path source_path(std::string_view relative);

// All bytes of a file; a test failure (and "") when it cannot be read.
std::string read_bytes(const std::filesystem::path& path);

// The lines of a fixture of the source tree, without their ends and without empty ones.
std::vector<std::string> read_lines(std::string_view relative);

// "data/feeds/rss" in the folder `shared` beside the source tree; nothing when it is not there.
std::optional<std::filesystem::path> shared_path(std::string_view relative);

// Whether a program can be found on PATH.
bool have_program(std::string_view name);

}  // namespace vigie::test

// Leaves the test, saying so, when the recorded data is absent:  VIGIE_SHARED_OR_SKIP(feeds, "data/feeds/rss");
#define VIGIE_SHARED_OR_SKIP(name, relative)                                                     \
  const auto name##_found = ::vigie::test::shared_path(relative);                                \
  if (!name##_found) GTEST_SKIP() << "no ../shared/" << (relative) << " beside the source tree"; \
  const std::filesystem::path& name = *name##_found
