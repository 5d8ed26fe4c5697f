// Which mentions of a source are stored, by how their ids begin.

#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {

// A range of the unique index on (source, ext_id): the first text behind all that start with the prefix ends it.
Result<std::vector<std::string>> SqlStore::ids_under(const std::string& source, const std::string& prefix, int limit) {
  std::vector<std::string> ids;
  if (prefix.empty()) return ids;
  std::string behind = prefix;
  behind.back() = static_cast<char>(behind.back() + 1);
  TRY(const Query query, driver_->prepare("select ext_id from mentions where source = ? and ext_id >= ? and ext_id < ? "
                                          "and deleted = 0 order by ext_id limit ?"));
  Parameters(*query).text(source).text(prefix).text(behind).integer(limit);
  for (;;) {
    TRY(const bool row, query->step());
    if (!row) return ids;
    ids.emplace_back(query->text(0));
  }
}

}  // namespace vigie
