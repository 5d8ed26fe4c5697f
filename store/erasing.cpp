#include "store/erasing.h"

#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {
namespace {

constexpr std::string_view kDelete =
    "update mentions set deleted = 1, exact = 0, near = 0, content = 0, drivers = '[]', url = '', native = '', "
    "author_id = '', author_name = '', author_handle = '', author_followers = null, parent = '', thread = '', "
    "reply_text = null, reply_created = null, place = '', title = '', text = '' where seq = ?";

constexpr std::string_view kExpire =
    "update mentions set erased = 1, exact = 0, near = 0, drivers = '[]', author_id = '', author_name = '', "
    "author_handle = '', author_followers = null, reply_text = null, reply_created = null, title = '', text = '' "
    "where seq = ?";

struct Expiring {
  std::string source;
  Duration keep_for{};
  std::int64_t erased_to = 0;
};

Result<std::vector<Expiring>> expiring(Driver& driver) {
  TRY(const Query query, driver.prepare("select source, keep_for, erased_to from sources where keep_for is not null"));
  std::vector<Expiring> found;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    Columns row(*query);
    Expiring source;
    source.source = row.text();
    source.keep_for = Duration(row.integer());
    source.erased_to = row.integer();
    found.push_back(std::move(source));
  }
}

struct Old {
  std::int64_t seq = 0;
  bool empty = false;
  std::string title, text;
  std::vector<std::string> brands;
};

Result<std::vector<Old>> older_than(Driver& driver, const Expiring& source, Time before, int limit) {
  TRY(const Query query, driver.prepare("select seq, deleted or erased, title, text, brands, ingested from mentions "
                                        "where source = ? and seq > ? order by seq limit ?"));
  Parameters(*query).text(source.source).integer(source.erased_to).integer(limit);
  std::vector<Old> found;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    Columns row(*query);
    Old old;
    old.seq = row.integer();
    old.empty = row.flag();
    old.title = row.text();
    old.text = row.text();
    old.brands = split_lines(row.view());
    if (row.time() > before) return found;
    found.push_back(std::move(old));
  }
}

Result<void> forget_rejected(Driver& driver, std::string_view source, Time before) {
  TRY(const Query query, driver.prepare("delete from rejected where source = ? and first_at <= ?"));
  Parameters(*query).text(source).time(before);
  TRY(query->step());
  return {};
}

}  // namespace

Result<void> erase_mention(Driver& driver, const ErasedMention& mention, Erasure erasure) {
  if (!mention.title.empty() || !mention.text.empty()) {
    TRY(driver.remove_words(mention.seq, mention.title, mention.text));
  }
  const std::string_view erase = erasure == Erasure::deleted ? kDelete : kExpire;
  for (const std::string_view sql : {erase, std::string_view("delete from versions where seq = ?")}) {
    TRY(const Query query, driver.prepare(sql));
    Parameters(*query).integer(mention.seq);
    TRY(query->step());
  }
  return {};
}

Result<std::int64_t> SqlStore::erase_expired(Time now, int limit) {
  TRY(const std::vector<Expiring> sources, expiring(*driver_));
  std::int64_t erased = 0;
  for (const Expiring& source : sources) {
    const Time before = now - source.keep_for;
    TRY(Transaction transaction, Transaction::begin(*driver_, Durability::power));
    TRY(const std::vector<Old> all, older_than(*driver_, source, before, limit));
    for (const Old& old : all) {
      if (old.empty) continue;
      TRY(erase_mention(*driver_, {old.seq, old.title, old.text}, Erasure::expired));
      committer_.forget(old.brands, old.seq);
      ++erased;
    }
    TRY(forget_rejected(*driver_, source.source, before));
    if (!all.empty()) {
      TRY(const Query place, driver_->prepare("update sources set erased_to = ? where source = ?"));
      Parameters(*place).integer(all.back().seq).text(source.source);
      TRY(place->step());
    }
    TRY(transaction.commit());
  }
  return erased;
}

}  // namespace vigie
