#include "tests/support/temp_dir.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <system_error>

namespace vigie::test {

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "vigie-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    std::perror("cannot make a directory for the test");
    std::abort();
  }
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;  // what a child process still writes is not this test's failure
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::write(std::string_view name, std::string_view bytes) const {
  const std::filesystem::path target = path_ / name;
  std::filesystem::create_directories(target.parent_path());
  std::ofstream out(target, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return target.string();
}

}  // namespace vigie::test
