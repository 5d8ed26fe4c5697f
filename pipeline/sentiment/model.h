// The sentiment model: one file, memory-mapped, read-only. Weights of hashed features (int8), the word table, the
// dense weights, the calibration, and where it all comes from.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/judgement.h"
#include "pipeline/sentiment/features.h"
#include "pipeline/sentiment/word_table.h"

namespace vigie::sentiment {

using Probabilities = std::array<double, 3>;  // negative, neutral, positive; sum 1
constexpr std::size_t place(Label label) { return static_cast<std::size_t>(label); }

// What one feature says, in fixed point: towards positive or negative, and towards or away from neutral. The three
// logits are (-polarity, neutrality, polarity): a softmax needs no third number.
struct Weight {
  std::int8_t polarity = 0;
  std::int8_t neutrality = 0;
};

// A language and domain that has copies of its own. `kNoSlot`: the shared weights alone.
using Slot = std::uint32_t;
constexpr Slot kNoSlot = UINT32_MAX;

// What kind of text a slot is for: domain "review"; domain "tweet"; a tweet that opens by addressing somebody.
enum class Register : std::uint32_t { tweet = 0, review = 1, addressed = 2 };
Register register_of(std::string_view domain, const Words& words);

struct SlotSettings {
  std::array<char, 8> lang{};  // ISO 639-1, zero-padded
  Register of = Register::tweet;
  std::uint32_t rows = 0;      // training rows behind it
  // Vector scaling (Guo et al., "On Calibration of Modern Neural Networks", 2017): logits * scale + bias; the neutral
  // logit has a scale of its own.
  float scale = 1, neutral_scale = 1;
  std::array<float, 3> bias{};
  // The label is the class with the largest choice * probability: choice makes up for classes that are rare in a slot.
  std::array<float, 3> choice{1, 1, 1};
  // What "!" adds to the lead of negative over positive, and of positive over negative, whichever leads; >= 0.
  std::array<float, 2> exclaimed{};
};

// Numbers that a fit can give; what is read from a file is nothing else.
bool sensible(const SlotSettings& slot);

constexpr unsigned kSeenBits =
    23;  // of a feature's hash, in the set of features met: one in nine others passes for met

constexpr std::size_t kStatistics = 8;  // numbers a column of the word table gives a text, see known_words.h

class Model {
 public:
  // Over bytes that `owner` keeps alive. bad_data when they are not a whole model: nothing in them is trusted.
  static Result<std::shared_ptr<const Model>> over(std::string_view bytes, std::shared_ptr<const void> owner,
                                                   bool check_sum);
  // Maps the file read-only.
  static Result<std::shared_ptr<const Model>> open(const std::string& path);
  // The model built into the program.
  static std::shared_ptr<const Model> shipped();

  // The slot of a language and register; of the language's plain tweets, else of its reviews, when that one was not
  // trained on; kNoSlot for languages never trained on.
  Slot slot(std::string_view lang, Register of) const;
  const SlotSettings& settings(Slot slot) const { return slot == kNoSlot ? shared_settings_ : slots_[slot]; }
  std::span<const SlotSettings> slots() const { return slots_; }

  // Whether training met the feature, of any group but letters. The weights of one it never met belong to others that
  // share its row.
  bool knows(Feature feature) const {
    const std::uint32_t bit = feature >> (32 - kSeenBits);
    return (seen_[bit / 64] >> (bit % 64) & 1) != 0;
  }
  // Fetches what knows() reads, ahead of time.
  void expect_known(Feature feature) const { __builtin_prefetch(&seen_[(feature >> (32 - kSeenBits)) / 64]); }
  Weight weight(Group group, Feature feature, Slot slot) const { return weights_[row(group, feature, slot, bits_)]; }
  // Fetches the weights of a feature ahead of time: they lie far apart in memory.
  void expect(Group group, Feature feature, Slot slot) const {
    __builtin_prefetch(&weights_[row(group, feature, kNoSlot, bits_)]);
    if (slot != kNoSlot && has_copies(group)) __builtin_prefetch(&weights_[row(group, feature, slot, bits_)]);
  }
  double step() const { return step_; }  // of one unit of a Weight

  const WordTable& words() const { return words_; }
  // Two numbers (polarity, neutrality) a statistic: [slot][column][statistic]; the row behind the last slot is shared.
  std::span<const float> dense(Slot slot) const;

  std::string_view name() const { return name_; }
  std::string_view provenance() const { return provenance_; }  // JSON
  std::size_t bytes() const { return bytes_.size(); }
  std::uint64_t checksum() const { return checksum_; }  // tells models apart

  // Where a feature's weights lie: the shared ones (slot kNoSlot) and a slot's copy. Letters have no copies and are
  // few, and a new word asks for many of them: they have rows of their own, that stay in near memory.
  static std::size_t row(Group group, Feature feature, Slot slot, unsigned bits) {
    const std::uint64_t both = static_cast<std::uint64_t>(feature) << 32 | feature;
    if (group == Group::letters) {
      return (std::size_t{1} << bits) + static_cast<std::size_t>((both * 0x9E3779B97F4A7C15ull) >> (64 - bits + 3));
    }
    const std::uint64_t salt = slot == kNoSlot ? 0 : (static_cast<std::uint64_t>(slot) + 1) * 0xD6E8FEB86659FD93ull;
    return static_cast<std::size_t>(((both ^ salt) * 0x9E3779B97F4A7C15ull) >> (64 - bits));
  }
  static std::size_t rows(unsigned bits) { return (std::size_t{1} << bits) + (std::size_t{1} << (bits - 3)); }

 private:
  std::shared_ptr<const void> owner_;
  std::string_view bytes_;
  std::uint64_t checksum_ = 0;
  unsigned bits_ = 0;
  double step_ = 0;
  std::span<const Weight> weights_;
  std::span<const std::uint64_t> seen_;
  std::span<const SlotSettings> slots_;
  SlotSettings shared_settings_;
  std::span<const float> dense_;
  WordTable words_;
  std::string name_, provenance_;
};

// What a model file is written from.
struct ModelParts {
  std::string name;
  std::string provenance;  // JSON
  unsigned bits = 0;       // 2^bits rows of weights
  float step = 0;
  std::vector<Weight> weights;
  std::vector<Feature> seen;  // features that training met
  std::vector<SlotSettings> slots;
  SlotSettings shared;
  std::vector<float> dense;
  WordTable words;
};

// The bytes of the file; equal parts give equal bytes.
std::string to_bytes(const ModelParts& parts);

}  // namespace vigie::sentiment
