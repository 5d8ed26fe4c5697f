#include "pipeline/language/train.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>

#include <fmt/format.h>
#include <xxhash.h>
#include <boost/unordered/unordered_flat_map.hpp>

#include "base/rng.h"

namespace vigie::language {
namespace {

constexpr std::size_t kMostWords = 60;  // of a row: more of one text say less than other texts
constexpr std::size_t kFewestInPiece = 1, kMostInPiece = 16;

struct Span {
  std::uint32_t begin = 0, size = 0;  // of the list of hashes
};

struct Example {
  std::size_t tongue = 0;
  float weight = 1;
  std::vector<Span> words;
};

class Learner {
 public:
  explicit Learner(const TrainOptions& options)
      : options_(options), mask_((1u << options.bits) - 1), chance_(options.seed) {
    weights_.resize((std::size_t{mask_} + 1) * kTongues);
    squares_.resize(weights_.size(), 1e-3F);
  }

  void add(const LabelledRow& row) {
    Example example;
    example.tongue = tongue_of(row.lang);
    example.weight = row.weight;
    const Words words = split_words(row.text);
    for (std::size_t i = 0; i < words.size() && example.words.size() < kMostWords; ++i) {
      if (!speaks(words[i])) continue;
      const Span word = span_of(words.written(i), words.folded(i));
      if (word.size > 0) example.words.push_back(word);
    }
    if (!example.words.empty()) examples_.push_back(std::move(example));
  }

  // Tongues with fewer rows weigh more, by the root of how many fewer: all the way would drown them in repetition.
  void balance() {
    std::array<double, kTongues> rows{};
    for (const Example& example : examples_) rows[example.tongue] += static_cast<double>(example.weight);
    const double mean = std::accumulate(rows.begin(), rows.end(), 0.0) / kTongues;
    for (Example& example : examples_) {
      const double factor = std::sqrt(mean / rows[example.tongue]);
      example.weight *= static_cast<float>(factor);
    }
  }

  double epoch() {
    std::vector<std::uint32_t> order(examples_.size());
    std::iota(order.begin(), order.end(), 0u);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[chance_.below(i)]);
    double loss = 0, weight = 0;
    for (const std::uint32_t i : order) {
      loss += learn(examples_[i]);
      weight += static_cast<double>(examples_[i].weight);
    }
    return loss / weight;
  }

  ModelParts result() const {
    ModelParts parts;
    // A few weights are far out: cutting them leaves the others finer.
    std::vector<float> sizes;
    for (const float weight : weights_) {
      if (weight != 0) sizes.push_back(std::abs(weight));
    }
    if (sizes.empty()) return parts;
    const auto at = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() * 9995 / 10000);
    std::nth_element(sizes.begin(), at, sizes.end());
    parts.step = *at / 127;
    parts.weights.reserve(weights_.size());
    for (const float weight : weights_) {
      parts.weights.push_back(static_cast<std::int8_t>(std::clamp(std::lround(weight / parts.step), -127L, 127L)));
    }
    return parts;
  }

 private:
  // Each word is kept once.
  Span span_of(std::string_view written, std::string_view folded) {
    const auto [known, fresh] = spans_.try_emplace(XXH3_64bits(written.data(), written.size()));
    Span& span = known->second;
    if (!fresh) return span;
    Features features;
    read_features(written, folded, features);
    span = {static_cast<std::uint32_t>(hashes_.size()), static_cast<std::uint32_t>(features.size)};
    for (std::size_t f = 0; f < features.size; ++f) hashes_.push_back(features.hashes[f] & mask_);
    return span;
  }

  // A piece of the text.
  std::span<const Span> choose(const Example& example) {
    const std::size_t all = example.words.size();
    const std::size_t size = std::min(all, kFewestInPiece + chance_.below(kMostInPiece - kFewestInPiece + 1));
    return std::span(example.words).subspan(chance_.below(all - size + 1), size);
  }

  double learn(const Example& example) {
    const std::span<const Span> piece = choose(example);
    std::array<float, kTongues> odds{};
    for (const Span& word : piece) {
      for (std::uint32_t i = word.begin; i < word.begin + word.size; ++i) {
        const float* row = &weights_[std::size_t{hashes_[i]} * kTongues];
        for (std::size_t t = 0; t < kTongues; ++t) odds[t] += row[t];
      }
    }
    const float best = *std::max_element(odds.begin(), odds.end());
    float total = 0;
    std::array<float, kTongues> slope{};
    for (std::size_t t = 0; t < kTongues; ++t)
      total += slope[t] = static_cast<float>(std::exp(static_cast<double>(odds[t] - best)));
    for (std::size_t t = 0; t < kTongues; ++t) slope[t] = slope[t] / total - (t == example.tongue ? 1.0F : 0.0F);
    const double loss = -std::log(std::max(1e-9, static_cast<double>(slope[example.tongue] + 1)));
    if (slope[example.tongue] > -1e-3F)
      return loss * static_cast<double>(example.weight);  // learnt: saves half the time
    for (float& s : slope) s *= example.weight;
    update(piece, slope);
    return loss * static_cast<double>(example.weight);
  }

  void update(std::span<const Span> piece, const std::array<float, kTongues>& slope) {
    const auto rate = static_cast<float>(options_.rate);
    for (const Span& word : piece) {
      for (std::uint32_t i = word.begin; i < word.begin + word.size; ++i) {
        float* row = &weights_[std::size_t{hashes_[i]} * kTongues];
        float* square = &squares_[std::size_t{hashes_[i]} * kTongues];
        for (std::size_t t = 0; t < kTongues; ++t) {
          square[t] += slope[t] * slope[t];
          row[t] -= rate * slope[t] / std::sqrt(square[t]);
        }
      }
    }
  }

  const TrainOptions& options_;
  const std::uint32_t mask_;
  SeededRng chance_;
  std::vector<float> weights_, squares_;
  std::vector<std::uint32_t> hashes_;
  boost::unordered_flat_map<std::uint64_t, Span> spans_;  // by the hash of the word as written
  std::vector<Example> examples_;
};

std::string provenance_of(const std::vector<LabelledRow>& rows, const TrainOptions& options) {
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  for (const LabelledRow& row : rows) {
    if (row.weight > 0) ++counts[{std::string(row.set()), row.lang}];
  }
  std::string out = fmt::format("epochs {}, rate {}, seed {}\n", options.epochs, options.rate, options.seed);
  for (const auto& [key, count] : counts) out += fmt::format("{} {}: {} rows\n", key.first, key.second, count);
  return out;
}

}  // namespace

Result<ModelParts> train(const std::vector<LabelledRow>& rows, const TrainOptions& options, const Progress& progress) {
  Learner learner(options);
  std::array<std::size_t, kTongues> counts{};
  for (const LabelledRow& row : rows) {
    if (row.weight <= 0) continue;
    ++counts[tongue_of(row.lang)];
    learner.add(row);
  }
  for (std::size_t t = 0; t < kRead; ++t) {
    if (counts[t] == 0)
      return fail(ErrorKind::bad_data, concat("no rows in \"", kCodes[t], "\": the model would never answer it"));
  }
  learner.balance();
  for (int epoch = 1; epoch <= options.epochs; ++epoch) {
    progress(fmt::format("epoch {} of {}: loss {:.4f}", epoch, options.epochs, learner.epoch()));
  }
  ModelParts parts = learner.result();
  parts.provenance = provenance_of(rows, options);
  return parts;
}

}  // namespace vigie::language
