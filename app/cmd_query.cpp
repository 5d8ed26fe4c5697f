#include "app/cmd_query.h"

#include <algorithm>
#include <map>

#include "app/backends.h"
#include "app/exit.h"
#include "app/load.h"
#include "base/text.h"
#include "pipeline/query_report.h"

namespace vigie {
namespace {

constexpr int kPage = 1000;
constexpr std::size_t kShownText = 200;  // code points of a mention
constexpr std::size_t kMostReasons = 8;

// One mention in two lines: when, where from, by whom; what it says.
std::string shown(const StoredMention& stored) {
  const Mention& mention = stored.mention;
  const std::string& author = mention.author.handle.empty() ? mention.author.name : mention.author.handle;
  std::string line = concat("  ", format_rfc3339(stored.event), "  ", mention.source);
  if (!author.empty()) line += concat("  ", author);
  if (!mention.url.empty()) line += concat("  ", mention.url);
  return concat(line, "\n      ", shorten(squeeze_spaces(title_and_text(mention)), kShownText), "\n");
}

struct Misses {
  std::int64_t count = 0;
  std::vector<std::string> examples;
};

class Trial {
 public:
  Trial(const Query& query, int limit) : query_(query), limit_(static_cast<std::size_t>(std::max(limit, 0))) {}

  void look_at(const StoredMention& stored) {
    ++looked_at_;
    const std::string text = title_and_text(stored.mention);
    const Words words = split_words(text);
    const QueryReport found = report(query_, {words, stored.mention, stored.judgement.lang});
    if (found.matches) {
      ++matched_;
      if (matches_.size() < limit_) matches_.push_back(shown(stored));
    } else if (found.near_miss()) {
      ++missed_;
      Misses& misses = misses_[found.missing.front()];
      ++misses.count;
      if (misses.examples.size() < limit_) misses.examples.push_back(shown(stored));
    }
  }

  bool any() const { return matched_ > 0; }

  void tell(std::int64_t stored, std::ostream& out) const {
    out << matched_ << " of " << (looked_at_ < stored ? "the newest " : "") << looked_at_ << " mentions match";
    if (looked_at_ < stored) out << " (" << stored << " are stored; --newest N looks at more)";
    out << "\n";
    for (const std::string& match : matches_) out << match;
    if (missed_ == 0) return;
    out << "\n" << missed_ << " miss by one part\n";
    for (const auto& [reason, misses] : most_frequent()) {
      out << "\n" << misses->count << " would match " << *reason << "\n";
      for (const std::string& example : misses->examples) out << example;
    }
    if (misses_.size() > kMostReasons) out << "\nand " << misses_.size() - kMostReasons << " rarer reasons\n";
  }

 private:
  std::vector<std::pair<const std::string*, const Misses*>> most_frequent() const {
    std::vector<std::pair<const std::string*, const Misses*>> sorted;
    for (const auto& [reason, misses] : misses_) sorted.emplace_back(&reason, &misses);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second->count > b.second->count; });
    if (sorted.size() > kMostReasons) sorted.resize(kMostReasons);
    return sorted;
  }

  const Query& query_;
  const std::size_t limit_;
  std::int64_t looked_at_ = 0, matched_ = 0, missed_ = 0;
  std::vector<std::string> matches_;
  std::map<std::string, Misses> misses_;
};

Result<bool> try_on_store(const Query& query, const QueryTry& asked, std::ostream& out) {
  TRY(const Settings settings, load_settings(asked.config));
  TRY(const std::unique_ptr<Store> store, open_store(settings));
  Trial trial(query, asked.limit);
  MentionFilter filter;
  for (int left = asked.newest; left > 0; left -= filter.limit) {
    filter.limit = std::min(left, kPage);
    TRY(const std::vector<StoredMention> page, store->mentions(filter));
    for (const StoredMention& stored : page) {
      if (!stored.deleted) trial.look_at(stored);
    }
    if (page.empty()) break;
    filter.before = page.back().seq;
  }
  TRY(const std::int64_t stored, store->count_mentions());
  trial.tell(stored, out);
  return trial.any();
}

}  // namespace

int cmd_query_try(const QueryTry& asked, std::ostream& out, std::ostream& err) {
  const auto query = Query::parse(asked.query);
  if (!query) {
    err << "vigie query: " << query.error().text() << "\n" << query.error().caret(asked.query) << "\n";
    return kBadInput;
  }
  const Result<bool> any = try_on_store(*query, asked, out);
  if (!any) {
    err << "vigie query: " << any.error().what << "\n";
    return exit_status(any.error());
  }
  return *any ? kDone : kAnswerIsNo;
}

}  // namespace vigie
