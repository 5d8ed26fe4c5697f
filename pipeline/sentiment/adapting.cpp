#include "pipeline/sentiment/adapting.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "pipeline/sentiment/reading.h"

namespace vigie::sentiment {
namespace {

constexpr std::uint64_t kHeldOut = 3;  // one label in three
constexpr double kRate = 0.1;  // with the number of steps it bounds how far a weight can go, however many labels say so
constexpr double kLeaning = 0.7, kEnoughToTell = 50, kOfEach = 3;  // labels; chosen on rows that no figure is from
constexpr double kRarest = 0.08;                                   // a share below it leans no further
constexpr float kForgotten = 1e-4F;                                // a weight that says less is left out of the file

struct Seen {
  std::uint32_t weight = 0;  // place among the weights
  float value = 0;
};

struct Row {
  Logits base;
  std::size_t slot = 0;  // the last one: texts without a slot
  std::size_t label = 1;
  std::vector<Seen> seen;
};

// A number that follows its gradient, by AdaGrad.
struct Moved {
  double value = 0, squares = 0;
  void against(double gradient) {
    squares += gradient * gradient;
    if (gradient != 0) value -= kRate * gradient / (std::sqrt(squares) + 1e-9);
  }
};

class Learning {
 public:
  Learning(const std::shared_ptr<const Model>& base, const std::vector<LabelledText>& texts,
           const AdaptOptions& options)
      : base_(*base), options_(options) {
    read(base, texts);
    weights_.resize(2 * features_.size());
    fits_.resize(2 * (base_.slots().size() + 1));
  }

  void step() {
    std::vector<double> weights(weights_.size()), fits(fits_.size());
    for (const Row& row : rows_) add_gradient(row, weights, fits);
    for (std::size_t i = 0; i < weights.size(); ++i)
      weights_[i].against(weights[i] + options_.pull * weights_[i].value);
    for (std::size_t i = 0; i < fits.size(); ++i) fits_[i].against(fits[i] + options_.trust * fits_[i].value);
  }

  AdapterParts parts() const {
    AdapterParts out;
    out.base = base_.checksum();
    out.labels = static_cast<std::uint32_t>(rows_.size());
    for (std::size_t i = 0; i < features_.size(); ++i) {
      const AdapterWeight weight = {features_[i], static_cast<float>(weights_[2 * i].value),
                                    static_cast<float>(weights_[2 * i + 1].value)};
      if (std::max(std::abs(weight.polarity), std::abs(weight.neutrality)) > kForgotten) out.weights.push_back(weight);
    }
    for (std::size_t slot = 0; slot < base_.slots().size(); ++slot) out.slots.push_back(leaning(slot));
    out.shared = leaning(base_.slots().size());
    return out;
  }

 private:
  void read(const std::shared_ptr<const Model>& base, const std::vector<LabelledText>& texts) {
    Reader reader(base);
    std::vector<AdapterFeature> found;
    std::vector<std::vector<AdapterFeature>> features;
    for (const auto& [text, label] : texts) {
      const Words words = split_words(text.text);
      const Slot slot = base_.slot(text.lang, register_of(text.domain, words));
      Row row;
      row.base = reader.read(words, text.lang, slot);
      if (!reader.says_anything()) continue;  // its judgement is a rule, not a weight
      row.slot = slot == kNoSlot ? base_.slots().size() : slot;
      row.label = place(label);
      adapter_features(reader.tokens(), text.lang, found);
      features.push_back(found);
      rows_.push_back(std::move(row));
    }
    for (const auto& row : features) {
      for (const AdapterFeature& feature : row) features_.push_back(feature.feature);
    }
    std::sort(features_.begin(), features_.end());
    features_.erase(std::unique(features_.begin(), features_.end()), features_.end());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      for (const AdapterFeature& feature : features[i]) {
        const auto at = std::lower_bound(features_.begin(), features_.end(), feature.feature) - features_.begin();
        rows_[i].seen.push_back({static_cast<std::uint32_t>(at), feature.value});
      }
    }
  }

  SlotSettings settings(std::size_t slot) const {
    SlotSettings out = slot == base_.slots().size() ? base_.settings(kNoSlot) : base_.slots()[slot];
    out.bias[1] += static_cast<float>(fits_[2 * slot].value);
    out.bias[2] += static_cast<float>(fits_[2 * slot + 1].value);
    return out;
  }

  // The label leans to classes that are rare here, as it leans to those rare in training (calibrate.cpp): by the shares
  // among the labels, as far as there are labels enough to tell.
  SlotSettings leaning(std::size_t slot) const {
    SlotSettings out = settings(slot);
    std::array<double, 3> counts{};
    for (const Row& row : rows_) counts[row.label] += row.slot == slot ? 1 : 0;
    const double all = counts[0] + counts[1] + counts[2];
    const double told = all / (all + kEnoughToTell);
    for (std::size_t k = 0; k < counts.size(); ++k) {
      if (counts[k] == 0) continue;  // nothing is known of how rare it is
      const double share = std::max(kRarest, (counts[k] + kOfEach) / (all + 3 * kOfEach));
      const auto shipped = static_cast<double>(out.choice[k]);
      out.choice[k] =
          static_cast<float>(std::exp((1 - told) * std::log(shipped) - told * kLeaning * std::log(3 * share)));
    }
    return out;
  }

  void add_gradient(const Row& row, std::vector<double>& weights, std::vector<double>& fits) const {
    Logits z = row.base;
    for (const Seen& seen : row.seen) {
      z.polarity += static_cast<double>(seen.value) * weights_[2 * seen.weight].value;
      z.neutrality += static_cast<double>(seen.value) * weights_[2 * seen.weight + 1].value;
    }
    const SlotSettings slot = settings(row.slot);
    Probabilities p = calibrated(z, slot);
    p[row.label] -= 1;
    const auto scale = static_cast<double>(slot.scale);
    const double polarity = scale * (p[2] - p[0]), neutrality = static_cast<double>(slot.neutral_scale) * p[1];
    for (const Seen& seen : row.seen) {
      weights[2 * seen.weight] += static_cast<double>(seen.value) * polarity;
      weights[2 * seen.weight + 1] += static_cast<double>(seen.value) * neutrality;
    }
    fits[2 * row.slot] += p[1];
    fits[2 * row.slot + 1] += p[2];
  }

  const Model& base_;
  const AdaptOptions options_;
  std::vector<Row> rows_;
  std::vector<Feature> features_;  // sorted
  std::vector<Moved> weights_;     // polarity and neutrality of each feature
  std::vector<Moved> fits_;        // bias of neutral and of positive, a slot; how sure the model is stays as shipped
};

}  // namespace

AdapterParts learn_adapter(const std::shared_ptr<const Model>& base, const std::vector<LabelledText>& texts,
                           const AdaptOptions& options) {
  Learning learning(base, texts, options);
  for (int i = 0; i < options.steps; ++i) learning.step();
  return learning.parts();
}

std::uint64_t words_key(std::string_view text) {
  std::vector<Token> tokens;
  const Words words = split_words(text);
  read_tokens(words, tokens);
  std::uint64_t key = 0;
  for (const Token& token : tokens) {
    if (token.letters) key = (key ^ token.hash) * 0x9E3779B97F4A7C15ull + 1;
  }
  return key;
}

bool held_out(std::uint64_t key) { return scatter(key) % kHeldOut == 0; }

}  // namespace vigie::sentiment
