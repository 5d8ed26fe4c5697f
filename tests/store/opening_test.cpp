#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/embedded.h"
#include "store/rows.h"
#include "tests/store/stored.h"
#include "tests/support/files.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string url_of(const std::string& path) { return concat("sqlite:", path); }

Error refused(const std::string& url) {
  const auto store = open_sqlite_store(url);
  if (store) {
    ADD_FAILURE() << url << " was opened";
    return {};
  }
  return store.error();
}

// Root may write anywhere: gives root's rights up for a while, so that a read-only folder is one.
class AsNobody {
 public:
  AsNobody() : was_root_(::geteuid() == 0 && ::seteuid(65534) == 0) {}
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  ~AsNobody() {
    if (was_root_ && ::seteuid(0) != 0) ADD_FAILURE() << "cannot become root again";
  }

 private:
  const bool was_root_;
};

TEST(Opening, CreatesAFileForItsOwnerAlone) {
  const TempDir dir;
  const std::string path = dir.file("vigie.db");

  const auto store = open_store(url_of(path));
  commit(*store, batch_of({judged("1", "un")}));

  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    ASSERT_EQ(::stat((path + suffix).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 0777, 0600u) << suffix;
  }
}

// A lock of a process is dropped when any of its descriptors of that file is closed, and the last to leave a database
// deletes its log: an opening that lost the locks of the others would lose their writes.
TEST(Opening, KeepsTheLocksOfTheOtherConnections) {
  const TempDir dir;
  const std::string path = dir.file("vigie.db");
  const auto first = open_store(url_of(path));
  commit(*first, batch_of({judged("1", "un")}));

  open_store(url_of(path));

  struct flock lock {};
  lock.l_type = F_WRLCK;
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(file, 0);
  EXPECT_EQ(::fcntl(file, F_OFD_GETLK, &lock), 0);
  EXPECT_NE(lock.l_type, F_UNLCK);
  ::close(file);
}

TEST(Opening, RefusesAUrlOfAnotherKind) {
  EXPECT_EQ(refused("mysql://db").kind, ErrorKind::bad_config);
  EXPECT_EQ(refused("sqlite:").kind, ErrorKind::bad_config);
}

TEST(Opening, RefusesADatabaseOfANewerVersionAndLeavesItAlone) {
  const TempDir dir;
  const std::string path = dir.file("vigie.db");
  open_store(url_of(path));
  ASSERT_TRUE((*open_sqlite_driver(path))->run_script("pragma user_version = 1000"));

  const Error error = refused(url_of(path));

  EXPECT_EQ(error.kind, ErrorKind::bad_config);
  EXPECT_THAT(error.what, testing::MatchesRegex("vigie.db was written by a newer version \\(schema 1000, this one knows "
                                                "[0-9]+\\); install that version or restore a backup"));
}

TEST(Opening, RefusesAnotherApplicationsDatabase) {
  const TempDir dir;
  const std::string path = dir.file("mail.db");
  ASSERT_TRUE((*open_sqlite_driver(path))->run_script("create table letters (text)"));
  const std::string before = read_bytes(path);

  const Error error = refused(url_of(path));

  EXPECT_EQ(error.kind, ErrorKind::bad_config);
  EXPECT_THAT(error.what, HasSubstr("mail.db: a database of another application"));
  EXPECT_EQ(read_bytes(path), before);
}

TEST(Opening, RefusesAFileThatIsNoDatabase) {
  const TempDir dir;
  const std::string path = dir.write("notes.txt", std::string(5000, 'x'));

  const Error error = refused(url_of(path));

  EXPECT_EQ(error.kind, ErrorKind::bad_config);
  EXPECT_THAT(error.what, HasSubstr("notes.txt: not a vigie database"));
  EXPECT_EQ(read_bytes(path), std::string(5000, 'x'));
}

TEST(Opening, SaysWhichFolderIsMissing) {
  const TempDir dir;

  const Error error = refused(url_of(dir.file("absent/vigie.db")));

  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_THAT(error.what, HasSubstr("absent/vigie.db: its folder cannot be written (No such file or directory)"));
}

TEST(Opening, SaysWhichFolderIsReadOnly) {
  const TempDir dir;
  std::filesystem::permissions(dir.path(), std::filesystem::perms(0555));

  const AsNobody nobody;
  const Error error = refused(url_of(dir.file("vigie.db")));

  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_THAT(error.what, HasSubstr("Permission denied"));
}

