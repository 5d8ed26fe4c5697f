// Stored mentions read again for replays: millions in a row, so only the columns that rules count by, and no memory
// taken anew for each row.
//
// Of every brand: along the table in the order of seq, each page once. Of one brand: by its own key and then a mention
// each, which for a brand that is a small part of the whole reads less. A copy of these columns in the order of (brand,
// seq) would spare the second way its jumps, and cost every mention another row when it comes in: docs/benchmarks.md.

#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {
namespace {

// In the order they lie in a row: SQLite walks it from its start.
constexpr std::string_view kLean =
    "m.seq, m.ingested, m.event, m.original, m.history, m.edited, m.brands, m.label, m.human, m.p_neg, m.p_neu, "
    "m.p_pos, m.themes, m.cues, m.source, m.kind, m.author_id, m.author_handle, m.author_followers, m.rating, "
    "m.rating_min, m.rating_max, "
    "m.parent, m.reply_created, m.reply_text is not null, m.aspects";

void assign_lines(std::string_view text, std::vector<std::string>& lines) {
  std::size_t n = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (n == lines.size()) lines.emplace_back();
    lines[n++].assign(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  lines.resize(n);
}

void read_lean(const Statement& statement, StoredMention& into) {
  Columns row(statement);
  into.seq = row.integer();
  into.ingested = row.time();
  into.event = row.time();
  into.original = row.integer();
  into.history = row.flag();
  into.edited = row.flag();
  assign_lines(row.view(), into.brands);
  Judgement& judgement = into.judgement;
  judgement.label = label_from(row.view()).value_or(Label::neutral);
  judgement.human = label_from(row.view());
  judgement.p_neg = row.real();
  judgement.p_neu = row.real();
  judgement.p_pos = row.real();
  assign_lines(row.view(), judgement.themes);
  assign_lines(row.view(), judgement.cues);
  Mention& mention = into.mention;
  mention.source.assign(row.view());
  mention.kind.assign(row.view());
  mention.author.id.assign(row.view());
  mention.author.handle.assign(row.view());
  mention.author.followers = row.integer_or_null();
  mention.rating.reset();
  if (row.null()) {
    row.skip_one();
    row.skip_one();
    row.skip_one();
  } else {
    const double value = row.real(), min = row.real(), max = row.real();
    mention.rating = Rating{value, min, max};
  }
  mention.parent.assign(row.view());
  const std::optional<Time> replied = row.time_or_null();
  mention.reply.reset();
  if (row.flag()) mention.reply = OwnReply{"", replied};
  const std::string_view aspects = row.view();
  judgement.aspects.clear();
  if (aspects.size() > 2) judgement.aspects = read_aspects(aspects);
}

class SqlHistory final : public History {
 public:
  SqlHistory(Query query, const HistoryRead& read) : query_(std::move(query)), read_(read) {
    Parameters row(*query_);
    if (!read_.brand.empty()) row.text(read_.brand);
    row.integer(read_.after);
  }

  Result<bool> next(StoredMention& into) override {
    for (;;) {
      TRY(const bool more, query_->step());
      if (!more) return false;
      if (read_.words) {
        into = read_mention(*query_);
      } else {
        read_lean(*query_, into);
      }
      // Sources overtake each other by seconds: one that came too late does not end the reading.
      if (!read_.before || into.ingested < *read_.before) return true;
      if (into.ingested > *read_.before + kOvertaking) return false;
    }
  }

 private:
  static constexpr Duration kOvertaking = kDay;

  Query query_;
  const HistoryRead read_;  // its text is lent to the statement
};

}  // namespace

Result<std::unique_ptr<History>> SqlStore::history(const HistoryRead& read) {
  static const std::string full = mention_columns_of("m");
  const std::string_view columns = read.words ? std::string_view(full) : kLean;
  const std::string sql =
      read.brand.empty()
          ? concat("select ", columns, " from mentions m where m.seq > ? and m.deleted = 0 order by m.seq")
          : concat("select ", columns,
                   " from mention_brand b cross join mentions m on m.seq = b.seq where b.brand = ? and b.seq > ? "
                   "and m.deleted = 0 order by b.seq");
  TRY(Query query, driver_->prepare(sql));
  return std::make_unique<SqlHistory>(std::move(query), read);
}

Result<std::int64_t> SqlStore::last_seq() {
  TRY(const Query query, driver_->prepare("select coalesce(max(seq), 0) from mentions"));
  TRY(query->step());
  return query->integer(0);
}

Result<std::int64_t> SqlStore::seq_before(Time ingested) {
  TRY(const Query probe, driver_->prepare("select ingested from mentions where seq >= ? order by seq limit 1"));
  TRY(const std::int64_t last, last_seq());
  std::int64_t low = 0, high = last;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    probe->bind_integer(1, middle + 1);
    TRY(const bool found, probe->step());
    const bool before = found && from_epoch_micros(probe->integer(0)) < ingested;
    probe->reset();
    if (before) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

Result<ChangedSince> SqlStore::changed_since(const std::string& brand, Time from, Time to) {
  TRY(const Query query,
      driver_->prepare(
          "select count(case when m.deleted then 1 end), "
          "count(case when exists (select 1 from versions v where v.seq = m.seq and v.replaced > ?4) then 1 end), "
          "count(case when exists (select 1 from corrections c where c.seq = m.seq and c.at > ?4) then 1 end) "
          "from mention_brand b cross join mentions m on m.seq = b.seq "
          "where b.brand = ?1 and b.event >= ?2 and b.event <= ?3 and m.ingested <= ?4"));
  Parameters(*query).text(brand).time(from).time(to).time(to);
  TRY(query->step());
  return ChangedSince{query->integer(0), query->integer(1), query->integer(2)};
}

}  // namespace vigie
