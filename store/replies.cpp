// The brand's replies, each with its rep entry.

#include "store/sql_moderation.h"

namespace vigie {

Result<std::int64_t> SqlModerationStore::add_reply(const Reply& reply, const LeafToAppend& leaf) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
  TRY(const std::int64_t index, append(reply.brand, leaf));
  TRY(const std::int64_t id,
      insert("insert into replies (brand, review, ref, leaf, by, source, at) values (?, ?, ?, ?, ?, ?, ?) returning id",
             [&](Parameters& to) {
               to.text(reply.brand).integer(reply.review).integer(reply.ref).integer(index);
               to.text(reply.by).text(reply.source).time(reply.at);
             }));
  TRY(keep_fields(reply.brand, index, reply.fields));
  TRY(transaction.commit());
  return id;
}

Result<void> SqlModerationStore::withdraw_reply(std::int64_t id, Time at, const LeafToAppend& leaf) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
  TRY(const std::vector<Reply> found, read_replies("id = ?", id));
  if (found.empty() || found.front().withdrawn)
    return fail(ErrorKind::gone, concat("there is no reply ", std::to_string(id), " that stands"));
  TRY(const std::int64_t index, append(found.front().brand, leaf));
  TRY(run("update replies set withdrawn = ?, withdrawn_leaf = ? where id = ?",
          [&](Parameters& to) { to.time(at).integer(index).integer(id); }));
  return transaction.commit();
}

Result<std::optional<Reply>> SqlModerationStore::reply(std::int64_t id) {
  TRY(std::vector<Reply> found, read_replies("id = ?", id));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

Result<std::optional<Reply>> SqlModerationStore::reply_to(std::int64_t review) {
  TRY(std::vector<Reply> found, read_replies("review = ? and withdrawn is null", review));
  if (found.empty()) return std::nullopt;
  return std::move(found.back());
}

Result<std::vector<Reply>> SqlModerationStore::replies_to(std::int64_t review) {
  return read_replies("review = ?", review);
}

Result<std::vector<Reply>> SqlModerationStore::read_replies(std::string_view condition, std::int64_t key) {
  TRY(std::vector<Reply> found,
      all<Reply>(
          concat("select id, review, ref, brand, leaf, by, source, at, withdrawn, withdrawn_leaf from replies "
                 "where ",
                 condition, " order by id"),
          [&](Parameters& to) { to.integer(key); },
          [](Columns& row) {
            Reply reply;
            reply.id = row.integer();
            reply.review = row.integer();
            reply.ref = row.integer();
            reply.brand = row.text();
            reply.leaf = row.integer();
            reply.by = row.text();
            reply.source = row.text();
            reply.at = row.time();
            reply.withdrawn = row.time_or_null();
            reply.withdrawn_leaf = row.integer();
            return reply;
          }));
  for (Reply& reply : found) {
    TRY(reply.fields, fields_of(reply.brand, reply.leaf));
  }
  return found;
}

}  // namespace vigie
