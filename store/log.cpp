// The transparency log: entries, the head that may be signed, checkpoints, cosignatures.

#include "base/secret.h"
#include "store/log_leaves.h"
#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {
namespace {

constexpr std::int64_t kPlacesOfAWall = std::int64_t{1} << 40;
constexpr std::size_t kMostBytes = 65'535;
constexpr int kMostRead = 10'000;

struct WallRow {
  std::int64_t number = 0;  // 0: nothing was logged yet
  LogState state{};
};

Result<WallRow> read_wall(Driver& driver, std::string_view wall) {
  TRY(const Query query,
      driver.prepare("select number, size, time, promised_size, promised_root from log_walls where wall = ?"));
  query->bind_text(1, wall);
  TRY(const bool found, query->step());
  WallRow row;
  if (!found) return row;
  Columns columns(*query);
  row.number = columns.integer();
  row.state.size = columns.integer();
  row.state.time = columns.integer();
  row.state.promised.size = columns.integer();
  row.state.promised.root = columns.text();
  return row;
}

Result<WallRow> begin_wall(Driver& driver, std::string_view wall) {
  TRY(WallRow row, read_wall(driver, wall));
  if (row.number != 0) return row;
  TRY(const Query insert, driver.prepare("insert into log_walls (wall) values (?)"));
  insert->bind_text(1, wall);
  TRY(insert->step());
  return read_wall(driver, wall);
}

Result<std::optional<std::int64_t>> marked(Driver& driver, std::int64_t wall, std::string_view mark) {
  TRY(const Query query, driver.prepare("select idx from log_once where wall = ? and mark = ?"));
  Parameters(*query).integer(wall).text(mark);
  TRY(const bool found, query->step());
  return found ? std::optional(query->integer(0)) : std::nullopt;
}

// One transaction's entries.
class Appender {
 public:
  Appender(Driver& driver, WallRow row) : driver_(driver), row_(std::move(row)) {}

  Result<void> begin() {
    TRY(insert_, driver_.prepare("insert into log_leaves (place, bytes, hash) values (?, ?, ?)"));
    return {};
  }

  Result<AppendedLeaf> append(const LeafToAppend& leaf) {
    if (!leaf.once.empty()) {
      TRY(const std::optional<std::int64_t> known, marked(driver_, row_.number, leaf.once));
      if (known) return AppendedLeaf{*known, false};
    }
    const std::int64_t index = row_.state.size;
    TRY(const NewLeaf entry, leaf.write({index, row_.state.time}));
    TRY(check(entry, index));
    const std::string hash = sha256(concat(std::string_view("\0", 1), entry.bytes));
    Parameters(*insert_).integer(row_.number * kPlacesOfAWall + index).blob(entry.bytes).blob(hash);
    TRY(insert_->step());
    insert_->reset();
    if (!leaf.once.empty()) TRY(mark(leaf.once, index));
    row_.state.time = entry.time;
    ++row_.state.size;
    return AppendedLeaf{index, true};
  }

  Result<void> finish() {
    TRY(const Query query, driver_.prepare("update log_walls set size = ?, time = ? where number = ?"));
    Parameters(*query).integer(row_.state.size).integer(row_.state.time).integer(row_.number);
    TRY(query->step());
    return {};
  }

 private:
  Result<void> check(const NewLeaf& entry, std::int64_t index) const {
    const std::string where = concat("entry ", std::to_string(index), " of the log: ");
    if (entry.bytes.empty() || entry.bytes.size() > kMostBytes) {
      return fail(ErrorKind::bad_data,
                  concat(where, "expected 1 to 65,535 bytes, found ", std::to_string(entry.bytes.size())));
    }
    if (entry.time < row_.state.time)
      return fail(ErrorKind::bad_data, concat(where, "its time lies before the one above it"));
    if (index + 1 >= kPlacesOfAWall) return fail(ErrorKind::bug, concat(where, "a log this long was never foreseen"));
    return {};
  }

  Result<void> mark(std::string_view once, std::int64_t index) {
    TRY(const Query query, driver_.prepare("insert into log_once (wall, mark, idx) values (?, ?, ?)"));
    Parameters(*query).integer(row_.number).text(once).integer(index);
    TRY(query->step());
    return {};
  }

  Driver& driver_;
  WallRow row_;
  Query insert_;
};

Result<std::vector<StoredCheckpoint>> read_checkpoints(Statement& query) {
  std::vector<StoredCheckpoint> found;
  for (;;) {
    TRY(const bool more, query.step());
    if (!more) return found;
    Columns row(query);
    StoredCheckpoint& checkpoint = found.emplace_back();
    checkpoint.size = row.integer();
    checkpoint.at = row.time();
    checkpoint.note = row.text();
  }
}

}  // namespace

Result<std::vector<AppendedLeaf>> append_to_log(Driver& driver, const std::string& wall,
                                                const std::vector<LeafToAppend>& leaves) {
  TRY(WallRow row, begin_wall(driver, wall));
  Appender appender(driver, std::move(row));
  TRY(appender.begin());
  std::vector<AppendedLeaf> appended;
  appended.reserve(leaves.size());
  for (const LeafToAppend& leaf : leaves) {
    TRY(const AppendedLeaf one, appender.append(leaf));
    appended.push_back(one);
  }
  TRY(appender.finish());
  return appended;
}

Result<std::vector<AppendedLeaf>> SqlStore::append_leaves(const std::string& wall,
                                                          const std::vector<LeafToAppend>& leaves) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(std::vector<AppendedLeaf> appended, append_to_log(*driver_, wall, leaves));
  TRY(transaction.commit());
  return appended;
}

Result<LogState> SqlStore::log_state(const std::string& wall) {
  TRY(WallRow row, read_wall(*driver_, wall));
  return std::move(row.state);
}

