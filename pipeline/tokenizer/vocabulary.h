// How words become the numbers a network was trained on: the "model" of a tokenizer file.

#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace vigie::tokenizer {

using Id = std::int64_t;

class Vocabulary {
 public:
  virtual ~Vocabulary() = default;
  // Adds the ids of one word.
  virtual void add(std::string_view word, std::vector<Id>& ids) const = 0;
};

// WordPiece (the BERT family), Unigram (SentencePiece: XLM-R, CamemBERT) or BPE (the RoBERTa family). bad_data names
// what is wrong or not supported.
Result<std::unique_ptr<Vocabulary>> read_vocabulary(const json::Value& model);

// The readers of each kind.
Result<std::unique_ptr<Vocabulary>> read_word_piece(const json::Value& model);
Result<std::unique_ptr<Vocabulary>> read_unigram(const json::Value& model);
Result<std::unique_ptr<Vocabulary>> read_byte_pairs(const json::Value& model);

}  // namespace vigie::tokenizer
