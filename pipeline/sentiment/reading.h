// One text read by one model: raw logits, and what each word adds to them.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/judgement.h"
#include "pipeline/sentiment/adapter.h"
#include "pipeline/sentiment/known_words.h"
#include "pipeline/sentiment/model.h"
#include "pipeline/sentiment/tokens.h"
#include "pipeline/words.h"

namespace vigie::sentiment {

// The logits are (-polarity, neutrality, polarity).
struct Logits {
  double polarity = 0;
  double neutrality = 0;
  bool exclaims = false;
};

Probabilities softmax(const std::array<double, 3>& logits);
// Scaled and shifted as the slot says. An exclamation widens the lead of the side that leads, so "!!!" behind a
// complaint never makes it praise.
Probabilities calibrated(const Logits& logits, const SlotSettings& settings);

// Buffers that a thread keeps between texts, and the sums of words already met: a word's own features give the same sum
// wherever it stands, and most words of a text are old acquaintances. Sums are whole numbers: remembered or not, the
// result is the same to the byte.
class Reader {
 public:
  // `adapter`: what it adds, when there is one that belongs to the model.
  explicit Reader(std::shared_ptr<const Model> model, std::shared_ptr<const Adapter> adapter = nullptr);
  const Model& model() const { return *model_; }
  const Adapter* adapter() const { return adapter_.get(); }

  Logits read(const Words& words, std::string_view lang, Slot slot);
  // Of the text read last: what each word adds to the polarity, strongest first, at most `most`, each word once.
  std::vector<DrivingWord> drivers(const Words& words, std::size_t most) const;
  // Of the text read last.
  const std::vector<Token>& tokens() const { return tokens_; }
  bool says_anything() const { return says_anything_; }

 private:
  struct Sum {
    std::int32_t polarity = 0, neutrality = 0, features = 0;
    Sum& operator+=(const Sum& more) {
      polarity += more.polarity;
      neutrality += more.neutrality;
      features += more.features;
      return *this;
    }
  };
  using Sums = std::array<Sum, kGroups>;
  // What a token adds by itself, and what the word table says of it. Half of what the processor fetches at once.
  struct alignas(32) Own {
    std::uint64_t key = 0;
    KnownValues known{};
    std::int16_t words_polarity = 0, words_neutrality = 0;      // of at most two features
    std::int16_t letters_polarity = 0, letters_neutrality = 0;  // of at most 4 * (kLetters + 2)
    std::uint8_t words = 0, letters = 0;                        // features
    // A lone feature and its copy: at most 2 * 127 each way.
    std::int32_t class_polarity : 10 = 0, class_neutrality : 10 = 0;
    std::uint32_t word_class : 10 = 0, is_known : 1 = 0;
  };
  static_assert(sizeof(Own) == 32 && WordTable::kMostClasses < 1u << 10);
  using Places = std::array<Own, 4>;  // where a token may be remembered
  // Two tokens that follow each other, or with one between, or their classes, as a feature; `token` is the second.
  struct PairFeature {
    Feature feature = 0;
    std::uint32_t token = 0;
    Group group = Group::pairs;
  };

  [[gnu::always_inline]] inline Sum weights_of(Group group, Feature feature) const;
  void add(Group group, Feature feature, Sum& sum) const;
  const Own& own(const Token& token);
  void find_pairs();
  void take_pair(Group group, Feature feature, std::size_t token);
  void keep_known_pairs(std::size_t from, Sums& sums);
  void add_pairs(Sums& sums);
  std::uint64_t key_of(const Token& token) const;
  Places& places_of(std::uint64_t key) {
    return remembered_[(key * 0x9E3779B97F4A7C15ull >> 32) & (remembered_.size() - 1)];
  }
  void add_shape(const Words& words, Sum& total);
  Logits dense(const Statistics& statistics) const;
  void add_adapted(std::string_view lang, Logits& out);
  // What a unit of a column's value, above 0 and below, adds to the polarity of this text: a sum that counts less the
  // more it is, and its extreme are shared out among the words by their values, what is linear needs no sharing out.
  struct Pulls {
    std::array<float, WordTable::kMostColumns> good{}, bad{};
  };
  Pulls pulls() const;

  std::shared_ptr<const Model> model_;
  std::shared_ptr<const Adapter> adapter_;
  std::vector<Places> remembered_;
  std::vector<Token> tokens_;
  std::vector<PairFeature> pairs_;
  std::vector<KnownWord> known_;
  Statistics statistics_;
  std::vector<std::array<std::int32_t, kGroups>> shares_;  // of the polarity, a token and group, in steps
  std::vector<AdapterFeature> learnt_;
  std::vector<double> adapted_;  // what the adapter adds to the polarity, a token; empty without one
  Slot slot_ = kNoSlot;
  std::uint64_t salt_ = 0;  // of the language, for the word table
  int words_ = 0;
  std::array<double, kGroups> scales_{};  // of a step
  bool says_anything_ = false;
};

}  // namespace vigie::sentiment
