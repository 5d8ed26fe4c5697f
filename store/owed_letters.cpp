#include "store/owed_letters.h"

#include "base/text.h"
#include "store/rows.h"

namespace vigie {
namespace {

template <class Bind>
Result<std::vector<std::string>> letters_where(Driver& driver, std::string_view condition, const Bind& bind) {
  TRY(const Query query,
      driver.prepare(concat("select id from notifications where ", condition, " order by created, seq, id")));
  Parameters to(*query);
  bind(to);
  std::vector<std::string> found;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    found.emplace_back(query->text(0));
  }
}

}  // namespace

Result<std::vector<std::string>> letters_about_review(Driver& driver, std::int64_t review) {
  return letters_where(driver, "subject_kind = 'author' and subject_id = 'review-' || ?",
                       [&](Parameters& to) { to.integer(review); });
}

Result<std::vector<std::string>> letters_to_customer(Driver& driver, std::int64_t contact) {
  return letters_where(driver,
                       "subject_kind = 'survey' and subject_id in (select 'survey-' || id from survey_invitations "
                       "where contact = ?)",
                       [&](Parameters& to) { to.integer(contact); });
}

Result<std::vector<std::string>> letters_to_sender(Driver& driver, std::int64_t notice) {
  return letters_where(driver,
                       "subject_kind = 'author' and purpose in ('notice', 'notice-decided') and subject_id = "
                       "(select 'review-' || review from notices where id = ?1) and "
                       "instr(document, '\"id\":' || ?1 || ',') > 0",
                       [&](Parameters& to) { to.integer(notice); });
}

Result<bool> empty_letters(Driver& driver, const std::vector<std::string>& messages) {
  bool waited = false;
  for (const std::string& id : messages) {
    for (const std::string_view sql :
         {"update notifications set recipient = '', last_error = '', detail = '' where id = ? and subject_kind in "
          "('author', 'survey')",
          "delete from payloads where notification = (select id from notifications where id = ? and subject_kind in "
          "('author', 'survey'))"}) {
      TRY(const Query query, driver.prepare(sql));
      Parameters(*query).text(id);
      TRY(query->step());
      waited = waited || (sql.starts_with("delete") && driver.changes() > 0);
    }
  }
  return waited;
}

}  // namespace vigie
