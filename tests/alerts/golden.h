// Recorded messages. VIGIE_UPDATE_GOLDEN=1 writes them anew: read the difference before committing it.

#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/files.h"

namespace vigie::test {

inline void expect_golden(const std::string& name, const std::string& written) {
  const std::filesystem::path path = source_path("tests/alerts/data/" + name);
  if (std::getenv("VIGIE_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << written;
  EXPECT_EQ(written, read_bytes(path)) << name;
}

}  // namespace vigie::test
