// One batch inside one open transaction: mentions new, edited, repeated or gone, records refused, counts.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "store/copies.h"
#include "store/driver.h"
#include "store/hours.h"
#include "store/rows.h"
#include "store/store.h"

namespace vigie {

class BatchWriter {
 public:
  // `last_seq`: the newest mention stored.
  BatchWriter(Driver& driver, CopyMemory& copies, const JudgedBatch& batch, std::int64_t last_seq)
      : driver_(driver), copies_(copies), batch_(batch), hours_(driver) {
    summary_.last_seq = last_seq;
  }

  Result<void> begin();
  Result<void> put(const Judged& judged);            // bad_data: the database refused the row
  Result<void> put_or_reject(const Judged& judged);  // the same, a refused row kept aside
  Result<void> gone(const std::string& id);
  Result<void> reject(const Rejected& rejected);
  Result<CommitSummary> finish();  // counts and search words

 private:
  // A mention already stored.
  struct Known {
    std::int64_t seq = 0, content = 0;
    bool deleted = false;
    std::optional<std::int64_t> likes, shares, replies;
    Time event{};
    std::vector<std::string> brands;
    std::optional<Label> effective;
    std::string title, text;
  };

  Result<bool> add(const Judged& judged);  // false: its key is taken
  Result<std::optional<Known>> find(const std::string& source, const std::string& id);
  Result<void> edit(const Judged& judged, const Known& known);
  Result<void> keep_version(std::int64_t seq);
  Result<void> refresh(const Mention& mention, const Known& known);
  Result<void> set_brands(const Judged& judged, std::int64_t seq, Time event);
  Result<void> drop_brands(const Known& known);
  Result<void> reword(const Judged& judged, const Known& known);
  Result<void> count_source();
  Result<void> run(std::string_view sql);

  Driver& driver_;
  CopyMemory& copies_;
  const JudgedBatch& batch_;
  Hours hours_;
  CommitSummary summary_;
  std::optional<Time> newest_event_;
  MentionScratch scratch_;
  Query insert_, insert_brand_;
  std::map<std::int64_t, const Mention*> words_;  // to be indexed, by seq
};

}  // namespace vigie
