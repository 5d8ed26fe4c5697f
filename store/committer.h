// The committer: what a batch does to the store, in one transaction.

#pragma once

#include <cstdint>

#include "store/copies.h"
#include "store/driver.h"
#include "store/store.h"

namespace vigie {

class Committer {
 public:
  explicit Committer(Driver& driver) : driver_(driver) {}

  Result<CommitSummary> commit(const JudgedBatch& batch);
  void forget_quiet(Time before) { copies_.forget_quiet(before); }
  void forget(const std::vector<std::string>& brands, std::int64_t seq) { copies_.forget(brands, seq); }

 private:
  enum class Care { quick, row_by_row };

  Result<CommitSummary> write(const JudgedBatch& batch, Care care);
  // The newest seq, with the copy memory brought up to it: another connection may have committed meanwhile.
  Result<std::int64_t> catch_up();
  Result<void> read_fingerprints(std::int64_t after);

  Driver& driver_;
  CopyMemory copies_;
  std::int64_t known_seq_ = -1;  // what copies_ knows of; -1: nothing yet
};

}  // namespace vigie
