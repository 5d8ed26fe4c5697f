#include "app/own_scorer.h"

#include "base/log.h"
#include "pipeline/sentiment/scorer.h"

namespace vigie {

using namespace sentiment;

namespace {

constexpr std::uint32_t kUnreadable = UINT32_MAX;

}  // namespace

OwnScorer::OwnScorer(const Settings& settings) : files_(settings) {
  scorer_.with([](auto& scorer) { scorer = make_scorer(Model::shipped()); });
  refresh();
}

void OwnScorer::refresh() {
  const Result<std::uint32_t> number = files_.current();
  const std::uint32_t seen = number.value_or(kUnreadable);
  if (number_ == seen) return;
  const Result<void> taken = number ? take(seen) : fail(number.error());
  if (!taken) log::warn("adapt", "no other adapter can be taken", {{"error", taken.error().what}});
  number_ = seen;  // what cannot be read is told once
}

Result<void> OwnScorer::take(std::uint32_t number) {
  TRY(const auto adapter, files_.load(number, *Model::shipped()));
  std::shared_ptr<const Scorer> scorer = make_scorer(Model::shipped(), adapter);
  scorer_.with([&](auto& now) { now = scorer; });
  if (adapter || number_) log::info("adapt", "another adapter judges", {{"number", std::to_string(number)}});
  return {};
}

Judgement OwnScorer::score(const Words& words, std::string_view lang, std::string_view domain,
                           const std::optional<Rating>& rating) const {
  const auto scorer = scorer_.with([](const auto& now) { return now; });
  return scorer->score(words, lang, domain, rating);
}

}  // namespace vigie
