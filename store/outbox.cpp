// Messages owed: put in, sent under a lease, ended (ALERTS.md 3.5). Claims stand in outbox_claim.cpp.

#include "store/owing.h"
#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {
namespace {

constexpr int kMostNotifications = 1000;

bool is_outcome(NotificationState state) {
  return state != NotificationState::ready && state != NotificationState::claimed;
}

// What somebody outside has been told, or never will be, is kept at once; the rest may be done again after a power cut.
Durability worth(NotificationState state) { return is_pending(state) ? Durability::process : Durability::power; }

std::vector<Notification> read_all(Statement& statement, Result<void>& outcome) {
  std::vector<Notification> found;
  for (;;) {
    const Result<bool> more = statement.step();
    if (!more) outcome = fail(more.error());
    if (!more || !*more) return found;
    found.push_back(read_notification(statement));
  }
}

std::string question_marks(std::string_view columns) {
  std::string marks = "?";
  for (const char c : columns) {
    if (c == ',') marks += ", ?";
  }
  return marks;
}

Result<void> forget_payload(Driver& driver, const std::string& id) {
  TRY(const Query query, driver.prepare("delete from payloads where notification = ?"));
  Parameters(*query).text(id);
  TRY(query->step());
  return {};
}

// The first of a subject and endpoint that has not ended is the one that may be claimed.
Result<void> find_head_of(Driver& driver, std::string_view subject_id, std::string_view endpoint) {
  TRY(const Query clear, driver.prepare("update notifications set wake = null where subject_id = ?1 and "
                                        "endpoint = ?2 and wake is not null"));
  Parameters(*clear).text(subject_id).text(endpoint);
  TRY(clear->step());
  TRY(const Query set,
      driver.prepare("update notifications set wake = case state when 'claimed' then lease_until when 'held' then "
                     "held_until else due end where id = (select id from notifications where subject_id = ?1 and "
                     "endpoint = ?2 and state in ('held', 'ready', 'claimed', 'wait') "
                     "order by seq, created, id limit 1)"));
  Parameters(*set).text(subject_id).text(endpoint);
  TRY(set->step());
  return {};
}

Result<void> know_endpoint_of(Driver& driver, std::string_view endpoint) {
  TRY(const Query query, driver.prepare("insert into endpoints values (?, 0, 0, 0, 'closed', 0, 0, 0, 0, null, 0, 0, "
                                        "0, '', 0, 0, 0, '') on conflict (id) do nothing"));
  Parameters(*query).text(endpoint);
  TRY(query->step());
  return {};
}

// id, seq, purpose, state, reason, attempts
Neighbour neighbour_from(Columns& column) {
  Neighbour entry;
  entry.id = column.text();
  entry.seq = column.integer();
  entry.purpose = column.text();
  entry.state = notification_state_from(column.view()).value_or(NotificationState::dead);
  entry.reason = column.text();
  entry.attempts = static_cast<int>(column.integer());
  return entry;
}

}  // namespace

Result<void> owe(Driver& driver, const std::vector<Notification>& notifications) {
  static const std::string sql = concat("insert into notifications (", kNotificationColumns, ") values (",
                                        question_marks(kNotificationColumns), ") on conflict (id) do nothing");
  TRY(const Query query, driver.prepare(sql));
  for (const Notification& notification : notifications) {
    bind_notification(*query, notification);
    TRY(query->step());
    const bool added = driver.changes() == 1;
    query->reset();
    if (!added) continue;
    TRY(know_endpoint_of(driver, notification.endpoint));
    if (is_pending(notification.state)) TRY(find_head_of(driver, notification.subject_id, notification.endpoint));
  }
  return {};
}

Result<void> SqlStore::find_head(std::string_view subject_id, std::string_view endpoint) {
  return find_head_of(*driver_, subject_id, endpoint);
}

Result<void> SqlStore::know_endpoint(std::string_view endpoint) { return know_endpoint_of(*driver_, endpoint); }

Result<bool> SqlStore::begin_sending(const std::string& id, std::int64_t claim_no, const SendStart& start) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::process));
  TRY(const Query query, driver_->prepare("update notifications set purpose = ?1, document = ?2 where id = ?3 and "
                                          "claim_no = ?4 and state = 'claimed' returning endpoint"));
  Parameters(*query).text(start.purpose).text(start.document).text(id).integer(claim_no);
  TRY(const bool mine, query->step());
  if (!mine) return false;
  const std::string endpoint(query->text(0));
  query->reset();
  TRY(const Query keep, driver_->prepare("insert or replace into payloads values (?, ?)"));
  Parameters(*keep).text(id).blob(start.payload);
  TRY(keep->step());
  if (!start.paces.empty()) TRY(count_send(endpoint, start));
  TRY(transaction.commit());
  return true;
}

