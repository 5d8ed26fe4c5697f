// Messages owed: claimed by one sender at a time under a lease, in order per subject and endpoint (ALERTS.md 3.5).

#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {
namespace {

constexpr int kMostNotifications = 1000;

// Nothing older about the same subject is still to reach the same endpoint.
constexpr std::string_view kIsFirst =
    "not exists (select 1 from notifications e where e.subject_id = n.subject_id and e.endpoint = n.endpoint "
    "and (e.seq, e.created, e.id) < (n.seq, n.created, n.id) and e.state in ('held', 'ready', 'claimed', 'wait'))";

Result<std::optional<std::string>> first_due(Driver& driver, Time now) {
  static const std::string sql = concat(
      "select n.id from notifications n where ((n.state in ('ready', 'wait') and n.due <= ?1) or "
      "(n.state = 'claimed' and n.lease_until <= ?1)) and ",
      kIsFirst, " order by n.due, n.created, n.seq, n.id limit 1");
  TRY(const Query query, driver.prepare(sql));
  Parameters(*query).time(now);
  TRY(const bool found, query->step());
  return found ? std::optional(std::string(query->text(0))) : std::nullopt;
}

bool is_outcome(NotificationState state) {
  return state == NotificationState::sent || state == NotificationState::unverified ||
         state == NotificationState::wait || state == NotificationState::dead;
}

}  // namespace

Result<std::optional<Notification>> SqlStore::claim_notification(Time now, Duration lease) {
  // Looked for before the write lock is taken: most of the time nothing is due.
  TRY(const std::optional<std::string> candidate, first_due(*driver_, now));
  if (!candidate) return std::optional<Notification>();
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(const std::optional<std::string> id, first_due(*driver_, now));
  if (!id) return std::optional<Notification>();
  TRY(const Query claim, driver_->prepare(concat("update notifications set state = 'claimed', attempts = attempts + 1, "
                                                 "claim_no = claim_no + 1, lease_until = ? where id = ? returning ",
                                                 kNotificationColumns)));
  Parameters(*claim).time(now + lease).text(*id);
  TRY(claim->step());
  Notification claimed = read_notification(*claim);
  claim->reset();
  TRY(transaction.commit());
  return claimed;
}

Result<bool> SqlStore::finish_notification(const std::string& id, std::int64_t claim_no, const SendOutcome& outcome) {
  if (!is_outcome(outcome.state)) {
    return fail(ErrorKind::bug, concat("a claimed notification cannot end as ", to_text(outcome.state)));
  }
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(const Query query,
      driver_->prepare(
          "update notifications set state = ?1, due = case when ?1 = 'wait' then ?2 else due end, remote_id = ?3, "
          "last_error = ?4, lease_until = null where id = ?5 and claim_no = ?6 and state = 'claimed'"));
  Parameters row(*query);
  row.text(to_text(outcome.state))
      .time(outcome.due)
      .text(outcome.remote_id)
      .text(outcome.error)
      .text(id)
      .integer(claim_no);
  TRY(query->step());
  const bool mine = driver_->changes() == 1;
  TRY(transaction.commit());
  return mine;
}

Result<void> SqlStore::add_notifications(const std::vector<Notification>& notifications) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(insert_notifications(notifications));
  return transaction.commit();
}

Result<void> SqlStore::insert_notifications(const std::vector<Notification>& notifications) {
  TRY(const Query query, driver_->prepare(concat("insert into notifications (", kNotificationColumns,
                                                 ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                                                 "on conflict (id) do nothing")));
  for (const Notification& notification : notifications) {
    bind_notification(*query, notification);
    TRY(query->step());
    query->reset();
  }
  return {};
}

Result<std::vector<Notification>> SqlStore::notifications(const std::string& subject_id, int limit) {
  TRY(const Query query, driver_->prepare(concat("select ", kNotificationColumns,
                                                 " from notifications where (?1 = '' or subject_id = ?1) "
                                                 "order by created desc, seq desc, id limit ?2")));
  Parameters(*query).text(subject_id).integer(std::clamp(limit, 0, kMostNotifications));
  std::vector<Notification> found;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    found.push_back(read_notification(*query));
  }
}

Result<std::optional<Time>> SqlStore::next_notification_due() {
  // Only those nothing stands before: one that must wait its turn would wake the sender for nothing.
  static const std::string sql = concat(
      "select min(case n.state when 'claimed' then n.lease_until else n.due end) from notifications n "
      "where n.state in ('ready', 'wait', 'claimed') and ",
      kIsFirst);
  TRY(const Query query, driver_->prepare(sql));
  TRY(query->step());
  return query->is_null(0) ? std::nullopt : std::optional(from_epoch_micros(query->integer(0)));
}

}  // namespace vigie
