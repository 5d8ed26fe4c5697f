// Bookmarks, health, tokens, labels, settings and housekeeping; opening a store by its URL.

#include "store/store.h"

#include <filesystem>

#include "store/hours.h"
#include "store/rows.h"
#include "store/sql_store.h"
#include "store/sqlite.h"

namespace vigie {
namespace {

constexpr std::string_view kScheme = "sqlite:";
constexpr Duration kAuthorsKept = 3 * kDay;
constexpr Duration kPaceKept = 60 * kDay;
constexpr Duration kSpendingKept = 400 * kDay;

Result<void> run_with(Driver& driver, std::string_view sql, std::string_view first, std::string_view second) {
  TRY(const Query query, driver.prepare(sql));
  Parameters(*query).text(first).text(second);
  TRY(query->step());
  return {};
}

Result<std::string> one_text(Driver& driver, std::string_view sql, std::string_view key) {
  TRY(const Query query, driver.prepare(sql));
  query->bind_text(1, key);
  TRY(const bool found, query->step());
  return found ? std::string(query->text(0)) : std::string();
}

Result<void> forget_before(Driver& driver, std::string_view sql, Time before) {
  TRY(const Query query, driver.prepare(sql));
  Parameters(*query).time(before);
  TRY(query->step());
  return {};
}

SourceHealth read_health(const Statement& query) {
  Columns row(query);
  SourceHealth health;
  health.source = row.text();
  health.state = row.text();
  health.last_try = row.time_or_null();
  health.last_success = row.time_or_null();
  health.next_try = row.time_or_null();
  health.failures = row.small();
  health.polls = row.integer();
  health.error = row.text();
  health.mentions = row.integer();
  health.rejected = row.integer();
  health.last_item = row.time_or_null();
  health.newest_event = row.time_or_null();
  health.failing_since = row.time_or_null();
  health.notices = row.text();
  return health;
}

}  // namespace

Result<Cursor> SqlStore::cursor(const std::string& source) {
  TRY(std::string value, one_text(*driver_, "select value from cursors where source = ?", source));
  return Cursor{std::move(value)};
}

Result<void> SqlStore::save_cursor(const std::string& source, const Cursor& cursor) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(run_with(
      *driver_,
      "insert into cursors (source, value) values (?, ?) on conflict (source) do update set value = excluded.value",
      source, cursor.value));
  return transaction.commit();
}

Result<void> SqlStore::save_health(const SourceHealth& health) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::process));
  TRY(const Query query,
      driver_->prepare(
          "insert into sources (source, state, last_try, last_success, next_try, failures, polls, error, "
          "failing_since, "
          "notices) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (source) do update set state = excluded.state, "
          "last_try = excluded.last_try, last_success = excluded.last_success, next_try = excluded.next_try, "
          "failures = excluded.failures, polls = excluded.polls, error = excluded.error, "
          "failing_since = excluded.failing_since, notices = excluded.notices"));
  Parameters row(*query);
  row.text(health.source).text(health.state).time_or_null(health.last_try).time_or_null(health.last_success);
  row.time_or_null(health.next_try).integer(health.failures).integer(health.polls).text(health.error);
  row.time_or_null(health.failing_since).text(health.notices);
  TRY(query->step());
  return transaction.commit();
}

Result<std::vector<SourceHealth>> SqlStore::sources() {
  TRY(const Query query,
      driver_->prepare("select source, state, last_try, last_success, next_try, failures, polls, error, mentions, "
                       "rejected, last_item, newest_event, failing_since, notices from sources order by source"));
  std::vector<SourceHealth> found;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    found.push_back(read_health(*query));
  }
}

Result<CommitSummary> SqlStore::commit(const JudgedBatch& batch) { return committer_.commit(batch); }

Result<void> SqlStore::save_token(const std::string& hash, const std::string& purpose, Time expires) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(const Query query, driver_->prepare("insert into tokens (hash, purpose, expires) values (?, ?, ?) "
                                          "on conflict (hash, purpose) do update set expires = excluded.expires"));
  Parameters(*query).text(hash).text(purpose).time(expires);
  TRY(query->step());
  return transaction.commit();
}

Result<bool> SqlStore::use_token(const std::string& hash, const std::string& purpose, Time now, bool once) {
  if (!once) {
    TRY(const Query query, driver_->prepare("select 1 from tokens where hash = ? and purpose = ? and expires > ?"));
    Parameters(*query).text(hash).text(purpose).time(now);
    return query->step();
  }
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(const Query query, driver_->prepare("delete from tokens where hash = ? and purpose = ? and expires > ?"));
  Parameters(*query).text(hash).text(purpose).time(now);
  TRY(query->step());
  const bool valid = driver_->changes() == 1;
  TRY(transaction.commit());
  return valid;
}

Result<void> SqlStore::tidy(Time now) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::process));
  TRY(const Query tokens, driver_->prepare("delete from tokens where expires <= ?"));
  Parameters(*tokens).time(now);
  TRY(tokens->step());
  TRY(forget_hour_authors(*driver_, now - kAuthorsKept));
  TRY(forget_before(*driver_, "delete from arrivals where day < ?", now - kPaceKept));
  TRY(forget_before(*driver_, "delete from spending where period < ?", now - kSpendingKept));
  TRY(forget_before(*driver_, "delete from hurried where until < ?", now));
  // A broken source must not fill the disk with what it broke: its newest 10,000 records are enough to see why.
  TRY(const Query refused,
      driver_->prepare("delete from rejected where id in (select id from (select id, row_number() over "
                       "(partition by source order by at desc, id desc) as place from rejected) as ranked "
                       "where place > 10000)"));
  TRY(refused->step());
  TRY(transaction.commit());
  committer_.forget_quiet(now - kCopyWindow);
  return driver_->tidy();
}

Result<std::string> SqlStore::get_setting(const std::string& key) {
  return one_text(*driver_, "select value from settings where key = ?", key);
}

Result<void> SqlStore::set_setting(const std::string& key, const std::string& value) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(run_with(*driver_,
               "insert into settings (key, value) values (?, ?) on conflict (key) do update set value = excluded.value",
               key, value));
  return transaction.commit();
}

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& url) {
  if (!url.starts_with(kScheme) || url.size() == kScheme.size()) {
    return fail(ErrorKind::bad_config, concat("store: expected \"sqlite:FILE\", found \"", url, "\""));
  }
  const std::string path = url.substr(kScheme.size());
  TRY(std::unique_ptr<Driver> driver, open_sqlite_driver(path));
  TRY(migrate_sqlite(*driver, std::filesystem::path(path).filename().string()));
  return std::make_unique<SqlStore>(std::move(driver));
}

}  // namespace vigie
