// What people say of incidents.

#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {
namespace {

constexpr std::string_view kColumns = "number, incident, at, by, word";

Verdict read_verdict(const Statement& statement) {
  Columns row(statement);
  Verdict verdict;
  verdict.number = row.integer();
  verdict.incident = row.text();
  verdict.at = row.time();
  verdict.by = row.text();
  verdict.word = verdict_from(row.view());
  return verdict;
}

Result<std::vector<Verdict>> read_all(Statement& query) {
  std::vector<Verdict> found;
  for (;;) {
    TRY(const bool more, query.step());
    if (!more) return found;
    found.push_back(read_verdict(query));
  }
}

}  // namespace

Result<void> SqlStore::add_verdict(const Verdict& verdict) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(const std::optional<Incident> judged, incident(verdict.incident));
  if (!judged) return fail(ErrorKind::gone, concat("there is no incident ", verdict.incident));
  TRY(const std::vector<Verdict> before, verdicts(verdict.incident));
  const std::optional<VerdictWord> stands = before.empty() ? std::nullopt : before.back().word;
  if (stands == verdict.word && (before.empty() || before.back().by == verdict.by)) return {};  // said twice: once
  TRY(const Query query, driver_->prepare("insert into verdicts (incident, at, by, word) values (?, ?, ?, ?)"));
  Parameters row(*query);
  row.text(verdict.incident).time(verdict.at).text(verdict.by);
  if (verdict.word) {
    row.text(to_text(*verdict.word));
  } else {
    row.null();
  }
  TRY(query->step());
  return transaction.commit();
}

Result<std::vector<Verdict>> SqlStore::verdicts(const std::string& incident_id) {
  TRY(const Query query,
      driver_->prepare(concat("select ", kColumns, " from verdicts where incident = ? order by number")));
  query->bind_text(1, incident_id);
  return read_all(*query);
}

Result<std::vector<Verdict>> SqlStore::verdicts_after(std::int64_t number) {
  TRY(const Query query,
      driver_->prepare(concat("select ", kColumns, " from verdicts where number > ? order by number")));
  query->bind_integer(1, number);
  return read_all(*query);
}

Result<StandingVerdicts> SqlStore::standing_verdicts() {
  TRY(const std::vector<Verdict> all, verdicts_after(0));
  StandingVerdicts standing;
  for (const Verdict& verdict : all) {
    if (verdict.word) {
      standing.insert_or_assign(verdict.incident, verdict);
    } else {
      standing.erase(verdict.incident);
    }
  }
  return standing;
}

}  // namespace vigie