Result<bool> SqlStore::finish_notification(const std::string& id, std::int64_t claim_no, const SendOutcome& outcome) {
  if (!is_outcome(outcome.state)) {
    return fail(ErrorKind::bug, concat("a claimed notification cannot end as ", to_text(outcome.state)));
  }
  TRY(Transaction transaction, Transaction::begin(*driver_, worth(outcome.state)));
  Time due = outcome.due;
  if (outcome.silence != 0) {  // somebody may have ended it while this was decided
    TRY(const std::optional<Silence> held_by, silence(outcome.silence));
    if (held_by) due = std::min(due, held_by->over_at());
  }
  TRY(const Query query,
      driver_->prepare(
          "update notifications set state = ?1, due = case ?1 when 'wait' then ?2 else due end, "
          "held_until = case ?1 when 'held' then ?2 end, ripe = case ?1 when 'held' then ?2 else ripe end, "
          "remote_id = ?3, last_error = ?4, lease_until = null, wake = null, "
          "first_error = case when ?4 = '' then first_error else coalesce(first_error, ?5) end, "
          "last_code = ?6, reason = ?7, detail = case when ?8 = '' then detail else ?8 end, "
          "repeated = max(repeated, ?9), attempts = attempts - ?10 "
          "where id = ?11 and claim_no = ?12 and state = 'claimed' returning subject_id, endpoint"));
  Parameters row(*query);
  row.text(to_text(outcome.state)).time(due).text(outcome.remote_id).text(outcome.error).time(outcome.at);
  row.text(outcome.code).text(outcome.reason).text(outcome.detail).integer(outcome.repeated);
  row.integer(outcome.tried ? 0 : 1).text(id).integer(claim_no);
  TRY(const bool mine, query->step());
  if (!mine) return false;
  const std::string subject(query->text(0)), endpoint(query->text(1));
  query->reset();
  // A dead one keeps its bytes: a person may look at them, and let them go after all.
  const bool over = !is_pending(outcome.state) && outcome.state != NotificationState::dead;
  if (over || outcome.repeated) TRY(forget_payload(*driver_, id));
  TRY(find_head(subject, endpoint));
  TRY(const Query free, driver_->prepare("update endpoints set busy_until = 0 where id = ?"));
  Parameters(*free).text(endpoint);
  TRY(free->step());
  if (outcome.health) TRY(write_health(*outcome.health));
  TRY(insert_notifications(outcome.owed));
  TRY(transaction.commit());
  return true;
}

Result<void> SqlStore::add_notifications(const std::vector<Notification>& notifications) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(insert_notifications(notifications));
  return transaction.commit();
}

Result<void> SqlStore::insert_notifications(const std::vector<Notification>& notifications) {
  return owe(*driver_, notifications);
}

Result<std::vector<Notification>> SqlStore::notifications(const std::string& subject_id, int limit) {
  TRY(const Query query, driver_->prepare(concat("select ", kNotificationColumns,
                                                 " from notifications where (?1 = '' or subject_id = ?1) "
                                                 "order by created desc, seq desc, id limit ?2")));
  Parameters(*query).text(subject_id).integer(std::clamp(limit, 0, kMostNotifications));
  Result<void> read;
  std::vector<Notification> found = read_all(*query, read);
  TRY(read);
  return found;
}

Result<std::vector<Notification>> SqlStore::outbox(const OutboxFilter& filter) {
  TRY(const Query query, driver_->prepare(concat("select ", kNotificationColumns, " from notifications where ",
                                                 filter.state ? "state = ?1" : "?1 = ''",
                                                 " and (?2 = '' or endpoint = ?2) "
                                                 "order by created desc, seq desc, id limit ?3")));
  const std::string state(filter.state ? to_text(*filter.state) : "");
  Parameters(*query).text(state).text(filter.endpoint).integer(std::clamp(filter.limit, 0, kMostNotifications));
  Result<void> read;
  std::vector<Notification> found = read_all(*query, read);
  TRY(read);
  return found;
}

Result<Neighbours> SqlStore::neighbours(const Notification& of, int limit) {
  Neighbours lane;
  for (const bool before : {true, false}) {
    TRY(const Query query,
        driver_->prepare(concat("select id, seq, purpose, state, reason, attempts from notifications where subject_id = ?1 and "
                                "endpoint = ?2 and (seq, created, id) ",
                                before ? "<" : ">", " (?3, ?4, ?5) order by ",
                                before ? "seq desc, created desc, id desc" : "seq, created, id", " limit ?6")));
    Parameters row(*query);
    row.text(of.subject_id).text(of.endpoint).integer(of.seq).time(of.created).text(of.id).integer(limit);
    for (;;) {
      TRY(const bool more, query->step());
      if (!more) break;
      Columns column(*query);
      (before ? lane.before : lane.after).push_back(neighbour_from(column));
    }
  }
  return lane;
}

Result<MessageThread> SqlStore::thread(const std::string& subject_id, const std::string& endpoint) {
  MessageThread thread;
  for (const bool first : {true, false}) {
    TRY(const Query query,
        driver_->prepare(concat("select remote_id from notifications where subject_id = ?1 and endpoint = ?2 and "
                                "state in ('sent', 'unverified') and remote_id <> '' order by seq ",
                                first ? "" : "desc", ", created ", first ? "" : "desc", " limit 1")));
    Parameters(*query).text(subject_id).text(endpoint);
    TRY(const bool found, query->step());
    if (found) (first ? thread.opened : thread.last) = query->text(0);
  }
  return thread;
}

Result<std::optional<Neighbour>> SqlStore::stand_in(const std::string& id, std::string& endpoint) {
  TRY(const Query query, driver_->prepare("select id, seq, purpose, state, reason, attempts, endpoint from notifications where "
                                          "stands_for = ? and stands_for <> '' limit 1"));
  Parameters(*query).text(id);
  TRY(const bool found, query->step());
  if (!found) return std::optional<Neighbour>();
  Columns column(*query);
  Neighbour entry = neighbour_from(column);
  endpoint = column.text();
  return std::optional(std::move(entry));
}

}  // namespace vigie
