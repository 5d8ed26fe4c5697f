#include "store/committer.h"

#include "store/batch_writer.h"
#include "store/feed_ids.h"

namespace vigie {

Result<CommitSummary> Committer::commit(const JudgedBatch& batch) {
  auto done = write(batch, Care::quick);
  // One row was refused: the batch once more, each row on its own, so that the refused ones alone stay out.
  if (!done && done.error().kind == ErrorKind::bad_data) done = write(batch, Care::row_by_row);
  if (!done) {  // rolled back: what the memory learnt from this batch never was
    copies_.clear();
    known_seq_ = -1;
  }
  return done;
}

Result<CommitSummary> Committer::write(const JudgedBatch& batch, Care care) {
  if (care == Care::row_by_row) {
    copies_.clear();
    known_seq_ = -1;
  }
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::process));
  TRY(const std::int64_t last_seq, catch_up());
  TRY(const int renamed, follow_changed_ids(driver_, batch));
  BatchWriter writer(driver_, copies_, batch, last_seq);
  TRY(writer.begin());
  for (const Judged& judged : batch.mentions) {
    TRY(care == Care::quick ? writer.put(judged) : writer.put_or_reject(judged));
  }
  for (const std::string& id : batch.gone) {
    TRY(writer.gone(id));
  }
  for (const Rejected& rejected : batch.rejected) {
    TRY(writer.reject(rejected));
  }
  TRY(CommitSummary summary, writer.finish());
  summary.renamed = renamed;
  TRY(transaction.commit());
  known_seq_ = summary.last_seq;
  return summary;
}

Result<std::int64_t> Committer::catch_up() {
  TRY(const Query newest, driver_.prepare("select seq, ingested from mentions order by seq desc limit 1"));
  TRY(const bool any, newest->step());
  const std::int64_t last = any ? newest->integer(0) : 0;
  if (last == known_seq_) return last;
  if (known_seq_ < 0 && any) {
    // Ingest stamps rise with seq, but for the seconds by which sources overtake each other: a day to spare.
    const std::int64_t since = newest->integer(1) - Duration(kCopyWindow + kDay).count();
    TRY(const Query probe, driver_.prepare("select ingested from mentions where seq >= ? order by seq limit 1"));
    std::int64_t low = 0, high = last;
    while (low < high) {
      const std::int64_t middle = low + (high - low) / 2;
      probe->bind_integer(1, middle);
      TRY(const bool found, probe->step());
      const bool old = found && probe->integer(0) < since;
      probe->reset();
      if (old) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    known_seq_ = low - 1;
  }
  TRY(read_fingerprints(known_seq_));
  return last;
}

Result<void> Committer::read_fingerprints(std::int64_t after) {
  TRY(const Query query,
      driver_.prepare("select seq, ingested, event, exact, near, original, brands, source, url, kind "
                      "from mentions where seq > ? order by seq"));
  query->bind_integer(1, after);
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return {};
    Columns row(*query);
    SeenText seen;
    seen.seq = row.integer();
    seen.ingested = row.time();
    seen.event = row.time();
    seen.exact = static_cast<std::uint64_t>(row.integer());
    seen.near = static_cast<std::uint64_t>(row.integer());
    const std::int64_t original = row.integer();
    seen.root = original != 0 ? original : seen.seq;
    const std::vector<std::string> brands = split_lines(row.view());
    seen.source = source_of(row.view());
    const std::string_view url = row.view();
    seen.link = link_of(row.view(), url);
    copies_.remember(brands, seen);
  }
}

}  // namespace vigie
