#include "pipeline/sentiment/reading.h"

#include <algorithm>
#include <cmath>

namespace vigie::sentiment {
namespace {

constexpr std::size_t kRemembered = std::size_t{1}
                                    << 15;  // times four words a thread keeps: a few languages' daily use

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
  std::array<double, 3> z = {-logits.polarity * scale,
                             logits.neutrality * static_cast<double>(settings.neutral_scale), logits.polarity * scale};
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

Reader::Sum Reader::weights_of(Group group, Feature feature) const {
  const Weight shared = model_->weight(group, feature, kNoSlot);
  if (slot_ == kNoSlot || !has_copies(group)) return {shared.polarity, shared.neutrality, 0};
  const Weight copy = model_->weight(group, feature, slot_);
  return {shared.polarity + copy.polarity, shared.neutrality + copy.neutrality, 0};
}

void Reader::add(Group group, Feature feature, Sum& sum) const {
  ++sum.features;
  if (group == Group::letters || model_->knows(feature)) sum += weights_of(group, feature);
}

std::uint64_t Reader::key_of(const Token& token) const {
  const std::uint64_t flags = (token.negated ? 1u : 0u) + (token.letters ? 2u : 0u) + 4;
  return (token.hash ^ (flags << 56)) + (static_cast<std::uint64_t>(slot_) + 1) * 0xD6E8FEB86659FD93ull;
}

const Reader::Own& Reader::own(const Token& token) {
  const std::uint64_t key = key_of(token);
  Places& places = places_of(key);
  for (const Own& place : places) {
    if (place.key == key) return place;
  }
  // The oldest makes room.
  std::move_backward(places.begin(), places.end() - 1, places.end());
  Own& place = places[0];
  Sum words, letters;
  own_features(token,
               [&](Group group, Feature feature) { add(group, feature, group == Group::words ? words : letters); });
  place = Own{};
  place.key = key;
  place.words_polarity = static_cast<std::int16_t>(words.polarity);
  place.words_neutrality = static_cast<std::int16_t>(words.neutrality);
  place.letters_polarity = static_cast<std::int16_t>(letters.polarity);
  place.letters_neutrality = static_cast<std::int16_t>(letters.neutrality);
  place.words = static_cast<std::uint8_t>(words.features);
  place.letters = static_cast<std::uint8_t>(letters.features);
  if (const std::int8_t* const values = model_->words().find(word_key(token.hash, salt_)); values != nullptr) {
    place.is_known = 1;
    place.word_class = model_->words().class_of(values);
    std::copy_n(values, place.known.size(), place.known.begin());
  }
  Sum of_class;
  add(Group::classes, class_feature(class_of(token, place.word_class)), of_class);
  place.class_polarity = of_class.polarity;
  place.class_neutrality = of_class.neutrality;
  return place;
}

// A text touches a hundred places of tables that no cache holds: asked for all at once they come together.
void Reader::take_pair(Group group, Feature feature, std::size_t token) {
  model_->expect_known(feature);
  pairs_.push_back({feature, static_cast<std::uint32_t>(token), group});
}

void Reader::find_pairs() {
  pairs_.clear();
  std::uint64_t previous = kBorder, before = 0;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const std::uint64_t hash = tokens_[i].hash;
    const Places& places = places_of(key_of(tokens_[i]));
    __builtin_prefetch(&places[0]);
    __builtin_prefetch(&places[2]);
    take_pair(Group::pairs, pair_of(previous, hash), i);
    if (before != 0) take_pair(Group::skips, skip_of(before, hash), i);
    before = i == 0 ? 0 : previous;
    previous = hash;
  }
  take_pair(Group::pairs, pair_of(previous, kBorder), tokens_.size());
}

// Of the pairs from place `from` on.
void Reader::keep_known_pairs(std::size_t from, Sums& sums) {
  auto kept = pairs_.begin() + static_cast<std::ptrdiff_t>(from);
  for (auto pair = kept; pair != pairs_.end(); ++pair) {
    ++sums[static_cast<std::size_t>(pair->group)].features;
    const bool known = model_->knows(pair->feature);
    if (known) model_->expect(pair->group, pair->feature, slot_);
    *kept = *pair;
    kept += known ? 1 : 0;
  }
  pairs_.erase(kept, pairs_.end());
}

void Reader::add_pairs(Sums& sums) {
  for (const PairFeature& pair : pairs_) {
    const auto group = static_cast<std::size_t>(pair.group);
    const Sum sum = weights_of(pair.group, pair.feature);
    sums[group] += sum;
    // A pair's say belongs to both.
    const std::size_t first = pair.token - 1 - (pair.group == Group::skips ? 1 : 0);
    if (pair.token < tokens_.size()) shares_[pair.token][group] += sum.polarity / 2;
    if (first < tokens_.size()) shares_[first][group] += sum.polarity / 2;
  }
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
  constexpr auto kWords = static_cast<std::size_t>(Group::words), kGrams = static_cast<std::size_t>(Group::letters),
                 kClasses = static_cast<std::size_t>(Group::classes);
  slot_ = slot;
  salt_ = language_salt(slot == kNoSlot ? std::string_view() : lang);
  const bool exclaims = read_tokens(words, tokens_);
  find_pairs();
  shares_.assign(tokens_.size(), {});
  known_.clear();

  Sums sums{};
  keep_known_pairs(0, sums);
  const std::size_t word_pairs = pairs_.size();
  Sum &of_words = sums[kWords], &of_letters = sums[kGrams], &of_classes = sums[kClasses];
  std::uint64_t previous = kClassBorder;
  bool has_letters = false;
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    has_letters = has_letters || token.letters;
    const Own& mine = own(token);
    shares_[i][kWords] = mine.words_polarity;
    shares_[i][kGrams] = mine.letters_polarity;
    of_words += {mine.words_polarity, mine.words_neutrality, mine.words};
    of_letters += {mine.letters_polarity, mine.letters_neutrality, mine.letters};
    shares_[i][kClasses] = mine.class_polarity;
    of_classes += {mine.class_polarity, mine.class_neutrality, 1};
    const std::uint64_t of_class = class_of(token, mine.word_class);
    take_pair(Group::classes, class_pair(previous, of_class), i);
    previous = of_class;
    add_known(tokens_, i, mine.is_known != 0 ? mine.known.data() : nullptr, model_->words(), salt_, known_);
  }
  take_pair(Group::classes, class_pair(previous, kClassBorder), tokens_.size());
  says_anything_ = has_letters || !known_.empty();
  keep_known_pairs(word_pairs, sums);
  add_shape(words, sums[static_cast<std::size_t>(Group::shape)]);

