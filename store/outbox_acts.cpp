// What people see of the messages owed, and what they do with those that did not go.

#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {

Result<std::optional<Notification>> SqlStore::notification(const std::string& id) {
  TRY(const Query query,
      driver_->prepare(concat("select ", kNotificationColumns,
                              ", coalesce((select bytes from payloads where notification = notifications.id), x'') "
                              "from notifications where id = ?")));
  Parameters(*query).text(id);
  TRY(const bool found, query->step());
  if (!found) return std::optional<Notification>();
  std::optional<Notification> read = read_notification(*query);
  constexpr int kAfterColumns = 24;
  read->payload = query->text(kAfterColumns);
  return read;
}

Result<std::vector<std::string>> SqlStore::notification_ids(const std::string& prefix, int limit) {
  TRY(const Query query, driver_->prepare("select id from notifications where id >= ?1 and substr(id, 1, length(?1)) = "
                                          "?1 order by id limit ?2"));
  Parameters(*query).text(prefix).integer(limit);
  std::vector<std::string> ids;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return ids;
    ids.emplace_back(query->text(0));
  }
}

Result<OutboxCounts> SqlStore::outbox_counts(Time now) {
  OutboxCounts counts;
  TRY(const Query by_state, driver_->prepare("select state, count(*) from notifications group by state"));
  for (;;) {
    TRY(const bool more, by_state->step());
    if (!more) break;
    if (const auto state = notification_state_from(by_state->text(0))) counts.by_state[*state] = by_state->integer(1);
  }
  TRY(const Query oldest,
      driver_->prepare("select min(ripe) from (select min(ripe) as ripe from notifications where state = 'ready' "
                       "union all select min(ripe) from notifications where state = 'wait') where ripe <= ?"));
  Parameters(*oldest).time(now);
  TRY(oldest->step());
  if (!oldest->is_null(0)) counts.oldest_ready = from_epoch_micros(oldest->integer(0));
  return counts;
}

Result<void> SqlStore::act_on_notification(const std::string& id, const OutboxAct& act) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(const std::optional<Notification> found, notification(id));
  if (!found) return fail(ErrorKind::gone, concat("no message has the id ", id));
  const bool retry = act.act == "retry";
  if (!retry && act.act != "discard") return fail(ErrorKind::bug, concat("a message cannot be ", act.act));
  const bool fits = retry ? found->state == NotificationState::dead
                          : found->state == NotificationState::dead ||
                                (is_pending(found->state) && found->state != NotificationState::claimed);
  if (!fits) {
    return fail(ErrorKind::bad_data, concat("message ", id, " is ", to_text(found->state),
                                            retry ? "; only a dead one can be retried"
                                                  : "; only one that waits or is dead can be discarded"));
  }
  TRY(const Query query,
      driver_->prepare("update notifications set state = ?1, due = ?2, ripe = ?2, attempts = 0, held_until = null, "
                       "reason = ?3, detail = ?4, wake = null where id = ?5"));
  Parameters row(*query);
  const std::string detail = retry ? found->detail : act.reason;
  row.text(retry ? "ready" : "cancelled").time(act.at).text(retry ? "" : "discarded").text(detail).text(id);
  TRY(query->step());
  TRY(find_head(found->subject_id, found->endpoint));
  TRY(const Query log, driver_->prepare("insert into outbox_acts values (?, ?, ?, ?, ?)"));
  Parameters(*log).time(act.at).text(id).text(act.by).text(act.act).text(act.reason);
  TRY(log->step());
  if (retry) {
    // A person says that it works again: the next message goes at once and decides.
    TRY(EndpointHealth health, endpoint_health(found->endpoint));
    if (health.circuit != Circuit::closed) {
      health.circuit = Circuit::open;
      health.open_until = health.blocked_until = act.at;
      health.diverted = false;
      TRY(write_health(health));
    }
  }
  return transaction.commit();
}

Result<std::vector<OutboxAct>> SqlStore::outbox_acts(const std::string& id) {
  TRY(const Query query,
      driver_->prepare("select at, by, act, reason from outbox_acts where notification = ? order by at, rowid"));
  Parameters(*query).text(id);
  std::vector<OutboxAct> acts;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return acts;
    Columns row(*query);
    OutboxAct act;
    act.at = row.time();
    act.by = row.text();
    act.act = row.text();
    act.reason = row.text();
    acts.push_back(std::move(act));
  }
}

}  // namespace vigie
