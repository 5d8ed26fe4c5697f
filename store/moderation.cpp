#include "store/moderation.h"

#include <algorithm>

#include "base/number.h"
#include "base/text.h"
#include "store/log_leaves.h"
#include "store/sql_moderation.h"

namespace vigie {
namespace {

constexpr int kMostRead = 10'000;

std::string lines_of(const std::vector<FoundSpan>& spans) {
  std::string out;
  for (const FoundSpan& span : spans) {
    out += concat(std::to_string(span.field), " ", std::to_string(span.from), " ", std::to_string(span.to), " ",
                  span.kind, "\n");
  }
  return out;
}

std::vector<FoundSpan> spans_of(std::string_view lines) {
  std::vector<FoundSpan> spans;
  for (const std::string_view line : split(lines, '\n')) {
    const std::vector<std::string_view> parts = split(line, ' ');
    if (parts.size() != 4) continue;
    const auto field = whole_number(parts[0]), from = whole_number(parts[1]), to = whole_number(parts[2]);
    if (!field || !from || !to || *field < 0 || *field >= static_cast<std::int64_t>(kReviewFields)) continue;
    spans.push_back({static_cast<ReviewField>(*field), static_cast<std::size_t>(*from), static_cast<std::size_t>(*to),
                     std::string(parts[3])});
  }
  return spans;
}

Undecided read_undecided(Columns& row) {
  Undecided one;
  one.review = row.integer();
  one.version = row.integer();
  one.checked = row.flag();
  return one;
}

}  // namespace

// --- checks

Result<std::vector<Undecided>> SqlModerationStore::undecided(int limit) {
  return all<Undecided>(
      "select v.review, v.leaf, c.at is not null from review_versions v join reviews r on r.id = v.review left join "
      "review_checks c on c.review = v.review and c.version = v.leaf where v.state = 'waiting' and r.undecided > 0 and "
      "r.state not in ('withdrawn', 'erased', 'expired') and coalesce(c.held, 0) = 0 order by v.review, v.leaf limit ?",
      [&](Parameters& to) { to.integer(std::clamp(limit, 0, kMostRead)); }, read_undecided);
}

Result<std::vector<Undecided>> SqlModerationStore::due(Time now, int limit) {
  return all<Undecided>(
      "select v.review, v.leaf, c.at is not null from review_versions v join reviews r on r.id = v.review left join "
      "review_checks c on c.review = v.review and c.version = v.leaf where v.state = 'waiting' and v.deadline <= ? and "
      "r.state not in ('withdrawn', 'erased', 'expired') order by v.deadline, v.review, v.leaf limit ?",
      [&](Parameters& to) { to.time(now).integer(std::clamp(limit, 0, kMostRead)); }, read_undecided);
}

Result<void> SqlModerationStore::save_checks(const std::vector<ReviewCheck>& checks) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::process));
  for (const ReviewCheck& check : checks) {
    const std::string marks = join_words(check.marks), spans = lines_of(check.spans);
    TRY(run(
        "insert into review_checks (review, version, at, marks, spans, held, print) values (?, ?, ?, ?, ?, ?, ?) on "
        "conflict (review, version) do update set at = excluded.at, marks = excluded.marks, spans = excluded.spans, "
        "held = excluded.held, print = excluded.print",
        [&](Parameters& to) {
          to.integer(check.review).integer(check.version).time(check.at).text(marks).text(spans);
          to.integer(check.held ? 1 : 0).hash(check.print);
        }));
  }
  return transaction.commit();
}

Result<std::vector<ReviewCheck>> SqlModerationStore::checks(std::int64_t review) {
  return all<ReviewCheck>(
      "select review, version, at, marks, spans, held, print from review_checks where review = ? order by version",
      [&](Parameters& to) { to.integer(review); },
      [](Columns& row) {
        ReviewCheck check;
        check.review = row.integer();
        check.version = row.integer();
        check.at = row.time();
        check.marks = split_words(row.view());
        check.spans = spans_of(row.view());
        check.held = row.flag();
        check.print = static_cast<std::uint64_t>(row.integer());
        return check;
      });
}

Result<std::optional<std::int64_t>> SqlModerationStore::copy_of(const std::string& brand, std::uint64_t print,
                                                                std::int64_t besides, Time since, Time until) {
  TRY(const Query query,
      driver_.prepare(
          "select r.id from review_checks c join reviews r on r.id = c.review where c.print = ? and r.brand "
          "= ? and r.id <> ? and r.received >= ? and r.received <= ? order by r.id limit 1"));
  Parameters(*query).hash(print).text(brand).integer(besides).time(since).time(until);
  TRY(const bool found, query->step());
  return found ? std::optional(query->integer(0)) : std::nullopt;
}

Result<std::vector<std::int64_t>> SqlModerationStore::to_expire(Time received_before, int limit) {
  return all<std::int64_t>(
      "select id from reviews where received < ? and exists (select 1 from review_keys where review = reviews.id) "
      "order "
      "by received, id limit ?",
      [&](Parameters& to) { to.time(received_before).integer(std::clamp(limit, 0, kMostRead)); },
      [](Columns& row) { return row.integer(); });
}

// --- collected reviews