  Logits out = dense(statistics_);
  add_pairs(sums);  // last: by now their weights are here
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

Reader::Pulls Reader::pulls() const {
  const std::span<const float> shared = model_->dense(kNoSlot), copies = model_->dense(slot_);
  const float own = slot_ == kNoSlot ? 0 : 1;
  const float root = 1 / std::sqrt(static_cast<float>(std::max(words_, 1)));
  Pulls pulls;
  for (std::size_t column = 0; column < model_->words().columns(); ++column) {
    const std::size_t first = column * kStatistics;
    const auto weight = [&](std::size_t i) { return shared[2 * (first + i)] + own * copies[2 * (first + i)]; };
    const auto value = [&](std::size_t i) { return statistics_.values[first + i]; };
    const float good = statistics_.good[column], bad = statistics_.bad[column], found = statistics_.found[column];
    if (found == 0) continue;
    const float linear = weight(4) / found + weight(6) * root;
    pulls.good[column] = linear + (good > 0 ? (weight(0) * value(0) + weight(2) * value(2)) / good : 0);
    pulls.bad[column] = linear - (bad > 0 ? (weight(1) * value(1) + weight(3) * value(3)) / bad : 0);
  }
  return pulls;
}

std::vector<DrivingWord> Reader::drivers(const Words& words, std::size_t most) const {
  struct Driver {
    double weight = 0;
    std::uint32_t token = 0;
  };
  const auto stronger = [](const Driver& a, const Driver& b) {
    return std::abs(a.weight) > std::abs(b.weight) || (std::abs(a.weight) == std::abs(b.weight) && a.token < b.token);
  };
  const Pulls pull = pulls();
  const std::size_t columns = model_->words().columns();
  std::vector<Driver> all;
  all.reserve(tokens_.size());
  auto known = known_.begin();
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    double weight = 0;
    for (std::size_t group = 0; group < kGroups; ++group) weight += shares_[i][group] * scales_[group];
    if (known != known_.end() && known->token == i) {
      float from_table = 0;
      for (std::size_t column = 0; column < columns; ++column) {
        const int units = known->values[column] * known->units;
        from_table += static_cast<float>(units) * (units > 0 ? pull.good : pull.bad)[column];
      }
      weight += static_cast<double>(from_table * kUnit);
      ++known;
    }
    if (!adapted_.empty()) weight += adapted_[i];
    if (tokens_[i].word != Token::kNoWord) all.push_back({weight, i});
  }
  std::vector<DrivingWord> kept;
  kept.reserve(std::min(most, all.size()));
  // The strongest few, one at a time: a text has many words, and few of them are asked for.
  for (auto rest = all.begin(); rest != all.end() && kept.size() < most; ++rest) {
    std::iter_swap(rest, std::min_element(rest, all.end(), stronger));
    const std::string_view word = words.written(tokens_[rest->token].word);
    const bool said = std::any_of(kept.begin(), kept.end(), [&](const DrivingWord& k) { return k.word == word; });
    if (!said) kept.push_back({std::string(word), rest->weight});
  }
  return kept;
}

}  // namespace vigie::sentiment
