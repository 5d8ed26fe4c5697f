// What judges in this installation: the shipped model, and on top of it what its people taught, once that was promoted.

#pragma once

#include <memory>

#include "app/adapter_files.h"
#include "base/guarded.h"
#include "pipeline/sentiment.h"

namespace vigie {

class OwnScorer final : public Scorer {
 public:
  explicit OwnScorer(const Settings& settings);

  // Takes an adapter promoted or rolled back meanwhile. Between batches: each batch is judged by one. One that cannot
  // be read is told in the log, and what judged before judges on.
  void refresh();

  using Scorer::score;
  Judgement score(const Words& words, std::string_view lang, std::string_view domain,
                  const std::optional<Rating>& rating) const override;

 private:
  Result<void> take(std::uint32_t number);

  AdapterFiles files_;
  std::optional<std::uint32_t> number_;  // looked at last
  mutable Guarded<std::shared_ptr<const Scorer>> scorer_;
};

}  // namespace vigie
