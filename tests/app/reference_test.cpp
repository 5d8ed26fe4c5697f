// docs/reference.md is printed by `vigie check --reference`; this finds it when it is out of date.

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "config/settings.h"

TEST(Reference, IsWhatTheOptionsSay) {
  std::ifstream file(VIGIE_SOURCE_DIR "/docs/reference.md");
  std::ostringstream written;
  written << file.rdbuf();

  EXPECT_EQ(written.str(), vigie::settings_reference())
      << "run: build/release/vigie check --reference > docs/reference.md";
}
