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
  // What a token adds by itself.
  struct Own {
    Sum words, letters;
  };
  struct Remembered {
    std::uint64_t key = 0;
    Own own;
  };

  void add(Group group, Feature feature, Sum& sum) const;
  Own own(const Token& token);
  void expect();
  void add_pairs(Sum& total);
  std::uint64_t key_of(const Token& token) const;
  Remembered& place_of(std::uint64_t key) { return remembered_[(key ^ key >> 29) & (remembered_.size() - 2)]; }
  void add_shape(const Words& words, Sum& total);
  Logits dense(const Statistics& statistics) const;
  void add_adapted(std::string_view lang, Logits& out);
  // What a unit of a column's value, above 0 and below, adds to the polarity of this text: a sum's logarithm and its
  // extreme are shared out among the words by their values, what is linear needs no sharing out.
  struct Pull {
    double good = 0, bad = 0;
  };
  std::array<Pull, WordTable::kMostColumns> pulls() const;

  std::shared_ptr<const Model> model_;
  std::shared_ptr<const Adapter> adapter_;
  std::vector<Remembered> remembered_;
  std::vector<Token> tokens_;
  std::vector<KnownWord> known_;
  Statistics statistics_;
  std::vector<std::array<std::int32_t, kGroups>> shares_;  // of the polarity, a token and group, in steps
  std::vector<AdapterFeature> learnt_;
  std::vector<double> adapted_;  // what the adapter adds to the polarity, a token; empty without one
  Slot slot_ = kNoSlot;
  int words_ = 0;
  std::array<double, kGroups> scales_{};  // of a step
  bool says_anything_ = false;
};

}  // namespace vigie::sentiment
