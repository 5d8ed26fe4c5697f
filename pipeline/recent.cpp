#include "pipeline/recent.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kMost = 64, kMostLeftOut = 256, kTerms = 5;
constexpr double kLeastRise = 1;    // standard deviations
constexpr double kSameStory = 0.7;  // a pair in this part of a word's texts tells more than the word

struct Rising {
  double rise = 0;
  TermCount term;
};

bool holds(std::string_view phrase, std::string_view words) {
  return concat(" ", phrase, " ").find(concat(" ", words, " ")) != std::string::npos;
}

// Takes `candidate` unless one that is kept already tells it: of a word and a pair that holds it one stays, the pair
// where it is nearly as frequent.
void keep(std::vector<TermCount>& kept, const TermCount& candidate) {
  const auto inside = [&](const TermCount& one) { return holds(candidate.term, one.term); };
  const auto tells_it = [&](const TermCount& one) {
    return holds(one.term, candidate.term) || (inside(one) && candidate.observed < kSameStory * one.observed);
  };
  if (std::any_of(kept.begin(), kept.end(), tells_it)) return;
  const auto first = std::find_if(kept.begin(), kept.end(), inside);
  if (first != kept.end()) {
    *first = candidate;
    kept.erase(std::remove_if(first + 1, kept.end(), inside), kept.end());
  } else if (kept.size() < kTerms) {
    kept.push_back(candidate);
  }
}

}  // namespace

std::string Recent::words_of(std::string_view text, std::string_view brand) {
  return telling_words(std::string_view(first_code_points(text, 1000)), ascii_lower(brand));
}

void Recent::add(Negative negative, bool quiet) {
  negative.source = std::string(first_code_points(negative.source, 64));
  negative.usual = quiet;
  if (quiet) usual_.learn(terms_of(negative.words));
  negatives_.push_back(std::move(negative));
  if (negatives_.size() > kMost) negatives_.pop_front();
}

void Recent::leave_out(double event, Why why) {
  left_out_.push_back({static_cast<std::uint32_t>(event), why});
  if (left_out_.size() > kMostLeftOut) left_out_.pop_front();
}

void Recent::forget(std::int64_t seq) {
  for (Negative& negative : negatives_) {
    if (negative.seq == seq) negative.words.clear();
  }
}

int Recent::left_out(double since, Why why) const {
  return static_cast<int>(std::count_if(left_out_.begin(), left_out_.end(),
                                        [&](const LeftOut& one) { return one.why == why && one.event >= since; }));
}

std::vector<TermCount> Recent::rising_terms(double since) const {
  struct Count {
    int all = 0, usual = 0;
  };
  std::map<std::string, Count> counts;
  int window = 0, window_usual = 0;
  for (const Negative& negative : negatives_) {
    if (negative.event < since) continue;
    ++window;
    window_usual += negative.usual ? 1 : 0;
    for (std::string& term : terms_of(negative.words)) {
      Count& count = counts[std::move(term)];
      ++count.all;
      count.usual += negative.usual ? 1 : 0;
    }
  }
  // The window's own texts are taken out of what they are compared with.
  const double background = std::max(0.0, usual_.texts() - window_usual);
  std::vector<Rising> rising;
  for (const auto& [term, count] : counts) {
    if (count.all < 2) continue;
    const double before = std::min(background, std::max(0.0, usual_.count(term) - count.usual));
    const double rise = rise_of({static_cast<double>(count.all), static_cast<double>(window), before, background});
    if (rise < kLeastRise) continue;
    rising.push_back({rise, {term, count.all, background > 0 ? window * before / background : 0}});
  }
  std::stable_sort(rising.begin(), rising.end(), [](const Rising& a, const Rising& b) { return a.rise > b.rise; });
  std::vector<TermCount> out;
  for (const Rising& one : rising) keep(out, one.term);
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

std::vector<const Recent::Negative*> Recent::since(double since) const {
  std::vector<const Negative*> out;
  for (const Negative& negative : negatives_) {
    if (negative.event >= since) out.push_back(&negative);
  }
  return out;
}

void Recent::save(const Negative& negative, ByteWriter& out) {
  out.value(negative.seq);
  out.value(negative.event);
  out.value(negative.p_neg);
  out.value(negative.themes);
  out.value(negative.cues);
  out.value(negative.usual);
  out.value(negative.reach);
  out.text(negative.source);
  out.text(negative.words);
}

void Recent::restore(Negative& negative, ByteReader& in) {
  in.value(negative.seq);
  in.value(negative.event);
  in.value(negative.p_neg);
  in.value(negative.themes);
  in.value(negative.cues);
  in.value(negative.usual);
  in.value(negative.reach);
  in.text(negative.source);
  in.text(negative.words);
}

void Recent::save(ByteWriter& out) const {
  usual_.save(out);
  out.value(static_cast<std::uint32_t>(negatives_.size()));
  for (const Negative& negative : negatives_) save(negative, out);
  out.value(static_cast<std::uint32_t>(left_out_.size()));
  for (const LeftOut& one : left_out_) {
    out.value(one.event);
    out.value(one.why);
  }
}

void Recent::restore(ByteReader& in) {
  usual_.restore(in);
  negatives_.resize(in.count(sizeof(std::int64_t)));
  for (Negative& negative : negatives_) restore(negative, in);
  left_out_.resize(in.count(sizeof(std::uint32_t)));
  for (LeftOut& one : left_out_) {
    in.value(one.event);
    in.value(one.why);
  }
}

}  // namespace vigie
