#include "pipeline/rules/sample.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace vigie {
namespace {

constexpr std::size_t kMost = 256;
constexpr std::size_t kShown = 10;
constexpr std::size_t kThemesShown = 5;
constexpr std::size_t kSourceBytes = 64;
constexpr std::size_t kMostThemes = 64;

auto order(const Sample::One& one) { return std::tie(one.at, one.event, one.author, one.key); }
bool before(const Sample::One& a, const Sample::One& b) { return order(a) < order(b); }

}  // namespace

// The newest of each author, then the newest of those: whatever order they come in, the same are kept.
void Sample::add(One one) {
  if (one.author != 0) {
    const auto same = std::find_if(kept_.begin(), kept_.end(), [&](const One& k) { return k.author == one.author; });
    if (same != kept_.end()) {
      if (!before(*same, one)) return;
      kept_.erase(same);
    }
  }
  add_another(std::move(one));
}

void Sample::add_another(One one) {
  if (one.source.size() > kSourceBytes) one.source.resize(kSourceBytes);
  kept_.insert(std::upper_bound(kept_.begin(), kept_.end(), one, before), std::move(one));
  if (kept_.size() > kMost) kept_.erase(kept_.begin());
}

Time Sample::first_event(std::int64_t from, Time otherwise) const {
  std::int64_t first = to_epoch_micros(otherwise);
  bool any = false;
  for (const One& one : kept_) {
    if (one.at < from || (any && one.event >= first)) continue;
    first = one.event;
    any = true;
  }
  return from_epoch_micros(first);
}

void Sample::explain(std::int64_t from, const std::vector<std::string>& theme_ids, Signal& signal) const {
  std::map<std::string_view, int> sources;
  std::vector<int> themes(theme_ids.size());
  std::vector<std::int64_t> mentions;
  for (const One& one : kept_) {
    if (one.at < from) continue;
    mentions.push_back(one.seq);
    ++sources[one.source];
    for (std::size_t i = 0; i < std::min(themes.size(), kMostThemes); ++i)
      themes[i] += static_cast<int>(one.themes >> i & 1u);
  }
  if (mentions.size() > 2 * kShown) {
    const auto begin = mentions.begin() + kShown;
    mentions.erase(begin, mentions.end() - kShown);
  }
  signal.mentions = std::move(mentions);
  for (const auto& [source, n] : sources) signal.sources.push_back({std::string(source), n});
  std::stable_sort(signal.sources.begin(), signal.sources.end(),
                   [](const SourceCount& a, const SourceCount& b) { return a.negatives > b.negatives; });
  for (std::size_t i = 0; i < themes.size(); ++i) {
    if (themes[i] > 0) signal.themes.push_back({theme_ids[i], static_cast<double>(themes[i]), 0});
  }
  std::stable_sort(signal.themes.begin(), signal.themes.end(),
                   [](const ThemeCount& a, const ThemeCount& b) { return a.observed > b.observed; });
  if (signal.themes.size() > kThemesShown) signal.themes.resize(kThemesShown);
}

void Sample::save(ByteWriter& out) const {
  out.value(static_cast<std::uint32_t>(kept_.size()));
  for (const One& one : kept_) {
    for (const std::int64_t number : {one.at, one.event, one.seq}) out.value(number);
    for (const std::uint64_t number : {one.author, one.key, one.themes}) out.value(number);
    out.text(one.source);
  }
}

void Sample::restore(ByteReader& in) {
  kept_.clear();
  const std::uint32_t count = in.count(6 * sizeof(std::int64_t) + sizeof(std::uint32_t));
  for (std::uint32_t i = 0; i < count; ++i) {
    One one;
    for (std::int64_t* const number : {&one.at, &one.event, &one.seq}) in.value(*number);
    for (std::uint64_t* const number : {&one.author, &one.key, &one.themes}) in.value(*number);
    in.text(one.source);
    kept_.push_back(std::move(one));
  }
}

std::uint64_t theme_bits(const std::vector<std::string>& themes, const std::vector<std::string>& ids) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < std::min(ids.size(), kMostThemes); ++i) {
    if (std::find(themes.begin(), themes.end(), ids[i]) != themes.end()) bits |= std::uint64_t{1} << i;
  }
  return bits;
}

}  // namespace vigie
