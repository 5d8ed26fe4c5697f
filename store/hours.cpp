#include "store/hours.h"

#include <unordered_set>

#include "base/secret.h"
#include "store/rows.h"

namespace vigie {
namespace {

constexpr std::string_view kKnownFrom = "hours.authors_from";  // a setting: microseconds

}  // namespace

Time hour_of(Time time) { return std::chrono::floor<hours>(time); }

std::uint64_t author_of(const Author& author, std::string_view source, std::string_view id) {
  if (!author.id.empty()) return hash64(concat("id\n", author.id));
  if (!author.handle.empty()) return hash64(concat("handle\n", author.handle));
  if (!author.name.empty()) return hash64(concat("name\n", author.name));
  return hash64(concat("mention\n", source, "\n", id));
}

Result<void> Hours::begin() {
  added_.clear();
  again_.clear();
  TRY(const Query query, driver_.prepare("select cast(value as integer) from settings where key = ?"));
  query->bind_text(1, kKnownFrom);
  TRY(const bool found, query->step());
  known_from_ = found ? from_epoch_micros(query->integer(0)) : Time::min();
  TRY(insert_author_,
      driver_.prepare("insert into hour_authors (brand, hour, author) values (?, ?, ?) on conflict do nothing"));
  return {};
}

Result<void> Hours::add(const std::string& brand, Time event, bool negative, std::uint64_t author) {
  const Key key{brand, hour_of(event)};
  if (key.second < known_from_) {  // a late arrival: who was counted then is only known from the mentions
    again_.insert(key);
    return {};
  }
  bool counts = false;
  if (negative) {
    TRY(counts, first_of_author(key, author));
  }
  Count& count = added_[key];
  count.total += 1;
  count.negatives += counts;
  return {};
}

void Hours::count_again(const std::string& brand, Time event) { again_.insert({brand, hour_of(event)}); }

Result<void> Hours::write() {
  for (const auto& [key, count] : added_) {
    if (again_.contains(key)) continue;
    TRY(put(key, count,
            "insert into hourly (brand, hour, total, negatives) values (?, ?, ?, ?) on conflict (brand, hour) "
            "do update set total = hourly.total + excluded.total, negatives = hourly.negatives + excluded.negatives"));
  }
  for (const Key& key : again_) {
    TRY(recount(key));
  }
  return {};
}

Result<bool> Hours::first_of_author(const Key& key, std::uint64_t author) {
  Parameters(*insert_author_).text(key.first).time(key.second).hash(author);
  TRY(insert_author_->step());
  insert_author_->reset();
  return driver_.changes() == 1;
}

Result<void> Hours::recount(const Key& key) {
  Count count;
  std::unordered_set<std::uint64_t> authors;
  TRY(const Query query,
      driver_.prepare(
          "select m.author_id, m.author_name, m.author_handle, m.source, m.ext_id, m.label, m.human, "
          "m.aspects "
          "from mention_brand b join mentions m on m.seq = b.seq where b.brand = ? and b.event >= ? and b.event < ?"));
  Parameters(*query).text(key.first).time(key.second).time(key.second + hours(1));
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) break;
    ++count.total;
    Judgement judgement;
    judgement.label = label_from(query->text(5)).value_or(Label::neutral);
    judgement.human = label_from(query->text(6));
    judgement.aspects = read_aspects(query->text(7));
    if (judgement.effective_for(key.first) != Label::negative) continue;
    const Author author{std::string(query->text(0)), std::string(query->text(1)), std::string(query->text(2)),
                        std::nullopt};
    authors.insert(author_of(author, query->text(3), query->text(4)));
  }
  TRY(const Query forget, driver_.prepare("delete from hour_authors where brand = ? and hour = ?"));
  Parameters(*forget).text(key.first).time(key.second);
  TRY(forget->step());
  for (const std::uint64_t author : authors) {
    TRY(first_of_author(key, author));
  }
  count.negatives = static_cast<std::int64_t>(authors.size());
  return put(key, count,
             "insert into hourly (brand, hour, total, negatives) values (?, ?, ?, ?) on conflict (brand, hour) "
             "do update set total = excluded.total, negatives = excluded.negatives");
}

Result<void> Hours::put(const Key& key, const Count& count, std::string_view sql) {
  TRY(const Query query, driver_.prepare(sql));
  Parameters(*query).text(key.first).time(key.second).integer(count.total).integer(count.negatives);
  TRY(query->step());
  return {};
}

Result<void> forget_hour_authors(Driver& driver, Time from) {
  const std::string horizon = std::to_string(to_epoch_micros(hour_of(from)));
  TRY(const Query mark,
      driver.prepare("insert into settings (key, value) values (?, ?) on conflict (key) do update set "
                     "value = excluded.value where cast(settings.value as integer) < cast(excluded.value as integer)"));
  Parameters(*mark).text(kKnownFrom).text(horizon);
  TRY(mark->step());
  TRY(const Query forget, driver.prepare("delete from hour_authors where hour < ?"));
  Parameters(*forget).time(hour_of(from));
  TRY(forget->step());
  return {};
}

}  // namespace vigie
