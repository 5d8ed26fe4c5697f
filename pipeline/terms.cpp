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

bool is_telling(const Word& word, std::string_view folded, std::string_view brand) {
  if (word.kind != Word::Kind::word && word.kind != Word::Kind::hashtag) return false;
  if (folded.size() < 3 || folded.size() > kLongestWord || is_function_word(folded)) return false;
  return folded.find_first_not_of("0123456789") != std::string_view::npos &&
         brand.find(folded) == std::string_view::npos;
}

std::uint32_t key_of(std::string_view term) {
  return static_cast<std::uint32_t>(XXH3_64bits(term.data(), term.size()));
}

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

std::vector<TermCounts::Count>::iterator TermCounts::place_of(std::uint32_t key) {
  return std::lower_bound(counts_.begin(), counts_.end(), key,
                          [](const Count& count, std::uint32_t wanted) { return count.key < wanted; });
}

void TermCounts::learn(const std::vector<std::string>& terms) {
  texts_ += 1;
  for (const std::string& term : terms) {
    const std::uint32_t key = key_of(term);
    auto place = place_of(key);
    if (place == counts_.end() || place->key != key) place = counts_.insert(place, {key, 0});
    ++place->texts;
  }
  if (counts_.size() > kMost) halve();
}

void TermCounts::halve() {
  texts_ /= 2;
  std::erase_if(counts_, [](const Count& count) { return count.texts < 2; });
  for (Count& count : counts_) count.texts /= 2;
}

double TermCounts::count(std::string_view term) const {
  const std::uint32_t key = key_of(term);
  const auto place = std::lower_bound(counts_.begin(), counts_.end(), key,
                                      [](const Count& one, std::uint32_t wanted) { return one.key < wanted; });
  return place == counts_.end() || place->key != key ? 0 : place->texts;
}

void TermCounts::save(ByteWriter& out) const {
  out.value(texts_);
  out.value(static_cast<std::uint32_t>(counts_.size()));
  for (const Count& count : counts_) out.value(count);
}

void TermCounts::restore(ByteReader& in) {
  in.value(texts_);
  counts_.resize(in.count(sizeof(Count)));
  for (Count& count : counts_) in.value(count);
}

double rise_of(const TermOdds& odds) {
  const double share = odds.in_window / odds.window,
               usual = odds.background > 0 ? odds.in_background / odds.background : 0;
  const double prior = kPriorTexts * (share + usual) / 2;
  const double here = odds.in_window + prior, there = odds.in_background + prior;
  const double not_here = std::max(odds.window + kPriorTexts - here, 0.5);
  const double not_there = std::max(odds.background + kPriorTexts - there, 0.5);
  const double ratio = std::log(here / not_here) - std::log(there / not_there);
  return ratio / std::sqrt(1 / here + 1 / there);
}

}  // namespace vigie
