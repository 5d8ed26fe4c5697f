// One SQLite connection behind store/driver.h: statements kept prepared, durability by transaction, words in FTS5.

#include "store/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "store/sqlite_error.h"
#include "store/sqlite_search.h"

namespace vigie {
namespace {

constexpr int kBusyMilliseconds = 10'000, kLookEveryMilliseconds = 1;
constexpr std::size_t kKeptPrepared = 160;  // searches and filters combine into many texts: more than these start anew

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(sqlite3_stmt* statement, const std::string& name) : statement_(statement), name_(name) {}
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;
  ~SqliteStatement() override { sqlite3_finalize(statement_); }

  void bind_null(int index) override { note(sqlite3_bind_null(statement_, index)); }
  void bind_integer(int index, std::int64_t value) override { note(sqlite3_bind_int64(statement_, index, value)); }
  void bind_real(int index, double value) override { note(sqlite3_bind_double(statement_, index, value)); }
  void bind_text(int index, std::string_view text) override {
    note(sqlite3_bind_text64(statement_, index, text.data() ? text.data() : "", text.size(), SQLITE_STATIC,
                             SQLITE_UTF8));
  }
  void bind_blob(int index, std::string_view bytes) override {
    note(sqlite3_bind_blob64(statement_, index, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_STATIC));
  }

  Result<bool> step() override {
    const int code = bound_ != SQLITE_OK ? bound_ : sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    sqlite3* database = sqlite3_db_handle(statement_);
    // Read before reset(): resetting clears nothing of it, but the next call would.
    Error error = sqlite_error(name_, code, bound_ != SQLITE_OK ? sqlite3_errstr(code) : sqlite3_errmsg(database));
    reset();
    return fail(std::move(error));
  }

  void reset() override {
    sqlite3_reset(statement_);
    bound_ = SQLITE_OK;
  }

  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  double real(int column) const override { return sqlite3_column_double(statement_, column); }
  std::string_view text(int column) const override {
    const void* bytes = sqlite3_column_blob(statement_, column);  // text and blobs alike, no conversion
    if (!bytes) return {};
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

  void release() override {
    reset();
    sqlite3_clear_bindings(statement_);  // lent text is about to go
    idle = true;
  }

  bool idle = true;

 private:
  void note(int code) {
    if (code != SQLITE_OK) bound_ = code;
  }

  sqlite3_stmt* statement_;
  const std::string& name_;
  int bound_ = SQLITE_OK;  // the first binding that failed: too big
};

class SqliteDriver final : public Driver {
 public:
  SqliteDriver(sqlite3* database, std::string name) : database_(database), name_(std::move(name)) {}
  SqliteDriver(const SqliteDriver&) = delete;
  SqliteDriver& operator=(const SqliteDriver&) = delete;
  ~SqliteDriver() override {
    kept_.clear();
    sqlite3_close_v2(database_);
  }

  Result<Query> prepare(std::string_view sql) override {
    const auto [first, last] = kept_.equal_range(sql);
    for (auto it = first; it != last; ++it) {
      if (it->second->idle) return take(*it->second);
    }
    if (kept_.size() >= kKeptPrepared) {
      std::erase_if(kept_, [](const auto& item) { return item.second->idle; });
    }
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
    if (code != SQLITE_OK) return fail(error(code));
    const auto added = kept_.emplace(std::string(sql), std::make_unique<SqliteStatement>(statement, name_));
    return take(*added->second);
  }

  Result<void> run_script(const std::string& sql) override {
    const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return fail(error(code));
    return {};
  }

  std::int64_t changes() const override { return sqlite3_changes64(database_); }

  Result<void> begin(Durability durability) override {
    if (durability != durability_) {  // the pragma does nothing inside a transaction
      TRY(run_script(durability == Durability::power ? "pragma synchronous = full" : "pragma synchronous = normal"));
      durability_ = durability;
    }
    return run("begin immediate");
  }

  Result<void> commit() override { return run("commit"); }

  void rollback() override {
    // A full disk makes SQLite roll back by itself: then there is nothing left to do.
    if (!sqlite3_get_autocommit(database_)) (void)run("rollback");
  }

  Result<void> add_words(std::int64_t seq, std::string_view title, std::string_view text) override {
    return words("insert into mention_words (rowid, title, text) values (?, ?, ?)", seq, title, text);
  }

  Result<void> remove_words(std::int64_t seq, std::string_view title, std::string_view text) override {
    return words("insert into mention_words (mention_words, rowid, title, text) values ('delete', ?, ?, ?)", seq, title,
                 text);
  }

  Result<std::string> search_expression(std::string_view words) override { return fts5_expression(database_, words); }

  std::string_view search_condition() const override {
    return "m.seq in (select rowid from mention_words where mention_words match ?)";
  }

  Result<void> tidy() override {
    TRY(run_script("pragma analysis_limit = 400; pragma optimize"));
    // Passive: takes what it can without making anyone wait.
    return run_script("pragma wal_checkpoint(passive)");
  }

  Result<std::int64_t> version() override {
    TRY(const Query query, prepare("pragma data_version"));
    TRY(query->step());
    return query->integer(0);
  }

