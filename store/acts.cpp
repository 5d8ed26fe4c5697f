// What people do with incidents.

#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {
namespace {

constexpr std::string_view kColumns = "number, id, incident, kind, by, reason, value, at, outcome";

Result<Act> read_act(const Statement& statement) {
  Columns row(statement);
  Act act;
  act.number = row.integer();
  act.id = row.text();
  act.incident = row.text();
  const std::string kind = row.text();
  const std::optional<ActKind> known = act_from(kind);
  if (!known) return fail(ErrorKind::bug, concat("acts: expected the kind of an act, found \"", kind, "\""));
  act.kind = *known;
  act.by = row.text();
  act.reason = row.text();
  act.value = row.text();
  act.at = row.time();
  act.outcome = row.text();
  return act;
}

Result<std::vector<Act>> read_all(Statement& query) {
  std::vector<Act> found;
  for (;;) {
    TRY(const bool more, query.step());
    if (!more) return found;
    TRY(Act act, read_act(query));
    found.push_back(std::move(act));
  }
}

}  // namespace

Result<bool> SqlStore::add_act(const Act& act) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(const std::optional<Incident> known, incident(act.incident));
  if (!known) return fail(ErrorKind::gone, concat("there is no incident ", act.incident));
  TRY(const Query query,
      driver_->prepare("insert into acts (id, incident, kind, by, reason, value, at) values (?, ?, ?, ?, ?, ?, ?) "
                       "on conflict (id) do nothing"));
  Parameters(*query)
      .text(act.id)
      .text(act.incident)
      .text(to_text(act.kind))
      .text(act.by)
      .text(act.reason)
      .text(act.value)
      .time(act.at);
  TRY(query->step());
  const bool fresh = driver_->changes() == 1;
  query->reset();
  TRY(transaction.commit());
  return fresh;
}

Result<std::vector<Act>> SqlStore::acts(const std::string& incident_id) {
  TRY(const Query query, driver_->prepare(concat("select ", kColumns, " from acts where incident = ? order by number")));
  query->bind_text(1, incident_id);
  return read_all(*query);
}

Result<std::vector<Act>> SqlStore::acts_after(std::int64_t number) {
  TRY(const Query query, driver_->prepare(concat("select ", kColumns, " from acts where number > ? order by number")));
  query->bind_integer(1, number);
  return read_all(*query);
}

Result<std::optional<Act>> SqlStore::act(const std::string& id) {
  TRY(const Query query, driver_->prepare(concat("select ", kColumns, " from acts where id = ?")));
  query->bind_text(1, id);
  TRY(const std::vector<Act> found, read_all(*query));
  return found.empty() ? std::optional<Act>() : std::optional(found.front());
}

Result<bool> SqlStore::subscribed(const std::string& endpoint, const std::string& brand) {
  TRY(const Query query, driver_->prepare("select 1 from unsubscribed where endpoint = ? and brand = ?"));
  Parameters(*query).text(endpoint).text(brand);
  TRY(const bool left, query->step());
  return !left;
}

Result<void> SqlStore::set_subscribed(const std::string& endpoint, const std::string& brand, bool wanted,
                                      const std::string& by, Time at) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  if (wanted) {
    TRY(const Query query, driver_->prepare("delete from unsubscribed where endpoint = ? and brand = ?"));
    Parameters(*query).text(endpoint).text(brand);
    TRY(query->step());
  } else {
    TRY(const Query query, driver_->prepare("insert into unsubscribed (endpoint, brand, by, at) values (?, ?, ?, ?) "
                                            "on conflict (endpoint, brand) do nothing"));
    Parameters(*query).text(endpoint).text(brand).text(by).time(at);
    TRY(query->step());
  }
  return transaction.commit();
}

}  // namespace vigie