Result<std::vector<std::string>> SqlStore::logged_walls() {
  TRY(const Query query, driver_->prepare("select wall from log_walls order by number"));
  std::vector<std::string> walls;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return walls;
    walls.emplace_back(query->text(0));
  }
}

Result<std::vector<LoggedLeaf>> SqlStore::leaves(const std::string& wall, std::int64_t from, int limit) {
  TRY(const WallRow row, read_wall(*driver_, wall));
  std::vector<LoggedLeaf> found;
  if (row.number == 0 || from < 0 || from >= kPlacesOfAWall) return found;
  const std::int64_t first = row.number * kPlacesOfAWall, end = first + kPlacesOfAWall;
  TRY(const Query query,
      driver_->prepare(
          "select place, bytes, hash from log_leaves where place >= ? and place < ? order by place limit ?"));
  Parameters(*query).integer(first + from).integer(end).integer(std::clamp(limit, 0, kMostRead));
  found.reserve(static_cast<std::size_t>(std::clamp(limit, 0, kMostRead)));
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    Columns columns(*query);
    LoggedLeaf& leaf = found.emplace_back();
    leaf.index = columns.integer() - first;
    leaf.bytes = columns.text();
    leaf.hash = columns.text();
  }
}

Result<std::optional<std::int64_t>> SqlStore::leaf_marked(const std::string& wall, const std::string& once) {
  TRY(const WallRow row, read_wall(*driver_, wall));
  return marked(*driver_, row.number, once);
}

Result<void> SqlStore::promise_head(const std::string& wall, const LogHead& from, const LogHead& to) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(const WallRow row, read_wall(*driver_, wall));
  if (row.state.promised != from) {
    return fail(ErrorKind::denied,
                concat("the log of ", wall, " was signed meanwhile up to ", std::to_string(row.state.promised.size),
                       ": another process publishes it; stop one of them"));
  }
  const bool extends = to.size > from.size || to == from;
  if (row.number == 0 || !extends || to.size > row.state.size) {
    return fail(ErrorKind::bug, concat("the log of ", wall, ": ", std::to_string(to.size), " leaves do not extend ",
                                       std::to_string(from.size)));
  }
  TRY(const Query query,
      driver_->prepare("update log_walls set promised_size = ?, promised_root = ? where number = ?"));
  Parameters(*query).integer(to.size).blob(to.root).integer(row.number);
  TRY(query->step());
  return transaction.commit();
}

Result<void> SqlStore::save_checkpoint(const std::string& wall, const StoredCheckpoint& checkpoint) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(const WallRow row, read_wall(*driver_, wall));
  TRY(const Query query, driver_->prepare("insert into log_checkpoints (wall, size, at, note) values (?, ?, ?, ?) on "
                                          "conflict (wall, size) do update set note = excluded.note"));
  Parameters(*query).integer(row.number).integer(checkpoint.size).time(checkpoint.at).text(checkpoint.note);
  TRY(query->step());
  return transaction.commit();
}

Result<std::optional<StoredCheckpoint>> SqlStore::last_checkpoint(const std::string& wall) {
  TRY(const WallRow row, read_wall(*driver_, wall));
  TRY(const Query query,
      driver_->prepare("select size, at, note from log_checkpoints where wall = ? order by size desc limit 1"));
  query->bind_integer(1, row.number);
  TRY(const std::vector<StoredCheckpoint> found, read_checkpoints(*query));
  return found.empty() ? std::nullopt : std::optional(found.front());
}

Result<std::optional<StoredCheckpoint>> SqlStore::checkpoint_of(const std::string& wall, std::int64_t size) {
  TRY(const WallRow row, read_wall(*driver_, wall));
  TRY(const Query query, driver_->prepare("select size, at, note from log_checkpoints where wall = ? and size = ?"));
  Parameters(*query).integer(row.number).integer(size);
  TRY(const std::vector<StoredCheckpoint> found, read_checkpoints(*query));
  return found.empty() ? std::nullopt : std::optional(found.front());
}

Result<void> SqlStore::save_cosignature(const std::string& wall, const StoredCosignature& cosignature) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(const WallRow row, read_wall(*driver_, wall));
  TRY(const Query query, driver_->prepare("insert into log_cosignatures (wall, size, witness, at, line) values (?, ?, "
                                          "?, ?, ?) on conflict (wall, size, witness) do nothing"));
  Parameters(*query)
      .integer(row.number)
      .integer(cosignature.size)
      .text(cosignature.witness)
      .time(cosignature.at)
      .text(cosignature.line);
  TRY(query->step());
  return transaction.commit();
}

Result<std::vector<StoredCosignature>> SqlStore::cosignatures(const std::string& wall, std::int64_t size) {
  TRY(const WallRow row, read_wall(*driver_, wall));
  TRY(const Query query,
      driver_->prepare(
          "select size, witness, at, line from log_cosignatures where wall = ? and size = ? order by at, witness"));
  Parameters(*query).integer(row.number).integer(size);
  std::vector<StoredCosignature> found;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    Columns columns(*query);
    StoredCosignature& cosignature = found.emplace_back();
    cosignature.size = columns.integer();
    cosignature.witness = columns.text();
    cosignature.at = columns.time();
    cosignature.line = columns.text();
  }
}

Result<std::int64_t> SqlStore::cosigned_size(const std::string& wall, const std::string& witness) {
  TRY(const WallRow row, read_wall(*driver_, wall));
  TRY(const Query query,
      driver_->prepare("select coalesce(max(size), 0) from log_cosignatures where wall = ? and witness = ?"));
  Parameters(*query).integer(row.number).text(witness);
  TRY(query->step());
  return query->integer(0);
}

}  // namespace vigie