Result<std::vector<ChangedMention>> SqlModerationStore::changed_mentions(int limit) {
  return all<ChangedMention>(
      "select number, seq from review_changes order by number limit ?",
      [&](Parameters& to) { to.integer(std::clamp(limit, 0, kMostRead)); },
      [](Columns& row) {
        ChangedMention one;
        one.number = row.integer();
        one.seq = row.integer();
        return one;
      });
}

Result<void> SqlModerationStore::taken_changes(std::int64_t number) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::process));
  TRY(run("delete from review_changes where number <= ?", [&](Parameters& to) { to.integer(number); }));
  return transaction.commit();
}

// --- what replies and improvements share

Result<std::int64_t> SqlModerationStore::append(const std::string& brand, const LeafToAppend& leaf) {
  TRY(const std::vector<AppendedLeaf> appended, append_to_log(driver_, brand, {leaf}));
  return appended.front().index;
}

Result<void> SqlModerationStore::keep_fields(const std::string& brand, std::int64_t leaf, const SealedFields& fields) {
  for (std::size_t field = 0; field < kReviewFields; ++field) {
    TRY(run("insert into wall_fields (brand, leaf, field, value, key) values (?, ?, ?, ?, ?)", [&](Parameters& to) {
      to.text(brand).integer(leaf).integer(static_cast<std::int64_t>(field));
      to.text(fields.values[field]).blob(fields.keys[field]);
    }));
  }
  return {};
}

Result<SealedFields> SqlModerationStore::fields_of(const std::string& brand, std::int64_t leaf) {
  TRY(const Query query, driver_.prepare("select field, value, key from wall_fields where brand = ? and leaf = ?"));
  Parameters(*query).text(brand).integer(leaf);
  SealedFields fields;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return fields;
    const std::int64_t field = query->integer(0);
    if (field < 0 || field >= static_cast<std::int64_t>(kReviewFields)) continue;
    fields.values[static_cast<std::size_t>(field)] = query->text(1);
    fields.keys[static_cast<std::size_t>(field)] = query->text(2);
  }
}

// --- who was told

Result<std::vector<Untold>> SqlModerationStore::untold(int limit) {
  std::vector<Untold> found;
  const int most = std::clamp(limit, 0, kMostRead);
  constexpr std::pair<std::string_view, std::string_view> kOwed[] = {
      {"act",
       "select number, review from review_acts where act in ('refuse', 'hide', 'mask') and not exists (select 1 "
       "from told t where t.review = review_acts.review and t.about = 'act:' || review_acts.number) order by number "
       "limit ?"},
      {"appeal",
       "select id, review from appeals where outcome <> '' and not exists (select 1 from told t where t.review = "
       "appeals.review and t.about = 'appeal:' || appeals.id) order by id limit ?"},
      {"notice",
       "select id, review from notices where not exists (select 1 from told t where t.review = notices.review "
       "and t.about = 'notice:' || notices.id) order by id limit ?"},
      {"notice-decided",
       "select id, review from notices where outcome <> '' and not exists (select 1 from told t where "
       "t.review = notices.review and t.about = 'notice-decided:' || notices.id) order by id limit ?"}};
  for (const auto& [what, sql] : kOwed) {
    TRY(const std::vector<Untold> some, all<Untold>(
                                            sql, [&](Parameters& to) { to.integer(most); },
                                            [&](Columns& row) {
                                              Untold one;
                                              one.what = what;
                                              one.id = row.integer();
                                              one.review = row.integer();
                                              return one;
                                            }));
    found.insert(found.end(), some.begin(), some.end());
  }
  return found;
}

Result<std::optional<ReviewAct>> SqlModerationStore::act(std::int64_t number) {
  TRY(std::vector<ReviewAct> found,
      all<ReviewAct>(
          "select number, review, version, leaf, act, code, words, by, who, at from review_acts where number = ?",
          [&](Parameters& to) { to.integer(number); },
          [](Columns& row) {
            ReviewAct act;
            act.number = row.integer();
            act.review = row.integer();
            act.version = row.integer();
            act.leaf = row.integer();
            act.act = row.text();
            act.code = row.text();
            act.words = row.text();
            act.by = row.text();
            act.who = row.text();
            act.at = row.time();
            return act;
          }));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

Result<void> SqlModerationStore::stop_telling(std::int64_t review) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
  TRY(run("update reviews set tell = 0 where id = ?", [&](Parameters& to) { to.integer(review); }));
  return transaction.commit();
}

Result<void> SqlModerationStore::set_told(std::int64_t review, const std::string& about, const std::string& how,
                                          Time at) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::process));
  TRY(run("insert into told (review, about, at, how) values (?, ?, ?, ?) on conflict do nothing",
          [&](Parameters& to) { to.integer(review).text(about).time(at).text(how); }));
  return transaction.commit();
}

Result<std::string> SqlModerationStore::how_told(std::int64_t review) {
  TRY(const std::vector<std::string> found,
      all<std::string>(
          "select t.how from review_acts a join told t on t.review = a.review and t.about = 'act:' || a.number where "
          "a.review = ? order by a.number desc limit 1",
          [&](Parameters& to) { to.integer(review); }, [](Columns& row) { return row.text(); }));
  return found.empty() ? std::string() : found.front();
}

std::unique_ptr<ModerationStore> make_moderation_store(Driver& driver) {
  return std::make_unique<SqlModerationStore>(driver);
}

}  // namespace vigie
