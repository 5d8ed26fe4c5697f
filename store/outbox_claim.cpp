// Who may send which message now. Of each subject and endpoint only the first message that has not ended has a `wake`:
// that keeps their order, and makes a claim cheap among any number that wait. Endpoints take turns, and have one
// message on its way at most: one that hangs holds nobody but itself.

#include <utility>

#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {
namespace {

// Of endpoints `e`, at ?1. A disabled one and one whose messages go elsewhere are claimed from so that its messages end
// or move; nothing is sent to it.
constexpr std::string_view kMayBeAsked =
    "e.busy_until <= ?1 and (e.circuit = 'disabled' or e.diverted = 1 or (e.blocked_until <= ?1 and "
    "e.paced_until <= ?1 and (e.circuit <> 'open' or e.open_until <= ?1)))";

struct Turn {
  std::string endpoint;
  bool probe = false;  // of an endpoint that failed: the oldest message goes first
};

Result<std::optional<Turn>> next_endpoint(Driver& driver, Time now, bool only_healthy) {
  static const std::string sql = concat("select e.id, e.circuit from endpoints e where ", kMayBeAsked,
                                        " and (?2 = 0 or (e.failures = 0 and e.circuit = 'closed')) and exists (select "
                                        "1 from notifications n where n.endpoint = e.id and n.wake <= ?1) "
                                        "order by e.turn, e.id limit 1");
  TRY(const Query query, driver.prepare(sql));
  Parameters(*query).time(now).integer(only_healthy);
  TRY(const bool found, query->step());
  if (!found) return std::optional<Turn>();
  return std::optional(Turn{std::string(query->text(0)), query->text(1) != "closed"});
}

Result<std::optional<std::string>> next_message(Driver& driver, const Turn& turn, Time now) {
  TRY(const Query query, driver.prepare(turn.probe ? "select id from notifications where endpoint = ?1 and wake <= ?2 "
                                                     "order by created, seq, id limit 1"
                                                   : "select id from notifications where endpoint = ?1 and wake <= ?2 "
                                                     "order by wake, created, seq, id limit 1"));
  Parameters(*query).text(turn.endpoint).time(now);
  TRY(const bool found, query->step());
  return found ? std::optional(std::string(query->text(0))) : std::nullopt;
}

Result<std::string> payload_of(Driver& driver, const std::string& id) {
  TRY(const Query query, driver.prepare("select bytes from payloads where notification = ?"));
  Parameters(*query).text(id);
  TRY(const bool found, query->step());
  return found ? std::string(query->text(0)) : std::string();
}

Result<void> take_turn(Driver& driver, const std::string& endpoint, Time now, Time until) {
  TRY(const Query query, driver.prepare("update endpoints set turn = (select max(turn) from endpoints) + 1, "
                                        "busy_until = ?1, circuit = case when circuit = 'open' and open_until <= ?2 "
                                        "then 'half_open' else circuit end where id = ?3"));
  Parameters(*query).time(until).time(now).text(endpoint);
  TRY(query->step());
  return {};
}

}  // namespace

Result<std::optional<Notification>> SqlStore::claim(const std::string& id, Time now, Duration lease) {
  TRY(const Query query,
      driver_->prepare(concat("update notifications set state = 'claimed', attempts = attempts + 1, "
                              "claim_no = claim_no + 1, lease_until = ?1, wake = ?1 where id = ?2 returning ",
                              kNotificationColumns)));
  Parameters(*query).time(now + lease).text(id);
  TRY(query->step());
  std::optional<Notification> claimed = read_notification(*query);
  query->reset();
  TRY(take_turn(*driver_, claimed->endpoint, now, now + lease));
  TRY(claimed->payload, payload_of(*driver_, id));
  return claimed;
}

Result<std::optional<Notification>> SqlStore::claim_notification(Time now, Duration lease, bool only_healthy) {
  // Looked for before the write lock is taken: most of the time nothing is due.
  TRY(const std::optional<Turn> candidate, next_endpoint(*driver_, now, only_healthy));
  if (!candidate) return std::optional<Notification>();
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::process));
  TRY(const std::optional<Turn> turn, next_endpoint(*driver_, now, only_healthy));
  if (!turn) return std::optional<Notification>();
  TRY(const std::optional<std::string> id, next_message(*driver_, *turn, now));
  if (!id) return std::optional<Notification>();
  TRY(std::optional<Notification> claimed, claim(*id, now, lease));
  TRY(transaction.commit());
  return claimed;
}

Result<std::optional<Notification>> SqlStore::claim_expired(const std::string& endpoint, Time now, Duration lease,
                                                            Time ripe_before, Time repeat_before) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::process));
  TRY(const Query query,
      driver_->prepare("select n.id from notifications n join endpoints e on e.id = n.endpoint where n.endpoint = ?1 "
                       "and n.wake is not null and e.busy_until <= ?2 and (n.state in ('ready', 'wait') or "
                       "(n.state = 'claimed' and n.lease_until <= ?2)) and n.ripe < (case when n.purpose in "
                       "('repeat', 'acked') then ?4 else ?3 end) order by n.created, n.seq, n.id limit 1"));
  Parameters(*query).text(endpoint).time(now).time(ripe_before).time(repeat_before);
  TRY(const bool found, query->step());
  if (!found) return std::optional<Notification>();
  const std::string id(query->text(0));
  query->reset();
  TRY(std::optional<Notification> claimed, claim(id, now, lease));
  TRY(transaction.commit());
  return claimed;
}

Result<std::optional<Time>> SqlStore::next_notification_due() {
  TRY(const Query query,
      driver_->prepare(
          "select min(max(w, busy_until, case when circuit = 'disabled' or diverted = 1 then 0 else "
          "max(blocked_until, paced_until, case circuit when 'open' then open_until else 0 end) end)) from "
          "(select (select min(n.wake) from notifications n where n.endpoint = e.id and n.wake is not null) as w, "
          "e.busy_until, e.circuit, e.diverted, e.blocked_until, e.paced_until, e.open_until from endpoints e) "
          "where w is not null"));
  TRY(query->step());
  return query->is_null(0) ? std::nullopt : std::optional(from_epoch_micros(query->integer(0)));
}

Result<bool> SqlStore::changed_elsewhere() {
  TRY(const std::int64_t version, driver_->version());
  return std::exchange(version_, version) != version;
}

}  // namespace vigie
