#include "store/feed_ids.h"

#include <map>
#include <set>

#include "store/rows.h"

namespace vigie {
namespace {

constexpr std::size_t kFewest = 5;  // items; fewer say too little about a feed
constexpr int kLookedBack = 500;    // stored mentions: more than feeds list
constexpr std::size_t kMostPercent = 80;

using Pair = std::pair<std::string, std::string>;  // link, title

bool most(std::size_t part, std::size_t whole) { return part * 100 > whole * kMostPercent; }

Result<bool> is_feed(Driver& driver, std::string_view source) {
  TRY(const Query query, driver.prepare("select network from sources where source = ?"));
  query->bind_text(1, source);
  TRY(const bool found, query->step());
  return found && query->text(0) == "feed";
}

Result<std::vector<const Mention*>> with_new_ids(Driver& driver, const JudgedBatch& batch) {
  TRY(const Query query, driver.prepare("select 1 from mentions where source = ? and ext_id = ?"));
  std::vector<const Mention*> fresh;
  for (const Judged& judged : batch.mentions) {
    Parameters(*query).text(batch.source).text(judged.mention.id);
    TRY(const bool known, query->step());
    query->reset();
    if (!known) fresh.push_back(&judged.mention);
  }
  return fresh;
}

// The newest mentions of the source by what they are about; of two alike the newer. Without a link nothing says that
// two are one.
Result<std::map<Pair, std::int64_t>> stored_pairs(Driver& driver, std::string_view source) {
  TRY(const Query query, driver.prepare("select seq, url, title from mentions where source = ? and deleted = 0 and "
                                        "url <> '' order by seq desc limit ?"));
  Parameters(*query).text(source).integer(kLookedBack);
  std::map<Pair, std::int64_t> pairs;
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return pairs;
    Columns row(*query);
    const std::int64_t seq = row.integer();
    std::string url = row.text();
    pairs.emplace(Pair{std::move(url), row.text()}, seq);
  }
}

}  // namespace

Result<int> follow_changed_ids(Driver& driver, const JudgedBatch& batch) {
  if (batch.mentions.size() < kFewest) return 0;
  TRY(const bool feed, is_feed(driver, batch.source));
  if (!feed) return 0;
  TRY(const std::vector<const Mention*> fresh, with_new_ids(driver, batch));
  if (!most(fresh.size(), batch.mentions.size())) return 0;

  TRY(const auto stored, stored_pairs(driver, batch.source));
  std::vector<std::pair<const Mention*, std::int64_t>> same;
  std::set<std::int64_t> taken;
  for (const Mention* mention : fresh) {
    const auto found = stored.find({mention->url, mention->title});
    if (found != stored.end() && taken.insert(found->second).second) same.emplace_back(mention, found->second);
  }
  if (!most(same.size(), batch.mentions.size())) return 0;
  TRY(const Query rename, driver.prepare("update mentions set ext_id = ? where seq = ?"));
  for (const auto& [mention, seq] : same) {
    Parameters(*rename).text(mention->id).integer(seq);
    TRY(rename->step());
    rename->reset();
  }
  return static_cast<int>(same.size());
}

}  // namespace vigie
