#include "pipeline/sentiment/reading.h"

#include <algorithm>
#include <cmath>

namespace vigie::sentiment {
namespace {

constexpr std::size_t kRemembered = std::size_t{1} << 16;  // words a thread keeps: most of a language's daily use

}  // namespace

Probabilities softmax(const std::array<double, 3>& logits) {
  const double most = std::max({logits[0], logits[1], logits[2]});
  Probabilities out{};
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) sum += out[i] = std::exp(logits[i] - most);
  for (double& p : out) p /= sum;
  return out;
}

Probabilities calibrated(const Logits& logits, const SlotSettings& settings) {
  const auto scale = static_cast<double>(settings.scale);
  std::array<double, 3> z = {-logits.polarity * scale, logits.neutrality * scale, logits.polarity * scale};
  for (std::size_t i = 0; i < z.size(); ++i) z[i] += static_cast<double>(settings.bias[i]);
  if (logits.exclaims) {
    const double lead = z[2] - z[0] + std::log(static_cast<double>(settings.choice[2] / settings.choice[0]));
    const double wider =
        lead >= 0 ? static_cast<double>(settings.exclaimed[1]) : -static_cast<double>(settings.exclaimed[0]);
    z[0] -= wider / 2;
    z[2] += wider / 2;
  }
  return softmax(z);
}

Reader::Reader(std::shared_ptr<const Model> model, std::shared_ptr<const Adapter> adapter)
    : model_(std::move(model)), adapter_(std::move(adapter)), remembered_(kRemembered) {}

void Reader::add(Group group, Feature feature, Sum& sum) const {
  ++sum.features;
  const Weight shared = model_->shared(feature);
  sum.polarity += shared.polarity;
  sum.neutrality += shared.neutrality;
  if (slot_ == kNoSlot || !has_copies(group)) return;
  const Weight copy = model_->copy(feature, slot_);
  sum.polarity += copy.polarity;
  sum.neutrality += copy.neutrality;
}

std::uint64_t Reader::key_of(const Token& token) const {
  const std::uint64_t flags = (token.negated ? 1u : 0u) + (token.letters ? 2u : 0u) + 4;
  return (token.hash ^ (flags << 56)) + (static_cast<std::uint64_t>(slot_) + 1) * 0xD6E8FEB86659FD93ull;
}

Reader::Own Reader::own(const Token& token) {
  const std::uint64_t key = key_of(token);
  Remembered* const pair = &place_of(key);
  if (pair[0].key == key) return pair[0].own;
  // Two places a key: the newer word moves the older one aside, which the next newer one overwrites.
  std::swap(pair[0], pair[1]);
  Remembered& place = pair[0];
  if (place.key != key) {
    place = {key, {}};
    own_features(token, [&](Group group, Feature feature) {
      add(group, feature, group == Group::words ? place.own.words : place.own.letters);
    });
  }
  return place.own;
}

// A text touches a hundred places of a table that no cache holds: asked for all at once they come together.
void Reader::expect() {
  std::uint64_t previous = kBorder, before = 0;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const std::uint64_t hash = tokens_[i].hash;
    __builtin_prefetch(&place_of(key_of(tokens_[i])));
    model_->expect(pair_of(previous, hash), slot_);
    if (before != 0) model_->expect(skip_of(before, hash), slot_);
    before = i == 0 ? 0 : previous;
    previous = hash;
  }
}

void Reader::add_pairs(Sum& total) {
  constexpr auto kPairs = static_cast<std::size_t>(Group::pairs);
  std::uint64_t previous = kBorder, before = 0;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const std::uint64_t hash = tokens_[i].hash;
    Sum pairs;
    add(Group::pairs, pair_of(previous, hash), pairs);
    if (before != 0) add(Group::pairs, skip_of(before, hash), pairs);
    total += pairs;
    shares_[i][kPairs] += pairs.polarity / 2;  // a pair's say belongs to both
    if (i > 0) shares_[i - 1][kPairs] += pairs.polarity / 2;
    before = i == 0 ? 0 : previous;
    previous = hash;
  }
  add(Group::pairs, pair_of(previous, kBorder), total);
}

void Reader::add_shape(const Words& words, Sum& total) {
  const Shape shape = shape_of(words);
  words_ = shape.words;
  const auto take = [&](Group group, Feature feature) { add(group, feature, total); };
  shape_features(shape, take);
  read_statistics(known_, model_->words().columns(), words_, statistics_);
  step_features(statistics_, model_->words().columns(), take);
}

Logits Reader::dense(const Statistics& statistics) const {
  const std::span<const float> shared = model_->dense(kNoSlot), copies = model_->dense(slot_);
  const float own = slot_ == kNoSlot ? 0 : 1;
  float polarity = 0, neutrality = 0;
  for (std::size_t i = 0; i < shared.size() / 2; ++i) {
    polarity += (shared[2 * i] + own * copies[2 * i]) * statistics.values[i];
    neutrality += (shared[2 * i + 1] + own * copies[2 * i + 1]) * statistics.values[i];
  }
  return {static_cast<double>(polarity), static_cast<double>(neutrality)};
}

