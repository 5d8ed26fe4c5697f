// How endpoints are doing, and how fast they may be asked.

#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {

Result<void> SqlStore::write_health(const EndpointHealth& health) {
  TRY(know_endpoint(health.endpoint));
  TRY(const Query query,
      driver_->prepare("update endpoints set circuit = ?, failures = ?, window_start = ?, tried = ?, failed = ?, "
                       "ill_since = ?, open_for = ?, open_until = ?, blocked_until = ?, reason = ?, changed = ?, "
                       "told = ?, diverted = ?, address = ? where id = ?"));
  bind_endpoint_health(*query, health);
  TRY(query->step());
  return {};
}

Result<EndpointHealth> SqlStore::endpoint_health(const std::string& endpoint) {
  TRY(const Query query, driver_->prepare(concat("select ", kHealthColumns, " from endpoints where id = ?")));
  Parameters(*query).text(endpoint);
  TRY(const bool found, query->step());
  if (found) return read_endpoint_health(*query);
  EndpointHealth well;
  well.endpoint = endpoint;
  return well;
}

Result<void> SqlStore::save_endpoint_health(const EndpointHealth& health) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::process));
  TRY(write_health(health));
  return transaction.commit();
}

Result<std::vector<EndpointHealth>> SqlStore::endpoints_health() {
  TRY(const Query query, driver_->prepare(concat("select ", kHealthColumns, " from endpoints order by id")));
  std::vector<EndpointHealth> all;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return all;
    all.push_back(read_endpoint_health(*query));
  }
}

// Exact windows: the next message of a pace waits until the `count`th last one is as old as the window.
Result<void> SqlStore::count_send(const std::string& endpoint, const SendStart& start) {
  Duration longest{0};
  for (const Pace& pace : start.paces) longest = std::max(longest, pace.per);
  TRY(const Query forget, driver_->prepare("delete from paced_sends where endpoint = ? and (at < ? or at > ?)"));
  // Those of the future are from before the clock was set back.
  Parameters(*forget).text(endpoint).time(start.at - longest).time(start.at);
  TRY(forget->step());
  TRY(const Query add, driver_->prepare("insert into paced_sends values (?, ?)"));
  Parameters(*add).text(endpoint).time(start.at);
  TRY(add->step());
  Time until{};
  for (const Pace& pace : start.paces) {
    TRY(const Query query,
        driver_->prepare("select at from paced_sends where endpoint = ? order by at desc limit 1 offset ?"));
    Parameters(*query).text(endpoint).integer(std::max(pace.count, 1) - 1);
    TRY(const bool found, query->step());
    if (found) until = std::max(until, from_epoch_micros(query->integer(0)) + pace.per);
  }
  TRY(const Query set, driver_->prepare("update endpoints set paced_until = ? where id = ?"));
  Parameters(*set).time(until).text(endpoint);
  TRY(set->step());
  return {};
}

Result<void> SqlStore::replan_notifications(Time now, Duration longest_wait, Duration lease) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::process));
  TRY(const Query rows,
      driver_->prepare("update notifications set due = case state when 'wait' then min(due, ?1) else due end, "
                       "lease_until = min(lease_until, ?2), wake = case state when 'wait' then min(wake, ?1) when "
                       "'claimed' then min(wake, ?2) else wake end where wake is not null and state in "
                       "('wait', 'claimed')"));
  Parameters(*rows).time(now + longest_wait).time(now + lease);
  TRY(rows->step());
  TRY(const Query endpoints,
      driver_->prepare("update endpoints set busy_until = min(busy_until, ?1), paced_until = min(paced_until, ?2), "
                       "open_until = min(open_until, ?2), blocked_until = min(blocked_until, ?2)"));
  Parameters(*endpoints).time(now + lease).time(now + longest_wait);
  TRY(endpoints->step());
  return transaction.commit();
}

}  // namespace vigie
