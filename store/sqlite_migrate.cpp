// From whatever schema version the file has to the newest: store/schema/NNNN_name.sql, in order, each in one
// transaction.

#include <sqlite3.h>

#include <charconv>

#include "base/embedded.h"
#include "store/sqlite.h"

namespace vigie {
namespace {

constexpr std::string_view kFolder = "store/schema/";
constexpr int kPause = 10, kPatience = 10'000;     // milliseconds
constexpr std::int64_t kApplication = 0x76696769;  // "vigi"

struct Step {
  int version = 0;
  std::string_view sql;
};

std::vector<Step> steps() {
  std::vector<Step> found;
  for (const EmbeddedFile& file : embedded_under(kFolder)) {
    const std::string_view name = file.path.substr(kFolder.size());
    Step step{0, file.bytes};
    std::from_chars(name.data(), name.data() + name.size(), step.version);
    found.push_back(step);
  }
  return found;
}

Result<std::int64_t> number(Driver& driver, std::string_view sql) {
  TRY(const Query query, driver.prepare(sql));
  TRY(query->step());
  return query->integer(0);
}

Result<std::int64_t> version_of(Driver& driver) { return number(driver, "pragma user_version"); }

// Before anything is written: another program's database must stay as it is.
Result<void> check_ours(Driver& driver, const std::string& name, std::int64_t newest) {
  // In this order: another process that is making the database sets both in one transaction, and tables without the id
  // would be a stranger's.
  TRY(const std::int64_t tables, number(driver, "select count(*) from sqlite_schema"));
  TRY(const std::int64_t application, number(driver, "pragma application_id"));
  const bool fresh = application == 0 && tables == 0;
  if (application != kApplication && !fresh) {
    return fail(ErrorKind::bad_config,
                concat(name, ": a database of another application; name another file, vigie creates it"));
  }
  TRY(const std::int64_t version, version_of(driver));
  if (version > newest) {
    return fail(ErrorKind::bad_config,
                concat(name, " was written by a newer version (schema ", std::to_string(version), ", this one knows ",
                       std::to_string(newest), "); install that version or restore a backup"));
  }
  return {};
}

// Changing the mode asks for a lock that SQLite does not wait for: of several that open a new database together, one
// gets it and the others are told at once that it is busy.
Result<void> write_ahead(Driver& driver) {
  for (int waited = 0;; waited += kPause) {
    Result<void> changed = driver.run_script("pragma journal_mode = wal");
    if (changed || changed.error().kind != ErrorKind::transient || waited >= kPatience) return changed;
    sqlite3_sleep(kPause);
  }
}

Result<void> apply(Driver& driver, const Step& step) {
  TRY(Transaction transaction, Transaction::begin(driver, Durability::power));
  TRY(const std::int64_t version, version_of(driver));
  if (version >= step.version) return {};  // another process was quicker
  TRY(driver.run_script(std::string(step.sql)));
  TRY(driver.run_script(concat("pragma application_id = ", std::to_string(kApplication),
                               "; pragma user_version = ", std::to_string(step.version))));
  return transaction.commit();
}

}  // namespace

Result<void> migrate_sqlite(Driver& driver, const std::string& name) {
  const std::vector<Step> all = steps();
  if (all.empty()) return fail(ErrorKind::bug, "no schema is built into this program");
  TRY(check_ours(driver, name, all.back().version));
  // The log is kept small enough to be read quickly after a crash, large enough that a page written often is copied
  // back seldom.
  TRY(write_ahead(driver));
  TRY(driver.run_script("pragma wal_autocheckpoint = 4000; pragma journal_size_limit = 67108864"));
  for (const Step& step : all) {
    TRY(apply(driver, step));
  }
  return {};
}

}  // namespace vigie
