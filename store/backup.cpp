#include "store/backup.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/secret.h"
#include "store/sqlite.h"
#include "store/sqlite_error.h"

namespace vigie {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kScheme = "sqlite:";

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

Error error_of(sqlite3* database, const std::string& name, int code) {
  return sqlite_error(name, code, database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code));
}

Result<Database> open(const std::string& path, int flags) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Database database(raw);
  if (code != SQLITE_OK) return fail(error_of(raw, path, code));
  sqlite3_busy_timeout(raw, 10'000);
  return database;
}

Result<void> run(sqlite3* database, const std::string& name, const std::string& sql) {
  const int code = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(error_of(database, name, code));
  return {};
}

Result<std::string> read_text(sqlite3* database, const std::string& name, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr);
  std::string text;
  if (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    if (bytes != nullptr) text = bytes;
    code = SQLITE_OK;
  }
  sqlite3_finalize(statement);
  if (code != SQLITE_OK && code != SQLITE_DONE) return fail(error_of(database, name, code));
  return text;
}

std::string quoted(const std::string& path) {
  std::string out = "'";
  for (const char c : path) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

Result<void> copy_pages(sqlite3* from, sqlite3* to, const std::string& name) {
  sqlite3_backup* const backup = sqlite3_backup_init(to, "main", from, "main");
  if (backup == nullptr) return fail(error_of(to, name, sqlite3_errcode(to)));
  sqlite3_backup_step(backup, -1);  // one read transaction: one moment, and no writer waits for it
  const int code = sqlite3_backup_finish(backup);
  if (code != SQLITE_OK) return fail(error_of(to, name, code));
  return {};
}

// SQLite makes files with the umask's mode.
Result<void> create(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return fail(ErrorKind::bad_data, concat(path, ": cannot be made (", std::strerror(errno), ")"));
  ::close(file);
  return {};
}

Result<void> sync(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!done) return fail(ErrorKind::transient, concat(path, ": did not reach the disk (", std::strerror(errno), ")"));
  return {};
}

Result<void> not_there(const std::string& path, std::string_view what) {
  if (!fs::exists(path)) return {};
  return fail(ErrorKind::bad_data, concat(path, " exists; ", what));
}

// Keys out of the copy into a file of their own. Both carry the same mark, so that one moment's are put together again.
Result<void> part(sqlite3* copy, const std::string& name, const std::string& keys) {
  const std::string mark = quoted(to_hex(random_bytes(16)));
  TRY(run(copy, name, concat("pragma journal_mode = delete; attach ", quoted(keys), " as apart")));
  TRY(run(
      copy, name,
      concat("begin; create table apart.review_keys as select * from main.review_keys; create table apart.backup (mark "
             "text not null); insert into apart.backup values (",
             mark, "); delete from main.review_keys; insert or replace into main.settings values ('backup', ", mark,
             "); commit")));
  return run(copy, name, "detach apart; vacuum");  // the keys leave the copy's free pages
}

Result<std::string> path_of(const std::string& url) {
  if (!url.starts_with(kScheme)) return fail(ErrorKind::bad_config, concat("store: expected sqlite:PATH, found ", url));
  return url.substr(kScheme.size());
}

// Takes what was begun away again.
class Beginning {
 public:
  explicit Beginning(std::string path) : path_(std::move(path)) {}
  Beginning(const Beginning&) = delete;
  Beginning& operator=(const Beginning&) = delete;
  ~Beginning() {
    std::error_code ignored;
    for (const char* end : {"", "-journal", "-wal", "-shm"}) fs::remove(path_ + end, ignored);
  }
  const std::string& path() const { return path_; }
  Result<void> becomes(const std::string& name) const {
    TRY(sync(path_));
    std::error_code error;
    fs::rename(path_, name, error);
    if (error) return fail(ErrorKind::denied, concat(name, ": cannot be put in place (", error.message(), ")"));
    const fs::path parent = fs::path(name).parent_path();
    return sync(parent.empty() ? "." : parent.string());
  }

 private:
  const std::string path_;
};

}  // namespace

Result<void> back_up_sqlite(const std::string& url, const BackupFiles& to) {
  TRY(const std::string path, path_of(url));
  for (const std::string& name : {to.data, to.keys}) TRY(not_there(name, "name another file for the backup"));
  const Beginning data(to.data + ".part"), keys(to.keys + ".part");
  for (const Beginning* file : {&data, &keys}) TRY(create(file->path()));
  TRY(const Database from, open(path, SQLITE_OPEN_READWRITE));
  {
    TRY(const Database copy, open(data.path(), SQLITE_OPEN_READWRITE));
    TRY(copy_pages(from.get(), copy.get(), to.data));
    TRY(part(copy.get(), to.data, keys.path()));
  }
  TRY(keys.becomes(to.keys));
  return data.becomes(to.data);
}

Result<void> restore_sqlite(const BackupFiles& from, const std::string& url) {
  TRY(const std::string path, path_of(url));
  for (const char* end : {"", "-wal", "-shm"})
    TRY(not_there(path + end, "stop vigie and move it away first; restoring never writes over a database"));
  for (const std::string& name : {from.data, from.keys}) {
    if (!fs::exists(name)) return fail(ErrorKind::bad_data, concat(name, ": there is no such file"));
  }
  const Beginning restored(path + ".restored");
  TRY(create(restored.path()));
  {
    TRY(const Database data, open(from.data, SQLITE_OPEN_READONLY));
    TRY(const Database copy, open(restored.path(), SQLITE_OPEN_READWRITE));
    TRY(copy_pages(data.get(), copy.get(), from.data));
    TRY(run(copy.get(), from.data, concat("attach ", quoted(from.keys), " as apart")));
    TRY(const std::string mine, read_text(copy.get(), from.data, "select value from settings where key = 'backup'"));
    TRY(const std::string theirs, read_text(copy.get(), from.keys, "select mark from apart.backup"));
    if (mine.empty() || mine != theirs)
      return fail(ErrorKind::bad_data, concat(from.data, " and ", from.keys, " are no backup of one moment"));
    TRY(run(
        copy.get(), from.data,
        "begin; insert into main.review_keys select * from apart.review_keys; delete from main.settings where key = "
        "'backup'; commit; detach apart"));
  }
  return restored.becomes(path);
}

}  // namespace vigie
