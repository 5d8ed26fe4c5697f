#include "store/backup.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::HasSubstr;

class BackupTest : public testing::Test {
 protected:
  std::string url(const std::string& name) const { return concat("sqlite:", folder.file(name)); }
  BackupFiles files() const { return {folder.file("copy"), folder.file("copy.keys")}; }
  TempDir folder;
};

TEST_F(BackupTest, IsTheStoreAsItWasWhileItIsWrittenTo) {
  const auto store = open_store(url("vigie.db"));
  commit(*store, batch_of({judged("a", "Colis en retard.")}));

  const auto done = back_up_sqlite(url("vigie.db"), files());
  ASSERT_TRUE(done) << done.error().what;
  commit(*store, batch_of({judged("b", "Un autre.")}));
  const auto restored = restore_sqlite(files(), url("restored.db"));

  ASSERT_TRUE(restored) << restored.error().what;
  EXPECT_EQ(open_store(url("restored.db"))->count_mentions(), 1);
  struct stat info {};
  ASSERT_EQ(::stat(folder.file("copy").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(BackupTest, NeverWritesOverAFile) {
  const auto store = open_store(url("vigie.db"));
  ASSERT_TRUE(back_up_sqlite(url("vigie.db"), files()));

  EXPECT_EQ(back_up_sqlite(url("vigie.db"), files()).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(restore_sqlite(files(), url("vigie.db")).error().kind, ErrorKind::bad_data);
}

TEST_F(BackupTest, IsNotPutTogetherWithTheKeysOfAnotherMoment) {
  const auto store = open_store(url("vigie.db"));
  ASSERT_TRUE(back_up_sqlite(url("vigie.db"), files()));
  ASSERT_TRUE(back_up_sqlite(url("vigie.db"), {folder.file("later"), folder.file("later.keys")}));

  const auto restored = restore_sqlite({folder.file("copy"), folder.file("later.keys")}, url("restored.db"));

  ASSERT_FALSE(restored);
  EXPECT_THAT(restored.error().what, HasSubstr("one moment"));
  EXPECT_FALSE(std::filesystem::exists(folder.file("restored.db")));
}

}  // namespace
}  // namespace vigie
