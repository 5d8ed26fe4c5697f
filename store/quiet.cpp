// Silences, budgets, and what waits for a digest.

#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {
namespace {

constexpr Duration kTriesLast = 4 * kDay;  // longer than any message is tried
constexpr Duration kHeldKept = 92 * kDay;  // in a digest long ago, or of a person who left
constexpr int kMostHeld = 1000;            // in one digest; the others come with the next

Result<std::vector<Silence>> read_silences(Statement& query) {
  std::vector<Silence> found;
  for (;;) {
    TRY(const bool more, query.step());
    if (!more) return found;
    TRY(Silence silence, silence_from_json(query.text(1)));
    silence.id = query.integer(0);
    found.push_back(std::move(silence));
  }
}

Result<void> put_buckets(Driver& driver, const std::map<std::string, std::string>& buckets) {
  TRY(const Query query, driver.prepare("insert into buckets (name, body) values (?, ?) "
                                        "on conflict (name) do update set body = excluded.body"));
  for (const auto& [name, body] : buckets) {
    Parameters(*query).text(name).text(body);
    TRY(query->step());
    query->reset();
  }
  return {};
}

HeldBack read_held(const Statement& statement) {
  Columns row(statement);
  HeldBack held;
  held.notification = row.text();
  held.person = row.text();
  held.endpoint = row.text();
  held.incident = row.text();
  held.brand = row.text();
  held.purpose = row.text();
  held.reason = row.text();
  held.severity = row.small();
  held.at = row.time();
  return held;
}

Result<void> take_held(Driver& driver, const DigestCommit& digest) {
  TRY(const Query query, driver.prepare("update held_back set digest = ? where notification = ? and digest is null"));
  for (const std::string& notification : digest.taken) {
    Parameters(*query).text(digest.subject).text(notification);
    TRY(query->step());
    query->reset();
  }
  TRY(const Query old, driver.prepare("delete from held_back where at < ?"));
  Parameters(*old).time(digest.told - kHeldKept);
  TRY(old->step());
  return {};
}

// What waits for a later moment is asked about now: whether something else still holds it is not the store's to know.
Result<void> ask_again(Driver& driver, Time now) {
  TRY(const Query query, driver.prepare("update notifications set held_until = ?1, wake = case when wake is null then null "
                                            "else ?1 end where state = 'held' and held_until > ?1"));
  Parameters(*query).time(now);
  TRY(query->step());
  return {};
}

}  // namespace

Result<std::int64_t> SqlStore::add_silence(const Silence& silence) {
  TRY(check(silence));
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  const std::string body = to_json(silence);
  TRY(const Query query, driver_->prepare("insert into silences (over_at, body) values (?, ?) returning id"));
  Parameters(*query).time(silence.over_at()).text(body);
  TRY(query->step());
  const std::int64_t id = query->integer(0);
  query->reset();
  TRY(transaction.commit());
  return id;
}

Result<std::optional<Silence>> SqlStore::silence(std::int64_t id) {
  TRY(const Query query, driver_->prepare("select id, body from silences where id = ?"));
  query->bind_integer(1, id);
  TRY(std::vector<Silence> found, read_silences(*query));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<bool> SqlStore::end_silence(std::int64_t id, const std::string& by, Time at) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(std::optional<Silence> ended, silence(id));
  if (!ended || ended->over_at() <= at) return false;
  ended->ended_by = by;
  ended->ended_at = at;
  const std::string body = to_json(*ended);
  TRY(const Query query, driver_->prepare("update silences set over_at = ?, body = ? where id = ?"));
  Parameters(*query).time(ended->over_at()).text(body).integer(id);
  TRY(query->step());
  TRY(ask_again(*driver_, at));
  TRY(transaction.commit());
  return true;
}

Result<std::vector<Silence>> SqlStore::silences(Time since) {
  TRY(const Query query, driver_->prepare("select id, body from silences where over_at > ? order by id"));
  Parameters(*query).time(since);
  return read_silences(*query);
}

Result<std::string> SqlStore::bucket(const std::string& name) {
  TRY(const Query query, driver_->prepare("select body from buckets where name = ?"));
  query->bind_text(1, name);
  TRY(const bool found, query->step());
  return found ? std::string(query->text(0)) : std::string();
}

Result<bool> SqlStore::was_counted(const std::string& notification) {
  TRY(const Query query, driver_->prepare("select 1 from passed where notification = ?"));
  query->bind_text(1, notification);
  return query->step();
}

Result<bool> SqlStore::count_passed(const std::string& notification, Time at, const std::vector<std::string>& buckets,
                                    const Spend& spend) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::process));
  TRY(const bool before, was_counted(notification));
  if (before) return true;
  std::map<std::string, std::string> bodies;
  for (const std::string& name : buckets) {
    TRY(bodies[name], bucket(name));
  }
  const std::optional<std::map<std::string, std::string>> spent = spend(bodies);
  if (!spent) return false;
  TRY(put_buckets(*driver_, *spent));
  TRY(const Query count, driver_->prepare("insert into passed (notification, at) values (?, ?)"));
  Parameters(*count).text(notification).time(at);
  TRY(count->step());
  TRY(const Query old, driver_->prepare("delete from passed where at < ?"));
  Parameters(*old).time(at - kTriesLast);
  TRY(old->step());
  TRY(transaction.commit());
  return true;
}

Result<void> SqlStore::hold_back(const HeldBack& held) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(const Query query,
      driver_->prepare("insert into held_back (notification, person, endpoint, incident, brand, purpose, reason, "
                       "severity, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing"));
  Parameters row(*query);
  row.text(held.notification).text(held.person).text(held.endpoint).text(held.incident).text(held.brand);
  row.text(held.purpose).text(held.reason).integer(held.severity).time(held.at);
  TRY(query->step());
  return transaction.commit();
}

Result<std::vector<HeldBack>> SqlStore::held_back(const std::string& person) {
  TRY(const Query query,
      driver_->prepare("select notification, person, endpoint, incident, brand, purpose, reason, severity, at "
                       "from held_back where person = ? and digest is null order by at, notification limit ?"));
  Parameters(*query).text(person).integer(kMostHeld);
  std::vector<HeldBack> found;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    found.push_back(read_held(*query));
  }
}

Result<std::optional<Time>> SqlStore::digest_told(const std::string& person) {
  TRY(const Query query, driver_->prepare("select told from digests where person = ?"));
  query->bind_text(1, person);
  TRY(const bool found, query->step());
  return found ? std::optional(from_epoch_micros(query->integer(0))) : std::nullopt;
}

Result<void> SqlStore::commit_digest(const DigestCommit& digest) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(insert_notifications(digest.notifications));
  TRY(take_held(*driver_, digest));
  TRY(const Query query, driver_->prepare("insert into digests (person, told) values (?, ?) on conflict (person) do "
                                          "update set told = max(told, excluded.told)"));
  Parameters(*query).text(digest.person).time(digest.told);
  TRY(query->step());
  return transaction.commit();
}

}  // namespace vigie
