// What people say of the machine's labels: what counts now, and the history of it.

#include "store/hours.h"
#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {
namespace {

constexpr int kMostLabelled = 100'000;

void bind_label(Parameters& row, std::optional<Label> label) {
  if (label) {
    row.text(to_text(*label));
  } else {
    row.null();
  }
}

Result<void> update_mention(Driver& driver, std::int64_t seq, std::optional<Label> label, const std::string& by) {
  TRY(const Query query, driver.prepare("update mentions set human = ?, human_by = ? where seq = ?"));
  Parameters row(*query);
  bind_label(row, label);
  row.text(by).integer(seq);
  TRY(query->step());
  return {};
}

Result<void> add_to_history(Driver& driver, const Correction& correction) {
  TRY(const Query query,
      driver.prepare("insert into corrections (seq, at, by, machine, model, label) values (?, ?, ?, ?, ?, ?)"));
  Parameters row(*query);
  row.integer(correction.seq).time(correction.at).text(correction.by);
  row.text(to_text(correction.machine)).text(correction.model);
  bind_label(row, correction.label);
  TRY(query->step());
  return {};
}

}  // namespace

Result<void> SqlStore::set_human_label(std::int64_t seq, std::optional<Label> label, const std::string& by, Time at) {
  TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
  TRY(const std::optional<StoredMention> stored, mention(seq));
  if (!stored) return fail(ErrorKind::gone, concat("there is no mention ", std::to_string(seq)));
  if (stored->deleted)
    return fail(ErrorKind::gone, concat("mention ", std::to_string(seq), " was deleted at its source"));
  const Judgement& judgement = stored->judgement;
  if (!label && !judgement.human) return {};  // nothing to take back
  TRY(update_mention(*driver_, seq, label, by));
  TRY(add_to_history(*driver_, {seq, at, by, judgement.label, judgement.model, label}));
  Hours counts(*driver_);
  TRY(counts.begin());
  for (const std::string& brand : stored->brands) counts.count_again(brand, stored->event);
  TRY(counts.write());
  return transaction.commit();
}

Result<std::vector<Correction>> SqlStore::corrections(std::int64_t seq) {
  TRY(const Query query,
      driver_->prepare("select at, by, machine, model, label from corrections where seq = ? order by number"));
  query->bind_integer(1, seq);
  std::vector<Correction> found;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    Columns row(*query);
    Correction correction;
    correction.seq = seq;
    correction.at = row.time();
    correction.by = row.text();
    correction.machine = label_from(row.view()).value_or(Label::neutral);
    correction.model = row.text();
    correction.label = label_from(row.view());
    found.push_back(std::move(correction));
  }
}

Result<std::vector<StoredMention>> SqlStore::labelled_after(std::int64_t seq, int limit) {
  static const std::string sql = concat("select ", mention_columns_of("m"),
                                        " from mentions m where m.human is not null and m.seq > ? and m.deleted = 0 "
                                        "and m.erased = 0 order by m.seq limit ?");
  TRY(const Query query, driver_->prepare(sql));
  Parameters(*query).integer(seq).integer(std::clamp(limit, 0, kMostLabelled));
  std::vector<StoredMention> found;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    found.push_back(read_mention(*query));
  }
}

Result<std::optional<std::int64_t>> SqlStore::seq_of(const std::string& source, const std::string& id) {
  TRY(const Query query, driver_->prepare("select seq from mentions where source = ? and ext_id = ? and deleted = 0"));
  Parameters(*query).text(source).text(id);
  TRY(const bool found, query->step());
  return found ? std::optional(query->integer(0)) : std::nullopt;
}

}  // namespace vigie
