// One batch inside one open transaction: mentions new, edited, repeated or gone, records refused, counts.

#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>

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
    bool deleted = false, erased = false;
    std::optional<std::int64_t> likes, shares, replies;
    Time event{};
    std::vector<std::string> brands;
    std::optional<Label> effective;
    std::string title, text, url, native, aspects;
  };

  // Brands of a mention, still to be written: the name is the batch's.
  struct BrandRow {
    std::string_view brand;
    Time event;
    std::int64_t seq;
    bool review;
    bool operator<(const BrandRow& other) const {
      return std::tie(brand, event, seq) < std::tie(other.brand, other.event, other.seq);
    }
  };

  Result<bool> is_unwelcome(const Mention& mention);
  Result<void> put_kept(const Judged& judged);
  Result<bool> add(const Judged& judged);  // false: its key is taken
  // The same mention as another subscription of the same network brought it.
  Result<std::optional<Known>> twin_of(const Mention& mention);
  Result<void> join(const Judged& judged, const Known& twin);
  Result<void> read_facts();
  Result<std::optional<Known>> find(std::string_view source, std::string_view id);
  Result<void> edit(const Judged& judged, const Known& known);
  Result<void> keep_version(std::int64_t seq);
  Result<void> refresh(const Mention& mention, const Known& known);
  void set_brands(const Judged& judged, std::int64_t seq, Time event);
  Result<void> write_brands();
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
  std::map<Time, std::int64_t> arrivals_;  // new mentions by the day they were written
  bool keep_text_ = true;
  bool some_unwelcome_ = false;        // of this source some were erased before they came
  std::vector<std::string> siblings_;  // other sources of the same network
  std::deque<Judged> textless_;        // lives as long as words_ refers to it
  MentionScratch scratch_;
  Query insert_, insert_brand_;
  std::vector<BrandRow> brands_;
  std::map<std::int64_t, const Mention*> words_;  // to be indexed, by seq
};

}  // namespace vigie
