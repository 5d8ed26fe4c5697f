// What pages, reports and the watch ask about mentions.

#include <variant>

#include "store/hours.h"
#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {
namespace {

constexpr int kMostMentions = 1000;
constexpr int kMostAfter = 100'000;
constexpr Duration kLongestSeries = 3660 * kDay;

// A condition and its parameters, in order.
struct Where {
  std::string sql = "m.deleted = 0";
  std::vector<std::variant<std::int64_t, std::string>> values;

  void integer(std::string_view condition, std::int64_t value) {
    sql += concat(" and ", condition);
    values.emplace_back(value);
  }
  void text(std::string_view condition, std::string_view value) {
    sql += concat(" and ", condition);
    values.emplace_back(std::string(value));
  }
  void bind(Parameters& row) const {
    for (const auto& value : values) {
      if (const auto* number = std::get_if<std::int64_t>(&value)) {
        row.integer(*number);
      } else {
        row.text(std::get<std::string>(value));
      }
    }
  }
};

// A brand is found by its own index, whose columns are b's.
std::string_view from(const MentionFilter& filter) {
  return filter.brand.empty() ? "mentions m" : "mention_brand b join mentions m on m.seq = b.seq";
}

std::string order(const MentionFilter& filter) {
  const std::string_view table = filter.brand.empty() ? "m" : "b";
  if (!filter.by_event_time) return concat(table, ".seq desc");
  return concat(table, ".event desc, ", table, ".seq desc");
}

void only_sources(const std::vector<std::string>& sources, Where& where) {
  if (sources.empty()) return;
  std::string marks = "m.source in (";
  for (std::size_t i = 0; i < sources.size(); ++i) {
    marks += i == 0 ? "?" : ", ?";
    where.values.emplace_back(sources[i]);
  }
  where.sql += concat(" and ", marks, ")");
}

Result<Where> where_of(Driver& driver, const MentionFilter& filter) {
  Where where;
  if (!filter.brand.empty()) where.text("b.brand = ?", filter.brand);
  if (filter.reviews_only)
    where.sql += filter.brand.empty() ? " and m.kind in ('review', 'survey')" : " and b.review = 1";
  if (!filter.source.empty()) where.text("m.source = ?", filter.source);
  only_sources(filter.sources, where);
  if (filter.label) where.text("coalesce(m.human, m.label) = ?", to_text(*filter.label));
  if (filter.stars) where.integer("cast(m.stars + 0.5 as integer) = ?", *filter.stars);
  if (!filter.search.empty()) {
    TRY(const std::string expression, driver.search_expression(filter.search));
    if (expression.empty()) {
      where.sql += " and 1 = 0";  // "???" holds no word: nothing can contain it
    } else {
      where.text(driver.search_condition(), expression);
    }
  }
  return where;
}

Result<std::vector<StoredMention>> read_all(Statement& query) {
  std::vector<StoredMention> found;
  for (;;) {
    TRY(const bool more, query.step());
    if (!more) return found;
    found.push_back(read_mention(query));
  }
}

const std::string& columns() {
  static const std::string text = mention_columns_of("m");
  return text;
}

Result<std::int64_t> count(Driver& driver, std::string_view sql) {
  TRY(const Query query, driver.prepare(sql));
  TRY(query->step());
  return query->integer(0);
}

}  // namespace

Result<std::vector<StoredMention>> SqlStore::mentions_after(std::int64_t seq, int limit) {
  static const std::string sql =
      concat("select ", columns(), " from mentions m where m.seq > ? and m.deleted = 0 order by m.seq limit ?");
  TRY(const Query query, driver_->prepare(sql));
  Parameters(*query).integer(seq).integer(std::clamp(limit, 0, kMostAfter));
  return read_all(*query);
}

Result<std::vector<StoredMention>> SqlStore::mentions(const MentionFilter& filter) {
  TRY(Where where, where_of(*driver_, filter));
  if (filter.before > 0) where.integer(filter.brand.empty() ? "m.seq < ?" : "b.seq < ?", filter.before);
  TRY(const Query query, driver_->prepare(concat("select ", columns(), " from ", from(filter), " where ", where.sql,
                                                 " order by ", order(filter), " limit ? offset ?")));
  Parameters row(*query);
  where.bind(row);
  row.integer(std::clamp(filter.limit, 0, kMostMentions))
      .integer(filter.by_event_time ? std::max(filter.offset, 0) : 0);
  return read_all(*query);
}

Result<std::optional<StoredMention>> SqlStore::mention(std::int64_t seq) {
  static const std::string sql = concat("select ", columns(), " from mentions m where m.seq = ?");
  TRY(const Query query, driver_->prepare(sql));
  query->bind_integer(1, seq);
  TRY(const bool found, query->step());
  return found ? std::optional(read_mention(*query)) : std::nullopt;
}

Result<std::vector<StoredMention>> SqlStore::mentions_by_seq(const std::vector<std::int64_t>& seqs) {
  std::vector<StoredMention> found;
  for (const std::int64_t seq : seqs) {
    TRY(std::optional<StoredMention> stored, mention(seq));
    if (stored) found.push_back(*std::move(stored));
  }
  return found;
}

Result<std::vector<HourCount>> SqlStore::hourly(const std::string& brand, Time since, Time to) {
  if (to - since > kLongestSeries)
    return fail(ErrorKind::bad_data, "an hourly series spans at most ten years; ask for less");
  std::vector<HourCount> series;
  const Time first = hour_of(since);
  for (Time hour = first; hour < to; hour += hours(1)) series.push_back({hour, 0, 0});
  TRY(const Query query,
      driver_->prepare("select hour, total, negatives from hourly where brand = ? and hour >= ? and hour < ?"));
  Parameters(*query).text(brand).time(first).time(to);
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return series;
    Columns row(*query);
    const Time hour = row.time();
    HourCount& at = series[static_cast<std::size_t>((hour - first) / hours(1))];
    at.total = row.integer();
    at.negatives = row.integer();
  }
}

Result<std::int64_t> SqlStore::count_mentions() { return count(*driver_, "select count(*) from mentions"); }

Result<std::int64_t> SqlStore::count_rejected() { return count(*driver_, "select count(*) from rejected"); }

Result<std::vector<Store::RejectedRow>> SqlStore::rejected(std::string_view source, int limit) {
  TRY(const Query query,
      driver_->prepare("select id, source, reason, bytes, at from rejected where (?1 = '' or source = ?1) "
                       "order by at desc, id desc limit ?2"));
  Parameters(*query).text(source).integer(std::clamp(limit, 0, kMostMentions));
  std::vector<RejectedRow> found;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    Columns row(*query);
    RejectedRow rejected_row;
    rejected_row.id = row.integer();
    rejected_row.source = row.text();
    rejected_row.reason = row.text();
    rejected_row.bytes = row.text();
    rejected_row.at = row.time();
    found.push_back(std::move(rejected_row));
  }
}

}  // namespace vigie
