// Texts as the numbers a text classifier reads, by the tokenizer.json that Hugging Face's tokenizers write beside a
// model (https://huggingface.co/docs/tokenizers). The kinds that classifiers use: WordPiece, Unigram, byte-level BPE.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/tokenizer/normalizer.h"
#include "pipeline/tokenizer/splitter.h"
#include "pipeline/tokenizer/vocabulary.h"

namespace vigie {

class Tokenizer {
 public:
  // bad_config when the file cannot be read, is larger than 64 MiB, is malformed, or asks for what is not supported:
  // the part is named.
  static Result<Tokenizer> load(const std::string& path);
  static Result<Tokenizer> parse(std::string_view bytes, std::string_view name);

  // Ids of a text with the file's signs at both ends, at most `most` of them (8 at least): what stands behind is left
  // out. Signs such as "[SEP]" or "</s>" written in the text are words like any other: a text cannot end itself early.
  std::vector<tokenizer::Id> encode(std::string_view text, std::size_t most) const;

  tokenizer::Id padding() const { return padding_; }

 private:
  friend class TokenizerReader;
  std::vector<tokenizer::Rewrite> rewrites_;
  std::vector<tokenizer::Split> splits_;
  std::unique_ptr<tokenizer::Vocabulary> vocabulary_;
  std::vector<tokenizer::Id> before_, after_;
  tokenizer::Id padding_ = 0;
};

}  // namespace vigie
