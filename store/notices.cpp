// What readers report, and what authors contest.

#include <algorithm>

#include "store/sql_moderation.h"

namespace vigie {
namespace {

constexpr int kMostRead = 1'000;

constexpr std::string_view kNotice =
    "select id, brand, review, ref, kind, code, reason, url, name, mail, language, status, at, outcome, words, by, "
    "decided from notices where ";

Notice read_notice(Columns& row) {
  Notice notice;
  notice.id = row.integer();
  notice.brand = row.text();
  notice.review = row.integer();
  notice.ref = row.integer();
  notice.kind = row.text();
  notice.code = row.text();
  notice.reason = row.text();
  notice.url = row.text();
  notice.name = row.text();
  notice.mail = row.text();
  notice.language = row.text();
  notice.status = row.text();
  notice.at = row.time();
  notice.outcome = row.text();
  notice.words = row.text();
  notice.by = row.text();
  notice.decided = row.time_or_null();
  return notice;
}

constexpr std::string_view kAppeal =
    "select id, review, version, act, words, decided_by, at, outcome, by, answer, decided from appeals where ";

Appeal read_appeal(Columns& row) {
  Appeal appeal;
  appeal.id = row.integer();
  appeal.review = row.integer();
  appeal.version = row.integer();
  appeal.act = row.integer();
  appeal.words = row.text();
  appeal.decided_by = row.text();
  appeal.at = row.time();
  appeal.outcome = row.text();
  appeal.by = row.text();
  appeal.answer = row.text();
  appeal.decided = row.time_or_null();
  return appeal;
}

template <class Row>
std::optional<Row> first_of(std::vector<Row> rows) {
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

}  // namespace

Result<std::int64_t> SqlModerationStore::add_notice(const Notice& notice) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
  TRY(const std::int64_t id,
      insert(
          "insert into notices (brand, review, ref, kind, code, reason, url, name, mail, language, status, at) values "
          "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
          [&](Parameters& to) {
            to.text(notice.brand).integer(notice.review).integer(notice.ref).text(notice.kind).text(notice.code);
            to.text(notice.reason).text(notice.url).text(notice.name).text(notice.mail).text(notice.language);
            to.blob(notice.status).time(notice.at);
          }));
  TRY(transaction.commit());
  return id;
}

Result<std::optional<Notice>> SqlModerationStore::notice(std::int64_t id) {
  TRY(std::vector<Notice> found, all<Notice>(
                                     concat(kNotice, "id = ?"), [&](Parameters& to) { to.integer(id); }, read_notice));
  return first_of(std::move(found));
}

Result<std::optional<Notice>> SqlModerationStore::notice_of_status(const std::string& hash) {
  TRY(std::vector<Notice> found,
      all<Notice>(
          concat(kNotice, "status = ?"), [&](Parameters& to) { to.blob(hash); }, read_notice));
  return first_of(std::move(found));
}

Result<std::vector<Notice>> SqlModerationStore::notices(bool waiting_only, int limit) {
  const std::string_view which = waiting_only ? "outcome = '' order by at, id" : "true order by at desc, id desc";
  return all<Notice>(
      concat(kNotice, which, " limit ?"), [&](Parameters& to) { to.integer(std::clamp(limit, 0, kMostRead)); },
      read_notice);
}

Result<std::vector<Notice>> SqlModerationStore::notices_of(std::int64_t review) {
  return all<Notice>(
      concat(kNotice, "review = ? order by id"), [&](Parameters& to) { to.integer(review); }, read_notice);
}

Result<void> SqlModerationStore::decide_notice(std::int64_t id, const std::string& outcome, const std::string& words,
                                               const std::string& by, Time at) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
  TRY(run("update notices set outcome = ?, words = ?, by = ?, decided = ? where id = ? and outcome = ''",
          [&](Parameters& to) { to.text(outcome).text(words).text(by).time(at).integer(id); }));
  if (driver_.changes() != 1)
    return fail(ErrorKind::gone, concat("there is no notice ", std::to_string(id), " that waits"));
  return transaction.commit();
}

Result<std::int64_t> SqlModerationStore::forget_senders(Time before) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::process));
  TRY(run("update notices set name = '', mail = '' where decided < ? and (name <> '' or mail <> '')",
          [&](Parameters& to) { to.time(before); }));
  const std::int64_t forgotten = driver_.changes();
  TRY(transaction.commit());
  return forgotten;
}

Result<std::int64_t> SqlModerationStore::add_appeal(const Appeal& appeal) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
  TRY(const std::vector<std::int64_t> known,
      all<std::int64_t>(
          "select id from appeals where review = ? and version = ? and act = ? and outcome = ''",
          [&](Parameters& to) { to.integer(appeal.review).integer(appeal.version).integer(appeal.act); },
          [](Columns& row) { return row.integer(); }));
  if (!known.empty()) return known.front();
  TRY(const std::int64_t id,
      insert("insert into appeals (review, version, act, words, decided_by, at) values (?, ?, ?, ?, ?, ?) returning id",
             [&](Parameters& to) {
               to.integer(appeal.review).integer(appeal.version).integer(appeal.act);
               to.text(appeal.words).text(appeal.decided_by);
               to.time(appeal.at);
             }));
  TRY(transaction.commit());
  return id;
}

Result<std::vector<Appeal>> SqlModerationStore::appeals(bool waiting_only, int limit) {
  const std::string_view which = waiting_only ? "outcome = '' order by at, id" : "true order by at desc, id desc";
  return all<Appeal>(
      concat(kAppeal, which, " limit ?"), [&](Parameters& to) { to.integer(std::clamp(limit, 0, kMostRead)); },
      read_appeal);
}

Result<std::vector<Appeal>> SqlModerationStore::appeals_of(std::int64_t review) {
  return all<Appeal>(
      concat(kAppeal, "review = ? order by id"), [&](Parameters& to) { to.integer(review); }, read_appeal);
}

Result<void> SqlModerationStore::decide_appeal(std::int64_t id, const std::string& outcome, const std::string& answer,
                                               const std::string& by, Time at) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
  TRY(run("update appeals set outcome = ?, answer = ?, by = ?, decided = ? where id = ? and outcome = ''",
          [&](Parameters& to) { to.text(outcome).text(answer).text(by).time(at).integer(id); }));
  if (driver_.changes() != 1)
    return fail(ErrorKind::gone, concat("there is no appeal ", std::to_string(id), " that waits"));
  return transaction.commit();
}

}  // namespace vigie