  // FTS5 keeps a deleted word until its segments are merged, SQLite a deleted row until its page is written again, the
  // journal everything until it is cut. Merging goes in steps, so that others may write in between.
  Result<void> purge() override {
    TRY(merge_words());
    TRY(run_script("pragma temp_store = file"));  // a copy of the database may not fit into memory
    const Result<void> vacuumed = run_script("vacuum");
    TRY(run_script("pragma temp_store = memory"));
    TRY(vacuumed);
    return cut_journal();
  }

 private:
  static Query take(SqliteStatement& statement) {
    statement.idle = false;
    return Query(&statement);
  }

  Result<void> run(std::string_view sql) {
    TRY(const Query query, prepare(sql));
    TRY(query->step());
    return {};
  }

  Result<void> merge_words() {
    constexpr int kMostSteps = 100'000;
    for (int step = 0; step < kMostSteps; ++step) {
      TRY(Transaction transaction, Transaction::begin(*this, Durability::process));
      const std::int64_t before = sqlite3_total_changes64(database_);
      // Negative: all segments into one, so many pages at a time, the first call decides which.
      TRY(run(step == 0 ? "insert into mention_words (mention_words, rank) values ('merge', -500)"
                        : "insert into mention_words (mention_words, rank) values ('merge', 500)"));
      const std::int64_t changes = sqlite3_total_changes64(database_) - before;
      TRY(transaction.commit());
      if (changes < 2) return {};  // its own row alone: nothing was merged
    }
    return fail(ErrorKind::bug, concat(name_, ": the index of words does not come to an end of merging"));
  }

  Result<void> cut_journal() {
    TRY(const Query query, prepare("pragma wal_checkpoint(truncate)"));
    TRY(query->step());
    if (query->integer(0) == 0) return {};
    return fail(ErrorKind::transient, concat(name_, ": somebody reads what was before; the journal is cut later"));
  }

  Result<void> words(std::string_view sql, std::int64_t seq, std::string_view title, std::string_view text) {
    TRY(const Query query, prepare(sql));
    query->bind_integer(1, seq);
    query->bind_text(2, title);
    query->bind_text(3, text);
    TRY(query->step());
    return {};
  }

  Error error(int code) const { return sqlite_error(name_, code, sqlite3_errmsg(database_)); }

  sqlite3* database_;
  const std::string name_;
  Durability durability_ = Durability::process;
  std::multimap<std::string, std::unique_ptr<SqliteStatement>, std::less<>> kept_;
};

Error cannot_write(const std::string& path, int code) {
  if (code == ENOSPC) return {ErrorKind::transient, concat(path, ": disk full; free some space"), std::nullopt};
  return {ErrorKind::denied,
          concat(path, ": cannot be opened for writing (", std::strerror(code),
                 "); create its folder, or give vigie's user write access to it"),
          std::nullopt};
}

// Made here, for SQLite would take the umask's mode; the -wal and -shm files follow it. SQLite's locks are fcntl's, and
// closing any descriptor of a file drops those of the whole process: a file that may be open already is not opened
// again here, and the lock keeps other threads from opening the one that is being made.
Result<void> create_file(const std::string& path) {
  static std::mutex creating;
  const std::lock_guard lock(creating);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  if (errno != EEXIST) return fail(cannot_write(path, errno));
  if (::faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) != 0) return fail(cannot_write(path, errno));
  return {};
}

// WAL keeps two more files beside the database.
Result<void> check_folder(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0) return {};
  return fail(ErrorKind::denied, concat(path, ": its folder cannot be written (", std::strerror(errno),
                                        "); create it, or give vigie's user write access to it"));
}

// Settings of the connection that write nothing.
constexpr const char* kConnection =
    "pragma foreign_keys = on;"
    "pragma trusted_schema = off;"
    "pragma temp_store = memory;"
    "pragma secure_delete = fast;"
    "pragma cache_size = -16000;"        // KiB, a connection
    "pragma wal_autocheckpoint = 4000;"  // pages: inner pages that every batch changes are copied back less often
    "pragma synchronous = normal;";

// SQLite counts every allocation under a lock unless told not to before its first use; nobody reads the count.
void stop_counting_memory() {
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)once;
}

// While another connection writes. SQLite's own handler soon looks every 100 ms: whoever writes without pause then
// keeps the others out for seconds.
int look_again(void*, int looks) {
  sqlite3_sleep(kLookEveryMilliseconds);
  return looks < kBusyMilliseconds / kLookEveryMilliseconds ? 1 : 0;
}

}  // namespace

Result<std::unique_ptr<Driver>> open_sqlite_driver(const std::string& path) {
  stop_counting_memory();
  const bool in_memory = path == ":memory:";
  const std::string name = in_memory ? path : std::filesystem::path(path).filename().string();
  if (!in_memory) {
    TRY(check_folder(path));
    TRY(create_file(path));
  }
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  auto driver = std::make_unique<SqliteDriver>(database, name);
  if (code != SQLITE_OK) return fail(sqlite_error(name, code, sqlite3_errstr(code)));
  sqlite3_busy_handler(database, look_again, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  TRY(driver->run_script(kConnection));
  return driver;
}

}  // namespace vigie
