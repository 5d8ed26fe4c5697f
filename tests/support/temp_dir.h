// A directory of a test's own, removed with everything in it when the test ends.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace vigie::test {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // The path of `name` inside, as text; nothing is created.
  std::string file(std::string_view name) const { return (path_ / name).string(); }
  // Creates `name`, and the folders it stands in, with those bytes; returns its path.
  std::string write(std::string_view name, std::string_view bytes) const;

 private:
  std::filesystem::path path_;
};

}  // namespace vigie::test
