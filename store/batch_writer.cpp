#include "store/batch_writer.h"

#include "base/secret.h"
#include "base/text.h"
#include "store/erasing.h"

namespace vigie {
namespace {

constexpr std::size_t kMostRejectedBytes = 64u << 10;

// Columns an edit leaves alone: the order (seq), when it came, where it is counted (event), and what it was first taken
// for (fingerprints, original): an edit raises no second alert.
std::string edit_sql() {
  std::string sql = concat("insert into mentions (", kMentionColumns, ") values (", mention_placeholders(),
                           ") on conflict (source, ext_id) do update set edited = 1");
  constexpr std::string_view kKept =
      "seq ingested event exact near original history deleted edited human source ext_id native";
  const auto kept = split(kKept, ' ');
  for (const std::string_view column : split(kMentionColumns, ',')) {
    const std::string_view name = trim(column);
    if (std::find(kept.begin(), kept.end(), name) == kept.end()) sql += concat(", ", name, " = excluded.", name);
  }
  // A person's label was about these words; a new answer of the brand below them does not undo it.
  sql +=
      ", human = case when mentions.title = excluded.title and mentions.text = excluded.text then mentions.human end";
  return sql;
}

const std::string& insert_sql() {
  static const std::string sql = concat("insert into mentions (", kMentionColumns, ") values (", mention_placeholders(),
                                        ") on conflict (source, ext_id) do nothing");
  return sql;
}

constexpr std::string_view kFind =
    "select seq, content, deleted, erased, likes, shares, replies, event, brands, coalesce(human, label), title, text, "
    "url, native, aspects from mentions where source = ? and ext_id = ?";

// Networks whose subscriptions share nothing but the way of asking: an id says nothing beyond its own feed or file.
bool has_siblings(std::string_view network) { return !network.empty() && network != "feed" && network != "file"; }

bool is_uri(std::string_view id) { return id.find("://") != std::string_view::npos; }

Time day_of(Time time) { return std::chrono::floor<std::chrono::days>(time); }

}  // namespace

Result<void> BatchWriter::begin() {
  TRY(insert_, driver_.prepare(insert_sql()));
  TRY(insert_brand_, driver_.prepare("insert into mention_brand (brand, seq, event, review) values (?, ?, ?, ?) "
                                     "on conflict do nothing"));
  TRY(read_facts());
  TRY(const Query unwelcome, driver_.prepare("select 1 from unwelcome where source = ? limit 1"));
  unwelcome->bind_text(1, batch_.source);
  TRY(some_unwelcome_, unwelcome->step());
  return hours_.begin();
}

// Erased before it came.
Result<bool> BatchWriter::is_unwelcome(const Mention& mention) {
  if (!some_unwelcome_) return false;
  TRY(const Query query, driver_.prepare("select 1 from unwelcome where source = ? and ext_id = ?"));
  Parameters(*query).text(mention.source).text(mention.id);
  return query->step();
}

Result<void> BatchWriter::read_facts() {
  TRY(const Query own, driver_.prepare("select network, keep_text from sources where source = ?"));
  own->bind_text(1, batch_.source);
  TRY(const bool found, own->step());
  if (!found) return {};
  keep_text_ = own->integer(1) != 0;
  const std::string network(own->text(0));
  if (!has_siblings(network)) return {};
  TRY(const Query others, driver_.prepare("select source from sources where network = ? and source <> ?"));
  Parameters(*others).text(network).text(batch_.source);
  for (;;) {
    TRY(const bool more, others->step());
    if (!more) return {};
    siblings_.emplace_back(others->text(0));
  }
}

// Judged with its text; kept without, where the source's terms or its author say so.
Result<void> BatchWriter::put(const Judged& judged) {
  TRY(const bool unwelcome, is_unwelcome(judged.mention));
  if (unwelcome) {
    ++summary_.repeated;
    return {};
  }
  if (keep_text_ && judged.mention.keep_text) return put_kept(judged);
  Judged& bare = textless_.emplace_back(judged);
  Mention& mention = bare.mention;
  mention.title.clear();
  mention.text.clear();
  mention.author = {};
  if (mention.reply) mention.reply->text.clear();
  bare.judgement.drivers.clear();
  return put_kept(bare);
}

Result<void> BatchWriter::put_kept(const Judged& judged) {
  TRY(const std::optional<Known> twin, twin_of(judged.mention));
  if (twin) return join(judged, *twin);
  TRY(const bool added, add(judged));
  if (added) return {};
  TRY(const std::optional<Known> known, find(judged.mention.source, judged.mention.id));
  if (!known) return fail(ErrorKind::bug, concat("mention ", judged.mention.id, " is both stored and absent"));
  // What its author deleted stays deleted, even when an old page brings it again.
  const bool changed = known->content != static_cast<std::int64_t>(judged.content);
  if (changed && !known->deleted && !known->erased) return edit(judged, *known);
  ++summary_.repeated;
  return known->deleted ? Result<void>() : refresh(judged.mention, *known);
}

Result<void> BatchWriter::put_or_reject(const Judged& judged) {
  TRY(run("savepoint row"));
  Result<void> done = put(judged);
  if (done) return run("release row");
  if (done.error().kind != ErrorKind::bad_data) return done;
  TRY(run("rollback to row"));
  TRY(run("release row"));
  return reject({to_json(judged.mention), done.error().what});
}

// An id is the same mention across subscriptions when the network calls it global (it has another name for its own
// API), or when it stands at the same address.
Result<std::optional<BatchWriter::Known>> BatchWriter::twin_of(const Mention& mention) {
  for (const std::string& sibling : siblings_) {
    TRY(std::optional<Known> known, find(sibling, mention.id));
    if (!known) continue;
    const bool global = (!mention.native.empty() && !known->native.empty()) || is_uri(mention.id);
    if (global || (!mention.url.empty() && mention.url == known->url)) return known;
  }
  return std::optional<Known>();
}

// Its first subscription looks after it: another instance writes the same text a little differently, which is no edit.
Result<void> BatchWriter::join(const Judged& judged, const Known& twin) {
  ++summary_.repeated;
  if (twin.deleted) return {};
  std::vector<std::string> brands = twin.brands;
  for (const std::string& brand : judged.brands) {
    if (std::find(brands.begin(), brands.end(), brand) != brands.end()) continue;
    brands.push_back(brand);
    hours_.count_again(brand, twin.event);
  }
  if (brands.size() == twin.brands.size()) return {};
  std::sort(brands.begin(), brands.end());
  const std::string lines = join_lines(brands);
  TRY(const Query query, driver_.prepare("update mentions set brands = ? where seq = ?"));
  Parameters(*query).text(lines).integer(twin.seq);
  TRY(query->step());
  set_brands(judged, twin.seq, twin.event);
  return {};
}

Result<bool> BatchWriter::add(const Judged& judged) {
  const Mention& mention = judged.mention;
  SeenText seen;
  seen.seq = summary_.last_seq + 1;
  seen.exact = judged.exact;
  seen.near = judged.near;
  seen.event = event_time(mention, batch_.ingested);
  seen.ingested = batch_.ingested;
  seen.link = link_of(mention.kind, mention.url);
  seen.source = source_of(mention.source);
  const std::int64_t original = copies_.original_of(judged.brands, seen);
  const Placed placed{seen.seq, batch_.ingested, seen.event, original, batch_.history};
  bind_mention(*insert_, judged, placed, scratch_);
  TRY(insert_->step());
  insert_->reset();
  if (driver_.changes() == 0) return false;

  set_brands(judged, seen.seq, seen.event);
  for (const std::string& brand : judged.brands) {
    const bool negative = judged.judgement.effective_for(brand) == Label::negative;
    TRY(hours_.add(brand, seen.event, negative, author_of(mention.author, mention.source, mention.id)));
  }
  seen.root = original != 0 ? original : seen.seq;
  copies_.remember(judged.brands, seen);
  if (!mention.title.empty() || !mention.text.empty()) words_[seen.seq] = &mention;
  ++arrivals_[day_of(seen.event)];
  summary_.last_seq = seen.seq;
  summary_.copies += original != 0;
  ++summary_.added;
  newest_event_ = std::max(newest_event_.value_or(seen.event), seen.event);
  return true;
}

Result<std::optional<BatchWriter::Known>> BatchWriter::find(std::string_view source, std::string_view id) {
  TRY(const Query query, driver_.prepare(kFind));
  Parameters(*query).text(source).text(id);
  TRY(const bool found, query->step());
  if (!found) return std::optional<Known>();
  Columns row(*query);
  Known known;
  known.seq = row.integer();
  known.content = row.integer();
  known.deleted = row.flag();
  known.erased = row.flag();
  known.likes = row.integer_or_null();
  known.shares = row.integer_or_null();
  known.replies = row.integer_or_null();
  known.event = row.time();
  known.brands = split_lines(row.view());
  known.effective = label_from(row.view());
  known.title = row.text();
  known.text = row.text();
  known.url = row.text();
  known.native = row.text();
  known.aspects = row.text();
  return known;
}

Result<void> BatchWriter::edit(const Judged& judged, const Known& known) {
  static const std::string sql = edit_sql();
  TRY(keep_version(known.seq));
  TRY(const Query query, driver_.prepare(sql));
  bind_mention(*query, judged, {std::nullopt, batch_.ingested, known.event, 0, false}, scratch_);
  TRY(query->step());
  TRY(drop_brands(known));
  set_brands(judged, known.seq, known.event);
  TRY(reword(judged, known));
  if (known.brands != judged.brands || known.effective != judged.judgement.effective() ||
      known.aspects != scratch_.aspects) {
    for (const std::string& brand : known.brands) hours_.count_again(brand, known.event);
    for (const std::string& brand : judged.brands) hours_.count_again(brand, known.event);
  }
  ++summary_.edited;
  return {};
}

// The last fifty: a source that changes a text with every poll must not fill the disk.
Result<void> BatchWriter::keep_version(std::int64_t seq) {
  TRY(const Query keep,
      driver_.prepare(
          "insert into versions (seq, number, replaced, title, text, rating, rating_min, rating_max, reply_text, "
          "content, label, human, p_neg, p_neu, p_pos) "
          "select seq, (select coalesce(max(number), 0) + 1 from versions v where v.seq = m.seq), ?, title, text, "
          "rating, rating_min, rating_max, reply_text, content, label, human, p_neg, p_neu, p_pos "
          "from mentions m where seq = ?"));
  Parameters(*keep).time(batch_.ingested).integer(seq);
  TRY(keep->step());
  TRY(const Query trim_old, driver_.prepare("delete from versions where seq = ?1 and number <= "
                                            "(select max(number) from versions where seq = ?1) - 50"));
  Parameters(*trim_old).integer(seq);
  TRY(trim_old->step());
  return {};
}

Result<void> BatchWriter::refresh(const Mention& mention, const Known& known) {
  const auto newer = [](std::optional<std::int64_t> now, std::optional<std::int64_t> before) {
    return now ? now : before;
  };
  const auto likes = newer(mention.likes, known.likes);
  const auto shares = newer(mention.shares, known.shares);
  const auto replies = newer(mention.replies, known.replies);
  if (likes == known.likes && shares == known.shares && replies == known.replies) return {};
  TRY(const Query query, driver_.prepare("update mentions set likes = ?, shares = ?, replies = ? where seq = ?"));
  Parameters(*query).integer_or_null(likes).integer_or_null(shares).integer_or_null(replies).integer(known.seq);
  TRY(query->step());
  return {};
}

void BatchWriter::set_brands(const Judged& judged, std::int64_t seq, Time event) {
  for (const std::string& brand : judged.brands) brands_.push_back({brand, event, seq, is_review(judged.mention)});
}

// Brand after brand: each has its own place in the indexes, and jumping between hundreds for every mention costs twice
// as much as visiting each once.
Result<void> BatchWriter::write_brands() {
  std::sort(brands_.begin(), brands_.end());
  for (const BrandRow& row : brands_) {
    Parameters(*insert_brand_).text(row.brand).integer(row.seq).time(row.event).integer(row.review);
    TRY(insert_brand_->step());
    insert_brand_->reset();
  }
  brands_.clear();
  return {};
}

Result<void> BatchWriter::drop_brands(const Known& known) {
  TRY(write_brands());  // it may have come in this batch
  TRY(const Query query, driver_.prepare("delete from mention_brand where brand = ? and seq = ?"));
  for (const std::string& brand : known.brands) {
    Parameters(*query).text(brand).integer(known.seq);
    TRY(query->step());
    query->reset();
  }
  return {};
}

Result<void> BatchWriter::reword(const Judged& judged, const Known& known) {
  const Mention& mention = judged.mention;
  if (mention.title == known.title && mention.text == known.text) return {};
  // Both in this batch: its first words were not written yet.
  if (!words_.contains(known.seq) && !(known.title.empty() && known.text.empty())) {
    TRY(driver_.remove_words(known.seq, known.title, known.text));
  }
  words_[known.seq] = &mention;
  return {};
}

Result<void> BatchWriter::gone(const std::string& id) {
  TRY(std::optional<Known> known, find(batch_.source, id));
  for (auto sibling = siblings_.begin(); !known && sibling != siblings_.end(); ++sibling) {
    TRY(known, find(*sibling, id));
    if (known && known->native.empty()) known.reset();  // an id of its own instance only
  }
  if (!known || known->deleted) return {};
  const bool indexed = words_.erase(known->seq) == 0;  // else both in this batch: its words were not written yet
  TRY(erase_mention(driver_, {known->seq, indexed ? known->title : "", indexed ? known->text : ""}, Erasure::deleted));
  copies_.forget(known->brands, known->seq);
  ++summary_.gone;
  return {};
}

Result<void> BatchWriter::reject(const Rejected& rejected) {
  const std::string_view bytes = std::string_view(rejected.bytes).substr(0, kMostRejectedBytes);
  const std::uint64_t digest = hash64(concat(rejected.reason, "\n", bytes));
  TRY(const Query query, driver_.prepare("insert into rejected (source, digest, reason, bytes, first_at, at) "
                                         "values (?, ?, ?, ?, ?, ?) on conflict (source, digest) do nothing"));
  Parameters(*query)
      .text(batch_.source)
      .hash(digest)
      .text(rejected.reason)
      .blob(bytes)
      .time(batch_.ingested)
      .time(batch_.ingested);
  TRY(query->step());
  if (driver_.changes() == 1) {
    ++summary_.rejected;
    return {};
  }
  TRY(const Query again,
      driver_.prepare("update rejected set times = times + 1, at = ? where source = ? and digest = ?"));
  Parameters(*again).time(batch_.ingested).text(batch_.source).hash(digest);
  TRY(again->step());
  return {};
}

Result<CommitSummary> BatchWriter::finish() {
  TRY(write_brands());
  for (const auto& [seq, mention] : words_) {
    TRY(driver_.add_words(seq, mention->title, mention->text));
  }
  TRY(hours_.write());
  TRY(count_source());
  return summary_;
}

Result<void> BatchWriter::count_source() {
  TRY(const Query pace, driver_.prepare("insert into arrivals (source, day, items) values (?, ?, ?) on conflict "
                                        "(source, day) do update set items = items + excluded.items"));
  for (const auto& [day, items] : arrivals_) {
    Parameters(*pace).text(batch_.source).time(day).integer(items);
    TRY(pace->step());
    pace->reset();
  }
  if (summary_.added == 0 && summary_.rejected == 0) return {};
  TRY(const Query query,
      driver_.prepare(
          "insert into sources (source, mentions, rejected, last_item, newest_event) values (?, ?, ?, ?, ?) "
          "on conflict (source) do update set mentions = sources.mentions + excluded.mentions, "
          "rejected = sources.rejected + excluded.rejected, "
          "last_item = coalesce(excluded.last_item, sources.last_item), "
          "newest_event = case when sources.newest_event is null or excluded.newest_event > sources.newest_event "
          "then excluded.newest_event else sources.newest_event end"));
  Parameters row(*query);
  row.text(batch_.source).integer(summary_.added).integer(summary_.rejected);
  row.time_or_null(summary_.added > 0 ? std::optional(batch_.ingested) : std::nullopt).time_or_null(newest_event_);
  TRY(query->step());
  return {};
}

Result<void> BatchWriter::run(std::string_view sql) {
  TRY(const Query query, driver_.prepare(sql));
  TRY(query->step());
  return {};
}

}  // namespace vigie
