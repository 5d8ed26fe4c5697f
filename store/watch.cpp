// What the watch remembers and decides: its place, incidents, their history, signals, and the messages owed with them.

#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {
namespace {

constexpr int kMostIncidents = 1000;

bool is_over(const Incident& incident) {
  return incident.state == IncidentState::closed || incident.state == IncidentState::discarded;
}

Result<void> put_incident(Driver& driver, const Incident& incident) {
  const std::string body = to_json(incident);
  TRY(const Query query,
      driver.prepare("insert into incidents (id, brand, kind, state, opened, body) values (?, ?, ?, ?, ?, ?) "
                     "on conflict (id) do update set brand = excluded.brand, kind = excluded.kind, "
                     "state = excluded.state, opened = excluded.opened, body = excluded.body"));
  Parameters row(*query);
  row.text(incident.id)
      .text(incident.brand)
      .text(incident.kind)
      .text(to_text(incident.state))
      .time(incident.opened)
      .text(body);
  TRY(query->step());
  return {};
}

// Those that end first: at most one story per brand and kind may be going on, in the middle of a transaction too.
Result<void> put_incidents(Driver& driver, const std::vector<Incident>& incidents) {
  for (const bool over : {true, false}) {
    for (const Incident& incident : incidents) {
      if (is_over(incident) != over) continue;
      TRY(put_incident(driver, incident));
    }
  }
  return {};
}

Result<void> put_transitions(Driver& driver, const std::vector<std::pair<std::string, Transition>>& transitions) {
  TRY(const Query query, driver.prepare(concat("insert into transitions (incident, ", kTransitionColumns,
                                               ") values (?, ?, ?, ?, ?, ?, ?, ?)")));
  for (const auto& [incident, transition] : transitions) {
    bind_transition(*query, incident, transition);
    TRY(query->step());
    query->reset();
  }
  return {};
}

Result<void> put_signals(Driver& driver, const std::vector<Signal>& signals) {
  TRY(const Query query,
      driver.prepare("insert into signals (id, brand, at, body) values (?, ?, ?, ?) on conflict do nothing"));
  for (const Signal& signal : signals) {
    const std::string body = to_json(signal);
    Parameters(*query).text(signal.id).text(signal.brand).time(signal.at).text(body);
    TRY(query->step());
    query->reset();
  }
  return {};
}

Result<void> put_state(Driver& driver, const WatchCommit& commit) {
  TRY(const Query query,
      driver.prepare("insert into watch (id, taken, state, verdicts, acts) values (1, ?, ?, ?, ?) "
                     "on conflict (id) do update set taken = excluded.taken, state = excluded.state, "
                     "verdicts = excluded.verdicts, acts = excluded.acts"));
  Parameters(*query).integer(commit.offset).blob(commit.state).integer(commit.verdicts).integer(commit.acts);
  TRY(query->step());
  return {};
}

Result<Incident> read_incident(const Statement& row) {
  TRY(const json::Document document, json::parse(row.text(0)));
  return incident_from_json(document.root());
}

// A refused row here is no record to put aside: it is a state that must not be.
Result<void> refusal_is_a_bug(Result<void> result) {
  if (!result && result.error().kind == ErrorKind::bad_data) result.error().kind = ErrorKind::bug;
  return result;
}

Result<void> put_outcomes(Driver& driver, const std::vector<std::pair<std::int64_t, std::string>>& outcomes) {
  TRY(const Query query, driver.prepare("update acts set outcome = ? where number = ?"));
  for (const auto& [number, outcome] : outcomes) {
    Parameters(*query).text(outcome).integer(number);
    TRY(query->step());
    query->reset();
  }
  return {};
}

Result<void> put_hurry(Driver& driver, const std::vector<std::pair<std::string, Time>>& hurry) {
  TRY(const Query query, driver.prepare("insert into hurried (source, until) values (?, ?) on conflict (source) do "
                                        "update set until = max(until, excluded.until)"));
  for (const auto& [source, until] : hurry) {
    Parameters(*query).text(source).time(until);
    TRY(query->step());
    query->reset();
  }
  return {};
}

}  // namespace

Result<std::optional<WatchState>> SqlStore::watch_state() {
  TRY(const Query query, driver_->prepare("select taken, state, verdicts, acts from watch where id = 1"));
  TRY(const bool found, query->step());
  if (!found) return std::optional<WatchState>();
  return WatchState{query->integer(0), std::string(query->text(1)), query->integer(2), query->integer(3)};
}

Result<void> SqlStore::commit_watch(const WatchCommit& commit) {
  const auto write = [&]() -> Result<void> {
    TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
    TRY(put_state(*driver_, commit));
    TRY(put_incidents(*driver_, commit.incidents));
    TRY(put_transitions(*driver_, commit.transitions));
    TRY(put_signals(*driver_, commit.signals));
    TRY(put_hurry(*driver_, commit.hurry));
    TRY(put_outcomes(*driver_, commit.act_outcomes));
    TRY(insert_notifications(commit.notifications));
    return transaction.commit();
  };
  return refusal_is_a_bug(write());
}

Result<std::vector<Incident>> SqlStore::incidents(std::string_view brand, bool unclosed_only, int limit) {
  TRY(const Query query,
      driver_->prepare("select body from incidents where (?1 = '' or brand = ?1) and "
                       "(?2 = 0 or state not in ('closed', 'discarded')) order by opened desc, id limit ?3"));
  Parameters(*query).text(brand).integer(unclosed_only).integer(std::clamp(limit, 0, kMostIncidents));
  std::vector<Incident> found;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    TRY(Incident incident, read_incident(*query));
    found.push_back(std::move(incident));
  }
}

Result<std::optional<Incident>> SqlStore::incident(const std::string& id) {
  TRY(const Query query, driver_->prepare("select body from incidents where id = ?"));
  query->bind_text(1, id);
  TRY(const bool found, query->step());
  if (!found) return std::optional<Incident>();
  return read_incident(*query);
}

Result<std::vector<Transition>> SqlStore::transitions(const std::string& incident_id) {
  TRY(const Query query,
      driver_->prepare(concat("select ", kTransitionColumns, " from transitions where incident = ? order by seq")));
  query->bind_text(1, incident_id);
  std::vector<Transition> found;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    found.push_back(read_transition(*query));
  }
}

}  // namespace vigie
