#include "pipeline/terms.h"

#include <algorithm>
#include <cmath>

#include <xxhash.h>

#include "base/result.h"
#include "base/text.h"
#include "pipeline/function_words.h"
#include "pipeline/words.h"

namespace vigie {
namespace {

constexpr std::size_t kMostWords = 10, kLongestWord = 24;
constexpr double kPriorTexts = 5;
constexpr std::uint16_t kFull = 60'000;

bool is_telling(const Word& word, std::string_view folded, std::string_view brand) {
  if (word.kind != Word::Kind::word && word.kind != Word::Kind::hashtag) return false;
  if (folded.size() < 3 || folded.size() > kLongestWord || is_function_word(folded)) return false;
  return folded.find_first_not_of("0123456789") != std::string_view::npos && brand.find(folded) == std::string_view::npos;
}

std::uint32_t key_of(std::string_view term) { return static_cast<std::uint32_t>(XXH3_64bits(term.data(), term.size())); }

}  // namespace

std::string telling_words(std::string_view text, std::string_view brand) {
  const Words words = split_words(text);
  std::string out;
  std::size_t kept = 0, previous = 0;
  for (std::size_t i = 0; i < words.size() && kept < kMostWords; ++i) {
    const std::string_view folded = words.folded(i);
    if (!is_telling(words[i], folded, brand)) continue;
    if (kept > 0) {
      const bool broken = words[i].after_break || (i == previous + 2 && words[i - 1].after_break);
      if (broken || i > previous + 2) {
        out += "| ";
      } else if (i == previous + 2) {
        const std::string_view between = words.folded(i - 1);
        out += is_function_word(between) ? concat("_", between, " ") : "| ";
      }
    }
    (out += folded) += ' ';
    previous = i;
    ++kept;
  }
  return out;
}

std::vector<std::string> terms_of(std::string_view telling) {
  std::vector<std::string> terms;
  std::string_view previous, between;
  for (const std::string_view token : split(telling, ' ')) {
    if (token.empty()) continue;
    if (token == "|") {
      previous = {};
    } else if (token.front() == '_') {
      between = token.substr(1);
      continue;
    } else {
      terms.emplace_back(token);
      if (!previous.empty()) terms.push_back(concat(previous, between.empty() ? "" : " ", between, " ", token));
      previous = token;
    }
    between = {};
  }
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

void TermCounts::learn(const std::vector<std::string>& terms) {
  texts_ += 1;
  bool full = false;
  for (const std::string& term : terms) full = ++counts_[key_of(term)] >= kFull || full;
  if (full || counts_.size() > kMost) halve();
}

void TermCounts::halve() {
  texts_ /= 2;
  boost::unordered_flat_map<std::uint32_t, std::uint16_t> kept;
  for (const auto& [key, count] : counts_) {
    if (count > 1) kept.emplace(key, static_cast<std::uint16_t>(count / 2));
  }
  counts_ = std::move(kept);
}

double TermCounts::count(std::string_view term) const {
  const auto found = counts_.find(key_of(term));
  return found == counts_.end() ? 0 : found->second;
}

void TermCounts::save(ByteWriter& out) const {
  std::vector<std::pair<std::uint32_t, std::uint16_t>> sorted(counts_.begin(), counts_.end());
  std::sort(sorted.begin(), sorted.end());  // the same state, the same bytes
  out.value(texts_);
  out.value(static_cast<std::uint32_t>(sorted.size()));
  for (const auto& [key, count] : sorted) {
    out.value(key);
    out.value(count);
  }
}

void TermCounts::restore(ByteReader& in) {
  in.value(texts_);
  counts_.clear();
  const std::uint32_t terms = in.count(sizeof(std::uint32_t) + sizeof(std::uint16_t));
  for (std::uint32_t i = 0; i < terms; ++i) {
    std::uint32_t key = 0;
    std::uint16_t count = 0;
    in.value(key);
    in.value(count);
    counts_[key] = count;
  }
}

double rise_of(const TermOdds& odds) {
  const double pooled = (odds.in_window + odds.in_background) / (odds.window + odds.background);
  const double prior = kPriorTexts * pooled;
  const double here = odds.in_window + prior, there = odds.in_background + prior;
  const double not_here = std::max(odds.window + kPriorTexts - here, 0.5);
  const double not_there = std::max(odds.background + kPriorTexts - there, 0.5);
  const double ratio = std::log(here / not_here) - std::log(there / not_there);
  return ratio / std::sqrt(1 / here + 1 / there);
}

}  // namespace vigie
