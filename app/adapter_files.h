// The installation's adapters on disk: data/adapter/a1.vsa, a2.vsa ..., which of them judges (`current`), and every
// attempt at a new one (`attempts.jsonl`). Each file is written beside and renamed: killed at any instant, what judged
// before judges on.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "config/settings.h"
#include "pipeline/sentiment/promotion.h"

namespace vigie {

// One line of the history.
struct AdaptRecord {
  Time at{};
  std::string decision;      // promoted, refused, rolled back
  std::uint32_t number = 0;  // the adapter that judges afterwards; 0 = the shipped model alone
  std::size_t trained = 0, held_out = 0;
  double f1_before = 0, f1_after = 0;  // 0..1, on the held-out labels; 0 when nothing was measured
  std::string why;
};

class AdapterFiles {
 public:
  explicit AdapterFiles(const Settings& settings);

  // The number of the adapter that judges; 0 = none. bad_data when the file says anything else.
  Result<std::uint32_t> current() const;
  // An adapter, or null for 0.
  Result<std::shared_ptr<const sentiment::Adapter>> load(std::uint32_t number, const sentiment::Model& base) const;
  // Gives the parts the next free number and lets them judge; the adapter before stays on disk.
  Result<std::uint32_t> promote(sentiment::AdapterParts parts) const;
  // Lets the adapter before this one judge again; returns its number. bad_data when none judges.
  Result<std::uint32_t> roll_back(const sentiment::Model& base) const;

  Result<void> add(const AdaptRecord& record) const;
  Result<std::vector<AdaptRecord>> records() const;  // oldest first

 private:
  std::string path_of(std::uint32_t number) const;
  Result<void> let_judge(std::uint32_t number) const;

  std::string folder_;
};

}  // namespace vigie
