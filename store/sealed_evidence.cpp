// What was taken off for an illicit reason, kept for a court: bytes that nothing here can open.

#include "store/sql_moderation.h"

namespace vigie {
namespace {

SealedEvidence read_evidence(Columns& row) {
  SealedEvidence evidence;
  evidence.id = row.integer();
  evidence.brand = row.text();
  evidence.review = row.integer();
  evidence.ref = row.integer();
  evidence.version = row.integer();
  evidence.code = row.text();
  evidence.at = row.time();
  evidence.until = row.time();
  evidence.box = row.text();
  return evidence;
}

}  // namespace

Result<void> SqlModerationStore::add_evidence(const SealedEvidence& evidence) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
  TRY(run(
      "insert into evidence (brand, review, ref, version, code, at, until, box) select ?, ?, ?, ?, ?, ?, ?, ? where "
      "not exists (select 1 from evidence where review = ? and version = ? and code = ?)",
      [&](Parameters& to) {
        to.text(evidence.brand).integer(evidence.review).integer(evidence.ref).integer(evidence.version);
        to.text(evidence.code).time(evidence.at).time(evidence.until).blob(evidence.box);
        to.integer(evidence.review).integer(evidence.version).text(evidence.code);
      }));
  return transaction.commit();
}

Result<std::vector<SealedEvidence>> SqlModerationStore::evidence(std::int64_t review) {
  return all<SealedEvidence>(
      concat("select id, brand, review, ref, version, code, at, until, x'' from evidence where ",
             review == 0 ? "? = 0" : "review = ?", " order by id desc limit 1000"),
      [&](Parameters& to) { to.integer(review); }, read_evidence);
}

Result<std::optional<SealedEvidence>> SqlModerationStore::sealed_evidence(std::int64_t id) {
  TRY(std::vector<SealedEvidence> found,
      all<SealedEvidence>(
          "select id, brand, review, ref, version, code, at, until, box from evidence where id = ?",
          [&](Parameters& to) { to.integer(id); }, read_evidence));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

Result<std::int64_t> SqlModerationStore::drop_evidence(Time now) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
  TRY(run("delete from evidence where until <= ?", [&](Parameters& to) { to.time(now); }));
  const std::int64_t dropped = driver_.changes();
  TRY(transaction.commit());
  return dropped;
}

}  // namespace vigie
