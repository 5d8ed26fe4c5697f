// What the collect loop remembers: facts of sources, pace, allowances, ceilings, moved addresses, looking again.

#include "store/rows.h"
#include "store/sql_store.h"

namespace vigie {
namespace {

// Runs a statement that is its own transaction.
template <class Bind>
Result<void> write(Driver& driver, Durability durability, std::string_view sql, Bind bind) {
  TRY(Transaction transaction, Transaction::begin(driver, durability));
  TRY(const Query query, driver.prepare(sql));
  Parameters row(*query);
  bind(row);
  TRY(query->step());
  return transaction.commit();
}

template <class Row, class Read>
Result<std::vector<Row>> read_rows(Statement& query, Read read) {
  std::vector<Row> rows;
  for (;;) {
    TRY(const bool more, query.step());
    if (!more) return rows;
    Columns row(query);
    rows.push_back(read(row));
  }
}

}  // namespace

Result<void> SqlStore::save_facts(const SourceFacts& facts) {
  return write(*driver_, Durability::process,
               "insert into sources (source, network, keep_text, keep_for, attribution) values (?, ?, ?, ?, ?) "
               "on conflict (source) do update set network = excluded.network, keep_text = excluded.keep_text, "
               "keep_for = excluded.keep_for, attribution = excluded.attribution",
               [&](Parameters& row) {
                 row.text(facts.source).text(facts.network).integer(facts.keep_text);
                 if (facts.keep_for) {
                   row.integer(facts.keep_for->count());
                 } else {
                   row.null();
                 }
                 row.text(facts.attribution);
               });
}

Result<std::vector<SourceFacts>> SqlStore::facts() {
  TRY(const Query query, driver_->prepare("select source, network, keep_text, keep_for, attribution from sources "
                                          "order by source"));
  return read_rows<SourceFacts>(*query, [](Columns& row) {
    SourceFacts facts;
    facts.source = row.text();
    facts.network = row.text();
    facts.keep_text = row.flag();
    if (const auto micros = row.integer_or_null()) facts.keep_for = Duration(*micros);
    facts.attribution = row.text();
    return facts;
  });
}

Result<std::vector<DayCount>> SqlStore::arrivals(const std::string& source) {
  TRY(const Query query,
      driver_->prepare("select day, items from (select day, items from arrivals where source = ? order by day desc "
                       "limit 60) order by day"));
  query->bind_text(1, source);
  return read_rows<DayCount>(*query, [](Columns& row) {
    const Time day = row.time();
    return DayCount{day, row.integer()};
  });
}

Result<std::vector<Allowance>> SqlStore::allowances() {
  TRY(const Query query, driver_->prepare("select name, tokens, at, rest_until from allowances order by name"));
  return read_rows<Allowance>(*query, [](Columns& row) {
    Allowance allowance;
    allowance.name = row.text();
    allowance.tokens = row.real();
    allowance.at = row.time();
    allowance.rest_until = row.time();
    return allowance;
  });
}

Result<void> SqlStore::save_allowance(const Allowance& allowance) {
  return write(*driver_, Durability::process,
               "insert into allowances (name, tokens, at, rest_until) values (?, ?, ?, ?) on conflict (name) do update "
               "set tokens = excluded.tokens, at = excluded.at, rest_until = excluded.rest_until",
               [&](Parameters& row) {
                 row.text(allowance.name).real(allowance.tokens).time(allowance.at).time(allowance.rest_until);
               });
}

Result<std::int64_t> SqlStore::spent(const std::string& name, Time period) {
  TRY(const Query query, driver_->prepare("select items from spending where name = ? and period = ?"));
  Parameters(*query).text(name).time(period);
  TRY(const bool found, query->step());
  return found ? query->integer(0) : 0;
}

Result<std::int64_t> SqlStore::spend(const std::string& name, Time period, std::int64_t items) {
  TRY(write(*driver_, Durability::process,
            "insert into spending (name, period, items) values (?, ?, ?) on conflict (name, period) do update set "
            "items = items + excluded.items",
            [&](Parameters& row) { row.text(name).time(period).integer(items); }));
  return spent(name, period);
}

Result<std::vector<Move>> SqlStore::moves() {
  TRY(const Query query,
      driver_->prepare("select source, old_url, new_url, first_at, polls, used_since from moves order by source"));
  return read_rows<Move>(*query, [](Columns& row) {
    Move move;
    move.source = row.text();
    move.old_url = row.text();
    move.new_url = row.text();
    move.first_at = row.time();
    move.polls = row.small();
    move.used_since = row.time_or_null();
    return move;
  });
}

Result<void> SqlStore::save_move(const Move& move) {
  return write(*driver_, Durability::process,
               "insert into moves (source, old_url, new_url, first_at, polls, used_since) values (?, ?, ?, ?, ?, ?) "
               "on conflict (source) do update set old_url = excluded.old_url, new_url = excluded.new_url, "
               "first_at = excluded.first_at, polls = excluded.polls, used_since = excluded.used_since",
               [&](Parameters& row) {
                 row.text(move.source).text(move.old_url).text(move.new_url).time(move.first_at);
                 row.integer(move.polls).time_or_null(move.used_since);
               });
}

Result<void> SqlStore::forget_move(const std::string& source) {
  return write(*driver_, Durability::process, "delete from moves where source = ?",
               [&](Parameters& row) { row.text(source); });
}

Result<Look> SqlStore::look(const std::string& source, Duration age, Time now) {
  Look look;
  look.source = source;
  look.age = age;
  TRY(const Query query, driver_->prepare("select seq, held_until, held_to, believed_until, begun from looks "
                                          "where source = ? and age = ?"));
  Parameters(*query).text(source).integer(age.count());
  TRY(const bool found, query->step());
  if (found) {
    Columns row(*query);
    look.seq = row.integer();
    look.held_until = row.time_or_null();
    look.held_to = row.integer();
    look.believed_until = row.time_or_null();
    look.begun = row.time_or_null();
    return look;
  }
  if (age == Duration::zero()) return look;
  // A definition that learns to look again must not begin with years of mentions: what was due long ago is left.
  TRY(const Query old, driver_->prepare("select seq from mentions where source = ? and ingested <= ? "
                                        "order by seq desc limit 1"));
  Parameters(*old).text(source).time(now - age - kDay);
  TRY(const bool any, old->step());
  look.seq = any ? old->integer(0) : 0;
  return look;
}

Result<void> SqlStore::save_look(const Look& look) {
  return write(*driver_, Durability::power,
               "insert into looks (source, age, seq, held_until, held_to, believed_until, begun) "
               "values (?, ?, ?, ?, ?, ?, ?) on conflict (source, age) do update set seq = excluded.seq, "
               "held_until = excluded.held_until, held_to = excluded.held_to, "
               "believed_until = excluded.believed_until, begun = excluded.begun",
               [&](Parameters& row) {
                 row.text(look.source).integer(look.age.count()).integer(look.seq).time_or_null(look.held_until);
                 row.integer(look.held_to).time_or_null(look.believed_until).time_or_null(look.begun);
               });
}

Result<DueMentions> SqlStore::due_mentions(const Look& look, std::int64_t to, Time now, int limit) {
  DueMentions due;
  TRY(const Query query,
      driver_->prepare("select seq, ext_id, native, ingested, coalesce(nullif(author_id, ''), "
                       "nullif(author_handle, ''), author_name) from mentions "
                       "where source = ? and seq > ? and deleted = 0 and erased <= ? order by seq limit ?"));
  // Nothing is owed any more for what has lost its text and author: no sweep asks for it.
  Parameters(*query).text(look.source).integer(look.seq).integer(look.begun ? 0 : 1).integer(limit);
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return due;
    Columns row(*query);
    DueMention mention;
    mention.seq = row.integer();
    mention.id = row.text();
    mention.native = row.text();
    const Time ingested = row.time();
    mention.author = row.text();
    if (to > 0 && mention.seq > to) return due;
    // In order of seq; a younger one in between (two collectors) makes its neighbours wait a little.
    if (ingested + look.age > now) {
      if (due.mentions.empty()) due.next = ingested;
      return due;
    }
    due.mentions.push_back(std::move(mention));
  }
}

Result<std::vector<std::string>> SqlStore::hurried(Time now) {
  TRY(const Query query, driver_->prepare("select source from hurried where until > ? order by source"));
  Parameters(*query).time(now);
  return read_rows<std::string>(*query, [](Columns& row) { return row.text(); });
}

}  // namespace vigie
