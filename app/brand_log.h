// One wall's log while vigie runs: what was appended goes under a signed checkpoint, is added up, and a day that is
// over gets its sum. Belongs to one thread, as its store does.

#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "app/wall_log.h"
#include "base/metrics.h"
#include "store/reviews.h"
#include "wall/book.h"
#include "wall/log/account.h"
#include "wall/log/publisher.h"

namespace vigie {

class BrandLog {
 public:
  // bad_data: no brand has that id.
  static Result<std::unique_ptr<BrandLog>> make(const Settings& settings, const std::string& brand, Store& store,
                                                const Clock& clock, Metrics& metrics);

  const std::string& brand() const { return brand_; }
  const std::filesystem::path& folder() const { return place_.folder; }

  // Everything appended so far, by whomever. The key is made when there is none. An error changes nothing that was
  // promised; the next call tries again. denied: another process publishes this log, or its entries were tampered with.
  Result<tlog::Published> publish();

  // The receipt of an entry under the checkpoint published last; "" when that does not cover it.
  std::string receipt(std::int64_t index, std::optional<std::string> extra);

  // Puts what witnesses signed of the checkpoint of that size where readers look.
  Result<void> show_cosigned(std::int64_t size, const tlog::Quorum& quorum);

  // Takes the next entries into the account, at most `most`, and once it has all that is published, appends what days
  // are owed and saves the numbers. True when there is more to take.
  Result<bool> add_up(Book& book, int most);

 private:
  BrandLog(std::string brand, WallLogPlace place, bool names_witnesses, Store& store, const Clock& clock,
           Metrics& metrics);

  Result<void> open();
  Result<void> sum_days(Book& book);
  Result<void> save_numbers();

  const std::string brand_;
  const WallLogPlace place_;
  const bool names_witnesses_;  // in the settings; a list of before goes
  Store& store_;
  const Clock& clock_;
  Metrics& metrics_;

  std::filesystem::file_time_type key_written_{};
  std::unique_ptr<tlog::Publisher> publisher_;
  tlog::Published published_;
  std::string alarm_;  // told last

  tlog::Account account_;
  std::int64_t taken_ = 0, saved_ = 0;  // entries
  std::optional<Time> saved_at_;
};

}  // namespace vigie
