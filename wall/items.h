// items.json kept up to date beside a wall's log: what the wall shows, from the rows it shows it from. A row that
// somebody changed by hand is written as it stands, so that verifiers name it.

#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/review.h"
#include "store/store.h"
#include "wall/log/account.h"
#include "wall/log/items.h"

namespace vigie {

// A reader of these files takes a minute of age for fresh; what leaves the wall leaves them at once.
inline constexpr Duration kItemsPause = std::chrono::minutes(1);

// One review as its wall shows it: text, author and date of the experience opened unless masked, all else closed. Nothing
// when its row has no such version.
std::optional<tlog::WallItem> wall_item(const Review& review, const tlog::LoggedReview& logged);

// One wall's file. Belongs to one thread, and remembers: a call costs what changed since the one before.
class ItemsFile {
 public:
  // folder: the log's own. origin: the log's name.
  ItemsFile(std::string brand, std::string origin, std::filesystem::path folder);

  // Call it after each publish, with the size of the checkpoint in place: the file never speaks of entries that no
  // checkpoint covers. Writes when something changed, at most once a minute; at once when a review was taken down,
  // masked or erased. Some rows are read again at each call, so that all are in time.
  Result<void> write(Store& store, std::int64_t covered, Time now);

 private:
  Result<void> catch_up(Store& store);
  Result<void> take_new_leaves(Store& store);
  void touch(std::int64_t leaf);
  void choose_rows_to_read_again();
  Result<void> read_row(Store& store, std::int64_t sub);
  void render(Time now);

  const std::string brand_, origin_;
  const std::filesystem::path folder_;
  tlog::Account account_;
  std::int64_t size_ = 0;                                        // entries taken
  std::map<std::int64_t, std::int64_t> review_of_;               // ver entry -> its review's sub
  std::map<std::int64_t, std::string> items_;                    // by sub: an item's JSON
  std::set<std::int64_t> touched_;                               // subs whose rows must be read
  std::int64_t read_again_ = -1;                                 // the last one of the round
  bool changed_ = false, urgent_ = false;                        // since the last rendering
  std::optional<std::pair<std::int64_t, std::string>> waiting_;  // (size, text) until a checkpoint covers it
  std::optional<Time> rendered_;
};

// The whole file anew, once: for commands.
Result<void> write_items(Store& store, const std::string& brand, const std::string& origin,
                         const std::filesystem::path& folder, std::int64_t covered, Time now);

}  // namespace vigie
