#include "pipeline/phrases.h"

namespace vigie {
namespace {

constexpr std::size_t kLongestPrefix = 31;
constexpr std::size_t kWidestGap = 3;  // words a star that stands alone may stand for

// FNV-1a: the hash of every prefix of a word comes on the way to its own.
constexpr std::uint64_t kBasis = 0xCBF29CE484222325u;
constexpr std::uint64_t step(std::uint64_t hash, char byte) {
  return (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3u;
}

// Whether a star stands alone between the end of one word of a pattern and the next ("livr* * jamais").
bool has_gap(std::string_view between) {
  if (between.starts_with('*')) between.remove_prefix(1);  // it belongs to the word before
  return between.find('*') != std::string_view::npos;
}

std::uint64_t key(std::uint32_t node, std::uint64_t hash, bool prefix) {
  std::uint64_t x = hash + (std::uint64_t{node} << 1 | (prefix ? 1u : 0u)) * 0x9E3779B97F4A7C15u;
  x ^= x >> 32;
  x *= 0xD6E8FEB86659FD93u;
  return x ^ (x >> 32);
}

}  // namespace

std::optional<std::uint32_t> PhraseBook::add(std::string_view pattern, std::uint32_t value) {
  // A star glued to the end of a word survives splitting as the byte that follows the word in the text.
  const Words words = split_words(pattern);
  if (words.empty()) return std::nullopt;
  std::uint32_t node = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0 && has_gap(pattern.substr(words[i - 1].end, words[i].begin - words[i - 1].end))) node = gap_behind(node);
    const std::string_view word = words.folded(i);
    const bool prefix = words[i].end < pattern.size() && pattern[words[i].end] == '*' && word.size() <= kLongestPrefix;
    std::uint64_t hash = kBasis;
    for (const char byte : word) hash = step(hash, byte);
    if (prefix) nodes_[node].prefixes |= 1u << word.size();
    const std::uint64_t its_key = key(node, hash, prefix);
    const auto [edge, fresh] = edges_.try_emplace(its_key, static_cast<std::uint32_t>(nodes_.size()));
    filter_[its_key % kFilterBits / 64] |= std::uint64_t{1} << its_key % 64;
    if (fresh) nodes_.emplace_back();
    node = edge->second;
  }
  Node& last = nodes_[node];
  if (!last.ends) {
    last.ends = true;
    last.value = value;
  }
  return last.value;
}

std::uint32_t PhraseBook::gap_behind(std::uint32_t node) {
  if (nodes_[node].gap == 0) {
    nodes_[node].gap = static_cast<std::uint32_t>(nodes_.size());
    nodes_.emplace_back();
  }
  return nodes_[node].gap;
}

std::uint32_t PhraseBook::child(std::uint32_t node, std::uint64_t hash, bool prefix) const {
  const std::uint64_t its_key = key(node, hash, prefix);
  if ((filter_[its_key % kFilterBits / 64] >> its_key % 64 & 1u) == 0) return 0;
  const auto edge = edges_.find(its_key);
  return edge == edges_.end() ? 0 : edge->second;
}

template <class Visit>
void PhraseBook::walk(std::uint32_t node, std::size_t depth, const Words& words, std::size_t at, Visit& visit) const {
  if (nodes_[node].ends) visit(depth, nodes_[node].value);
  if (const std::uint32_t gap = nodes_[node].gap) {
    for (std::size_t i = 0; i <= kWidestGap && at + i < words.size() && !words[at + i].after_break; ++i) {
      walk(gap, depth + i, words, at + i, visit);
    }
  }
  if (at >= words.size() || words[at].kind == Word::Kind::url) return;
  const std::string_view word = words.folded(at);
  const std::uint32_t lengths = nodes_[node].prefixes;
  std::uint64_t hash = kBasis;
  for (std::size_t i = 0; i < word.size(); ++i) {
    hash = step(hash, word[i]);
    const std::size_t length = i + 1;
    if (length > kLongestPrefix || (lengths >> length & 1u) == 0) continue;
    if (const std::uint32_t next = child(node, hash, true)) walk(next, depth + 1, words, at + 1, visit);
  }
  if (const std::uint32_t next = child(node, hash, false)) walk(next, depth + 1, words, at + 1, visit);
}

PhraseBook::Found PhraseBook::longest(const Words& words, std::size_t at) const {
  Found best;
  // Short prefixes are visited before long ones and whole words last: the last of the longest is the one wanted.
  auto keep = [&best](std::size_t depth, std::uint32_t value) {
    if (depth >= best.words && depth > 0) best = {depth, value};
  };
  walk(0, 0, words, at, keep);
  return best;
}

void PhraseBook::all(const Words& words, std::size_t at, std::vector<Found>& out) const {
  std::size_t end = at + 1;  // of the clause
  auto add = [&](std::size_t covered, std::uint32_t value) {
    while (end < at + covered && !words[end].after_break) ++end;
    if (covered <= end - at) out.push_back({covered, value});
  };
  walk(0, 0, words, at, add);
}

}  // namespace vigie