Logits Reader::read(const Words& words, std::string_view lang, Slot slot) {
  constexpr auto kWords = static_cast<std::size_t>(Group::words), kGrams = static_cast<std::size_t>(Group::letters);
  slot_ = slot;
  const bool exclaims = read_tokens(words, tokens_);
  expect();
  find_known(tokens_, model_->words(), slot == kNoSlot ? std::string_view() : lang, known_);
  shares_.assign(tokens_.size(), {});
  says_anything_ =
      std::any_of(tokens_.begin(), tokens_.end(), [](const Token& t) { return t.letters; }) || !known_.empty();

  Sums sums{};
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const Own mine = own(tokens_[i]);
    shares_[i][kWords] = mine.words.polarity;
    shares_[i][kGrams] = mine.letters.polarity;
    sums[kWords] += mine.words;
    sums[kGrams] += mine.letters;
  }
  add_pairs(sums[static_cast<std::size_t>(Group::pairs)]);
  add_shape(words, sums[static_cast<std::size_t>(Group::shape)]);

  Logits out = dense(statistics_);
  out.exclaims = exclaims;
  for (std::size_t group = 0; group < kGroups; ++group) {
    scales_[group] = model_->step() / std::sqrt(static_cast<double>(sums[group].features + 1));
    out.polarity += sums[group].polarity * scales_[group];
    out.neutrality += sums[group].neutrality * scales_[group];
  }
  if (adapter_) add_adapted(lang, out);
  return out;
}

void Reader::add_adapted(std::string_view lang, Logits& out) {
  adapter_features(tokens_, lang, learnt_);
  adapted_.assign(tokens_.size(), 0);
  for (const AdapterFeature& feature : learnt_) {
    const AdapterWeight* const weight = adapter_->find(feature.feature);
    if (weight == nullptr) continue;
    const auto value = static_cast<double>(feature.value);
    const double polarity = value * static_cast<double>(weight->polarity);
    adapted_[feature.token] += polarity;
    out.polarity += polarity;
    out.neutrality += value * static_cast<double>(weight->neutrality);
  }
}

std::array<Reader::Pull, WordTable::kMostColumns> Reader::pulls() const {
  const std::span<const float> shared = model_->dense(kNoSlot), copies = model_->dense(slot_);
  const float own = slot_ == kNoSlot ? 0 : 1;
  const double root = 1 / std::sqrt(static_cast<double>(std::max(words_, 1)));
  std::array<Pull, WordTable::kMostColumns> pulls{};
  for (std::size_t column = 0; column < model_->words().columns(); ++column) {
    const std::size_t first = column * kStatistics;
    const auto weight = [&](std::size_t i) {
      return static_cast<double>(shared[2 * (first + i)] + own * copies[2 * (first + i)]);
    };
    const auto value = [&](std::size_t i) { return static_cast<double>(statistics_.values[first + i]); };
    const auto good = static_cast<double>(statistics_.good[column]), bad = static_cast<double>(statistics_.bad[column]);
    const auto found = static_cast<double>(statistics_.found[column]);
    if (found == 0) continue;
    const double linear = weight(4) / found + weight(6) * root;
    pulls[column].good = linear + (good > 0 ? (weight(0) * value(0) + weight(2) * value(2)) / good : 0);
    pulls[column].bad = linear - (bad > 0 ? (weight(1) * value(1) + weight(3) * value(3)) / bad : 0);
  }
  return pulls;
}

std::vector<DrivingWord> Reader::drivers(const Words& words, std::size_t most) const {
  std::vector<std::pair<double, std::uint32_t>> all;  // weight, token
  all.reserve(tokens_.size());
  const auto pull = pulls();
  auto known = known_.begin();
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    double weight = 0;
    for (std::size_t group = 0; group < kGroups; ++group) weight += shares_[i][group] * scales_[group];
    if (known != known_.end() && known->token == i) {
      for (std::size_t column = 0; column < model_->words().columns(); ++column) {
        const auto value = static_cast<double>(static_cast<float>(known->values[column]) * known->factor);
        weight += value * (value > 0 ? pull[column].good : pull[column].bad);
      }
      ++known;
    }
    if (!adapted_.empty()) weight += adapted_[i];
    if (tokens_[i].word != Token::kNoWord) all.emplace_back(weight, i);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::abs(a.first) > std::abs(b.first) || (std::abs(a.first) == std::abs(b.first) && a.second < b.second);
  });
  std::vector<DrivingWord> kept;
  for (const auto& [weight, token] : all) {
    if (kept.size() == most) break;
    const std::string_view word = words.written(tokens_[token].word);
    const bool said = std::any_of(kept.begin(), kept.end(), [&](const DrivingWord& k) { return k.word == word; });
    if (!said) kept.push_back({std::string(word), weight});
  }
  return kept;
}

}  // namespace vigie::sentiment
