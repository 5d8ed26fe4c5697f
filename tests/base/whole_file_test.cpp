#include "base/whole_file.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(WholeFile, ReplacesWhatWasThereAndLeavesNothingBeside) {
  const test::TempDir dir;
  const fs::path path = fs::path(dir.path()) / "model";

  ASSERT_TRUE(write_whole(path, "old"));
  ASSERT_TRUE(write_whole(path, std::string_view("new\0bytes", 9)));

  EXPECT_EQ(content(path), std::string("new\0bytes", 9));
  EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), {}), 1);
}

TEST(WholeFile, LeavesTheOldFileToWhoReadsIt) {
  const test::TempDir dir;
  const fs::path path = fs::path(dir.path()) / "model";
  ASSERT_TRUE(write_whole(path, "old"));
  std::ifstream reader(path);

  ASSERT_TRUE(write_whole(path, "new"));

  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(reader), {}), "old");
}

TEST(WholeFile, SaysWhichPathCannotBeWrittenAndWhy) {
  const test::TempDir dir;
  const fs::path path = fs::path(dir.path()) / "missing" / "model";

  const auto written = write_whole(path, "bytes");

  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().what, HasSubstr(path.parent_path().string()));
  EXPECT_THAT(written.error().what, HasSubstr("No such file"));
}

// A folder stands where the file should be.
TEST(WholeFile, KeepsTheOldFileWhenTheNewOneCannotBeMade) {
  const test::TempDir dir;
  const fs::path path = fs::path(dir.path()) / "model";
  ASSERT_TRUE(fs::create_directory(path));

  EXPECT_FALSE(write_whole(path, "bytes"));

  EXPECT_TRUE(fs::is_directory(path));
  EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), {}), 1);
}

TEST(WholeFile, IsReadUpToItsLimit) {
  const test::TempDir dir;
  const fs::path path = fs::path(dir.path()) / "model";
  ASSERT_TRUE(write_whole(path, std::string(200'000, 'a')));

  EXPECT_EQ(read_whole(path, 200'000).value(), std::string(200'000, 'a'));
  EXPECT_EQ(read_whole(path, 199'999).error().what, "more than 195 KiB");
}

TEST(WholeFile, SaysWhatItFoundInstead) {
  const test::TempDir dir;

  EXPECT_EQ(read_whole(fs::path(dir.path()) / "missing", 10).error().what, "no such file");
  EXPECT_EQ(read_whole(dir.path(), 10).error().what, "a folder");
}

}  // namespace
}  // namespace vigie
