#include "pipeline/tokenizer/vocabulary.h"

#include <limits>

#include "pipeline/tokenizer/pieces.h"

namespace vigie::tokenizer {

Result<PieceTable> PieceTable::read(const json::Value& vocab) {
  if (vocab.size() == 0 || vocab.size() > kMostPieces)
    return fail(ErrorKind::bad_data, concat("vocab: expected 1 to ", std::to_string(kMostPieces), " pieces, found ",
                                            std::to_string(vocab.size())));
  PieceTable table;
  table.ids_.reserve(vocab.size());
  for (std::size_t i = 0; i < vocab.size(); ++i) {
    TRY(const Id id, vocab[i].integer(""));
    if (id < 0 || id > std::numeric_limits<std::int32_t>::max())
      return fail(ErrorKind::bad_data, concat("vocab: expected an id from 0 on, found ", std::to_string(id)));
    table.add(vocab.key_at(i), id);
  }
  return table;
}

Result<std::unique_ptr<Vocabulary>> read_vocabulary(const json::Value& model) {
  // Files of early versions do not say what they are; what they hold does.
  const bool merges = static_cast<bool>(model.find("merges"));
  const bool scored = model.find("vocab").type() == json::Type::array;
  const std::string type = model.text_or("type", merges ? "BPE" : scored ? "Unigram" : "WordPiece");
  if (type == "WordPiece") return read_word_piece(model);
  if (type == "Unigram") return read_unigram(model);
  if (type == "BPE") return read_byte_pairs(model);
  return fail(ErrorKind::bad_data, concat("\"", type, "\" is not supported; WordPiece, Unigram and BPE are"));
}

}  // namespace vigie::tokenizer
