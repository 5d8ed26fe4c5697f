#include "pipeline/recent.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <xxhash.h>

#include "base/text.h"
#include "pipeline/function_words.h"
#include "pipeline/words.h"

namespace vigie {
namespace {

constexpr std::size_t kMost = 64, kWordsEach = 10, kLongestWord = 24;
constexpr std::uint16_t kFull = 2000;  // a column this full: the sketch is halved, so that it follows the brand

template <class Visit>
void each_word(std::string_view words, Visit visit) {
  while (!words.empty()) {
    const std::size_t end = words.find(' ');
    visit(words.substr(0, end));
    words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
  }
}

// Words that may explain: no function words, no numbers, not the brand's own name.
std::string telling_words(std::string_view text, std::string_view brand) {
  const Words words = split_words(text.substr(0, std::min<std::size_t>(text.size(), 4000)));
  std::vector<std::string_view> kept;
  for (std::size_t i = 0; i < words.size() && kept.size() < kWordsEach; ++i) {
    const Word& word = words[i];
    const std::string_view folded = words.folded(i);
    if (word.kind != Word::Kind::word && word.kind != Word::Kind::hashtag) continue;
    if (folded.size() < 3 || folded.size() > kLongestWord || is_function_word(folded)) continue;
    if (folded.find_first_not_of("0123456789") == std::string_view::npos) continue;
    if (brand.find(folded) != std::string_view::npos) continue;
    if (std::find(kept.begin(), kept.end(), folded) == kept.end()) kept.push_back(folded);
  }
  std::string out;
  for (const std::string_view word : kept) (out += word) += ' ';
  return out;
}

std::array<std::size_t, 2> columns(std::string_view word) {
  const std::uint64_t hash = XXH3_64bits(word.data(), word.size());
  return {hash & 0xFF, hash >> 8 & 0xFF};
}

}  // namespace

void Recent::add(Negative negative, std::string_view text, std::string_view brand, bool quiet) {
  negative.words = telling_words(std::string_view(first_code_points(text, 1000)), ascii_lower(brand));
  negative.source = std::string(first_code_points(negative.source, 64));
  negative.usual = quiet;
  if (quiet) learn(negative.words);
  negatives_.push_back(std::move(negative));
  if (negatives_.size() > kMost) negatives_.pop_front();
}

void Recent::learn(std::string_view words) {
  learned_ += 1;
  bool full = false;
  each_word(words, [&](std::string_view word) {
    const auto at = columns(word);
    for (std::size_t row = 0; row < 2; ++row) full = ++sketch_[row][at[row]] >= kFull || full;
  });
  if (!full) return;
  learned_ /= 2;
  for (auto& row : sketch_) {
    for (std::uint16_t& column : row) column /= 2;
  }
}

double Recent::usual(std::string_view word) const {
  const auto at = columns(word);
  return std::min(sketch_[0][at[0]], sketch_[1][at[1]]);
}

std::vector<TermCount> Recent::rising_terms(double since) const {
  struct Count {
    int all = 0, usual = 0;
  };
  std::map<std::string_view, Count> counts;
  int window = 0, window_usual = 0;
  for (const Negative& negative : negatives_) {
    if (negative.event < since) continue;
    ++window;
    window_usual += negative.usual ? 1 : 0;
    each_word(negative.words, [&](std::string_view word) {
      ++counts[word].all;
      counts[word].usual += negative.usual ? 1 : 0;
    });
  }
  struct Rising {
    double gain;
    TermCount term;
  };
  std::vector<Rising> rising;
  const double background = std::max(0.0, learned_ - window_usual);
  for (const auto& [word, count] : counts) {
    if (count.all < 2) continue;
    // The window's own words are taken out of what they are compared with.
    const double before = std::max(0.0, usual(word) - count.usual);
    const double expected = background > 0 ? window * before / background : 0;
    const double n = count.all, smoothed = expected + 0.3;
    if (n <= 1.5 * smoothed) continue;
    rising.push_back({n * std::log(n / smoothed) - (n - smoothed), {std::string(word), count.all, expected}});
  }
  std::stable_sort(rising.begin(), rising.end(), [](const Rising& a, const Rising& b) { return a.gain > b.gain; });
  std::vector<TermCount> out;
  for (std::size_t i = 0; i < rising.size() && i < 5; ++i) out.push_back(std::move(rising[i].term));
  return out;
}

std::vector<SourceCount> Recent::sources(double since) const {
  std::map<std::string_view, int> counts;
  for (const Negative& negative : negatives_) {
    if (negative.event >= since) ++counts[negative.source];
  }
  std::vector<SourceCount> out;
  out.reserve(counts.size());
  for (const auto& [source, count] : counts) out.push_back({std::string(source), count});
  std::stable_sort(out.begin(), out.end(),
                   [](const SourceCount& a, const SourceCount& b) { return a.negatives > b.negatives; });
  return out;
}

std::vector<std::int64_t> Recent::telling(double since, std::uint16_t theme) const {
  std::vector<const Negative*> found;
  for (const Negative& negative : negatives_) {
    if (negative.event >= since) found.push_back(&negative);
  }
  std::stable_sort(found.begin(), found.end(), [theme](const Negative* a, const Negative* b) {
    const bool first = (a->themes & theme) != 0, second = (b->themes & theme) != 0;
    return first != second ? first : a->p_neg > b->p_neg;
  });
  std::vector<std::int64_t> out;
  for (std::size_t i = 0; i < found.size() && i < 10; ++i) out.push_back(found[i]->seq);
  return out;
}

std::vector<std::int64_t> Recent::first(double since, std::size_t most) const {
  std::vector<std::int64_t> out;
  for (const Negative& negative : negatives_) {
    if (negative.event >= since && out.size() < most) out.push_back(negative.seq);
  }
  return out;
}

std::size_t Recent::count(double since) const {
  return static_cast<std::size_t>(std::count_if(negatives_.begin(), negatives_.end(),
                                                [since](const Negative& negative) { return negative.event >= since; }));
}

std::array<std::uint32_t, 16> Recent::themes(double since) const {
  std::array<std::uint32_t, 16> counts{};
  for (const Negative& negative : negatives_) {
    if (negative.event < since) continue;
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += negative.themes >> i & 1u;
  }
  return counts;
}

void Recent::save(ByteWriter& out) const {
  out.value(sketch_);
  out.value(learned_);
  out.value(static_cast<std::uint32_t>(negatives_.size()));
  for (const Negative& negative : negatives_) {
    out.value(negative.seq);
    out.value(negative.event);
    out.value(negative.p_neg);
    out.value(negative.themes);
    out.value(negative.usual);
    out.text(negative.source);
    out.text(negative.words);
  }
}

void Recent::restore(ByteReader& in) {
  in.value(sketch_);
  in.value(learned_);
  negatives_.resize(in.count(sizeof(std::int64_t)));
  for (Negative& negative : negatives_) {
    in.value(negative.seq);
    in.value(negative.event);
    in.value(negative.p_neg);
    in.value(negative.themes);
    in.value(negative.usual);
    in.text(negative.source);
    in.text(negative.words);
  }
}

}  // namespace vigie