TEST(Opening, SaysThatADatabaseIsDamaged) {
  const TempDir dir;
  const std::string path = dir.file("vigie.db");
  {
    const auto store = open_store(url_of(path));
    std::vector<Judged> mentions;
    mentions.reserve(500);
    for (int i = 0; i < 500; ++i) mentions.push_back(judged(std::to_string(i), std::string(300, 'a')));
    commit(*store, batch_of(mentions));
  }
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(0, std::ios::end);
    const auto size = static_cast<std::size_t>(file.tellp());
    file.seekp(4096);
    file << std::string(size - 4096, '\x5a');
  }

  const auto store = open_sqlite_store(url_of(path));
  const auto result = store ? (*store)->commit(batch_of({judged("x", "y")})) : tl::unexpected(store.error());

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::denied);
  EXPECT_THAT(result.error().what, HasSubstr("damaged"));
}

TEST(Opening, BringsADatabaseOfTheFirstVersionUpToDateWithItsMentions) {
  const TempDir dir;
  const std::string path = dir.file("vigie.db");
  {
    const auto driver = open_sqlite_driver(path);
    ASSERT_TRUE((*driver)->run_script(std::string(*embedded("store/schema/0001_mentions.sql"))));
    ASSERT_TRUE(
        (*driver)->run_script("pragma application_id = 1986619241; pragma user_version = 1;"
                              "insert into mentions (seq, ingested, event, exact, near, content, original, history, "
                              "deleted, edited, brands, label, p_neg, p_neu, "
                              "p_pos, unsure, lang, themes, cues, drivers, model, source, ext_id, url, kind, "
                              "author_id, author_name, author_handle, declared_lang, "
                              "parent, thread, place, version, late_zone, title, text) "
                              "values (1, 5, 5, 0, 0, 0, 0, 0, 0, 0, 'acme', 'neu', 0, 1, 0, 0, 'fr', '', '', '[]', "
                              "'m', 'hn', '1', '', 'post', '', '', '', '', "
                              "'', '', '', '', 0, '', 'colis égaré')"));
  }

  const auto store = open_store(url_of(path));

  EXPECT_EQ(store->count_mentions(), 1);
  EXPECT_THAT(ids(store->mentions({.search = "egare"})), ElementsAre("1"));
  EXPECT_TRUE(store->commit_watch({}));
  EXPECT_EQ(commit(*store, batch_of({judged("2", "deux")})).last_seq, 2);
}

// `label in ('neg', 'neu', 'pos')` in the schema would build a table of three rows for every mention: a quarter of the
// work.
TEST(Schema, ChecksAMentionWithoutBuildingTablesForIt) {
  const auto driver = open_sqlite_driver(":memory:");
  ASSERT_TRUE(migrate_sqlite(**driver, "memory"));

  const auto plan = (*driver)->prepare(
      concat("explain insert into mentions (", kMentionColumns, ") values (", mention_placeholders(), ")"));
  std::vector<std::string> steps;
  while ((*plan)->step().value()) steps.emplace_back((*plan)->text(1));

  EXPECT_THAT(steps, Contains("Insert"));
  EXPECT_THAT(steps, Not(Contains("OpenEphemeral")));
}

TEST(Opening, FindsEverythingAgain) {
  const TempDir dir;
  const std::string url = url_of(dir.file("vigie.db"));
  {
    const auto store = open_store(url);
    commit(*store, batch_of({judged("1", "un"), judged("2", "deux")}));
  }

  const auto store = open_store(url);

  EXPECT_EQ(store->count_mentions(), 2);
  EXPECT_EQ(commit(*store, batch_of({judged("3", "trois")})).last_seq, 3);
}

TEST(FullDisk, RefusesTheBatchWholeAndTakesItOnceThereIsRoom) {
  const TempDir dir;
  auto driver = open_sqlite_driver(dir.file("vigie.db"));
  ASSERT_TRUE(migrate_sqlite(**driver, "vigie.db"));
  Driver& disk = **driver;
  SqlStore store(*std::move(driver));
  ASSERT_TRUE(disk.run_script("pragma max_page_count = 60"));
  std::vector<Judged> mentions;
  mentions.reserve(500);
  for (int i = 0; i < 500; ++i)
    mentions.push_back(judged(std::to_string(i), concat(std::string(1000, 'x'), std::to_string(i))));

  const auto refused_batch = store.commit(batch_of(mentions));
  const auto count_while_full = store.count_mentions();
  ASSERT_TRUE(disk.run_script("pragma max_page_count = 100000"));
  const auto taken = store.commit(batch_of(mentions));

  ASSERT_FALSE(refused_batch);
  EXPECT_EQ(refused_batch.error().kind, ErrorKind::transient);
  EXPECT_THAT(refused_batch.error().what, HasSubstr("vigie.db: disk full"));
  EXPECT_EQ(count_while_full, 0);
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_EQ(taken->added, 500);
  EXPECT_EQ(taken->copies, 0);
}

}  // namespace
}  // namespace vigie
