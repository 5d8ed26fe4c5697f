// The longest piece first, from the left; a word of which one part is unknown is unknown whole (Wu et al., "Google's
// Neural Machine Translation System", 2016, as BERT uses it).

#include "base/text.h"
#include "pipeline/tokenizer/pieces.h"

namespace vigie::tokenizer {
namespace {

class WordPiece final : public Vocabulary {
 public:
  WordPiece(PieceTable pieces, Id unknown, std::string inside, std::size_t longest_word)
      : pieces_(std::move(pieces)), unknown_(unknown), inside_(std::move(inside)), longest_word_(longest_word) {}

  void add(std::string_view word, std::vector<Id>& ids) const override {
    const std::size_t known = ids.size();
    if (count_code_points(word) > longest_word_) {
      ids.push_back(unknown_);
      return;
    }
    for (std::size_t begin = 0; begin < word.size();) {
      const std::size_t length = add_longest(word.substr(begin), begin > 0, ids);
      if (length == 0) {
        ids.resize(known);
        ids.push_back(unknown_);
        return;
      }
      begin += length;
    }
  }

 private:
  // Bytes taken from the front of `rest`; 0 when no piece begins it.
  std::size_t add_longest(std::string_view rest, bool inside, std::vector<Id>& ids) const {
    const std::string prefix = inside ? inside_ : std::string();
    for (std::size_t length = rest.size(); length > 0; --length) {
      const bool within_character = length < rest.size() && (static_cast<unsigned char>(rest[length]) & 0xC0u) == 0x80u;
      if (within_character || prefix.size() + length > pieces_.longest()) continue;
      if (const std::optional<Id> id = pieces_.find(concat(prefix, rest.substr(0, length)))) {
        ids.push_back(*id);
        return length;
      }
    }
    return 0;
  }

  const PieceTable pieces_;
  const Id unknown_;
  const std::string inside_;
  const std::size_t longest_word_;
};

}  // namespace

Result<std::unique_ptr<Vocabulary>> read_word_piece(const json::Value& model) {
  constexpr std::int64_t kLongestWord = 100, kMostLongestWord = 10'000;
  TRY(const json::Value vocab, model.object("vocab"));
  TRY(PieceTable pieces, PieceTable::read(vocab));
  const std::string unknown_piece = model.text_or("unk_token", "[UNK]");
  const std::optional<Id> unknown = pieces.find(unknown_piece);
  if (!unknown) return fail(ErrorKind::bad_data, concat("unk_token: \"", unknown_piece, "\" is not in the vocabulary"));
  const std::int64_t longest = model.integer_or("max_input_chars_per_word", kLongestWord);
  if (longest < 1 || longest > kMostLongestWord)
    return fail(ErrorKind::bad_data, "max_input_chars_per_word: expected 1 to 10000");
  return std::make_unique<WordPiece>(std::move(pieces), *unknown, model.text_or("continuing_subword_prefix", "##"),
                                     static_cast<std::size_t>(longest));
}

}  // namespace vigie::tokenizer
