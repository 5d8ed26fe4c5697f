#include "pipeline/fingerprint.h"

#include <array>
#include <bit>

#include <xxhash.h>

namespace vigie {
namespace {

constexpr std::size_t kShortest = 5;  // words

std::uint64_t hash(std::string_view bytes, std::uint64_t seed = 0) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

bool counts(const Word& word) { return word.kind == Word::Kind::word || word.kind == Word::Kind::hashtag; }

std::uint64_t content_hash(const Mention& mention) {
  // Each part's hash seeds the next: "ab" + "c" is not "a" + "bc".
  std::uint64_t h = hash(mention.text, hash(mention.title));
  if (mention.rating) {
    // + 0.0 so that minus zero is zero
    for (const double value : {mention.rating->value, mention.rating->min, mention.rating->max}) {
      const auto bits = std::bit_cast<std::array<char, sizeof value>>(value + 0.0);
      h = hash({bits.data(), bits.size()}, h);
    }
  }
  if (mention.reply) h = hash(mention.reply->text, h ^ 1);
  return h;
}

// How often each of 64 bits was set, eight counters a word: lane k counts the bits k, k + 8, k + 16...
class BitCounts {
 public:
  void add(std::uint64_t bits) {
    for (unsigned lane = 0; lane < 8; ++lane) lanes_[lane] += bits >> lane & 0x0101010101010101u;
    if (++pending_ == 255) flush();
  }

  // A bit for each that was set in more than half of what was added.
  std::uint64_t majority() {
    flush();
    std::uint64_t out = 0;
    for (std::size_t bit = 0; bit < 64; ++bit) out |= std::uint64_t{2 * counts_[bit] > total_} << bit;
    return out;
  }

 private:
  void flush() {
    for (unsigned lane = 0; lane < 8; ++lane) {
      for (unsigned byte = 0; byte < 8; ++byte) counts_[lane + 8 * byte] += lanes_[lane] >> (8 * byte) & 0xFFu;
      lanes_[lane] = 0;
    }
    total_ += pending_;
    pending_ = 0;
  }

  std::array<std::uint64_t, 8> lanes_{};
  std::array<std::uint32_t, 64> counts_{};
  std::uint32_t total_ = 0, pending_ = 0;
};

std::uint64_t sim_hash(const std::vector<std::uint64_t>& words) {
  BitCounts counts;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    std::uint64_t pair = words[i] * 0x9E3779B97F4A7C15u + words[i + 1];
    pair = (pair ^ (pair >> 29)) * 0xBF58476D1CE4E5B9u;
    counts.add(pair ^ pair >> 32);
  }
  const std::uint64_t out = counts.majority();
  return out == 0 ? 1 : out;  // 0 says "too short"
}

}  // namespace

Fingerprint fingerprint(const Mention& mention, const Words& words) {
  Fingerprint out;
  std::vector<std::uint64_t> hashes;
  hashes.reserve(words.size());
  std::uint64_t exact = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!counts(words[i])) continue;
    hashes.push_back(hash(words.folded(i)));
    exact = (std::rotl(exact, 5) ^ hashes.back()) * 0x9E3779B97F4A7C15u;
  }
  out.content = content_hash(mention);
  out.exact = hashes.size() < kShortest ? hash(mention.id, hash(mention.source, exact)) : exact;
  if (hashes.size() >= kShortest) out.near = sim_hash(hashes);
  return out;
}

}  // namespace vigie
