// The neighbours whose pair was learnt first are joined, again and again: Sennrich et al., "Neural Machine Translation
// of Rare Words with Subword Units", 2016.

#include <limits>

#include "base/text.h"
#include "pipeline/tokenizer/characters.h"
#include "pipeline/tokenizer/pieces.h"

namespace vigie::tokenizer {
namespace {

constexpr std::size_t kLongestWord = 512;  // code points; joining takes the square of it at worst

class BytePairs final : public Vocabulary {
 public:
  BytePairs(PieceTable pieces, PieceTable ranks, std::optional<Id> unknown)
      : pieces_(std::move(pieces)), ranks_(std::move(ranks)), unknown_(unknown) {}

  void add(std::string_view word, std::vector<Id>& ids) const override {
    for (const std::string_view piece : joined(first_code_points(word, kLongestWord))) {
      if (const std::optional<Id> id = pieces_.find(piece)) {
        ids.push_back(*id);
      } else if (unknown_) {
        ids.push_back(*unknown_);
      }
    }
  }

 private:
  // Neighbours in the word: the pieces' bytes follow each other, so a joined one is a longer view.
  std::vector<std::string_view> joined(std::string_view word) const {
    std::vector<std::string_view> parts;
    for_each_character(word, [&](UChar32, std::string_view bytes) { parts.push_back(bytes); });
    while (parts.size() > 1) {
      std::size_t where = 0;
      Id best = std::numeric_limits<Id>::max();
      for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        const Id rank = ranks_.find(concat(parts[i], " ", parts[i + 1])).value_or(best);
        if (rank < best) {
          best = rank;
          where = i;
        }
      }
      if (best == std::numeric_limits<Id>::max()) break;
      parts[where] = {parts[where].data(), parts[where].size() + parts[where + 1].size()};
      parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(where) + 1);
    }
    return parts;
  }

  const PieceTable pieces_;
  const PieceTable ranks_;  // "left right" -> how early it was learnt
  const std::optional<Id> unknown_;
};

// "left right", or since 2024 ["left", "right"].
Result<std::string> pair_of(const json::Value& merge) {
  if (merge.type() != json::Type::array) return merge.text("");
  TRY(const std::string left, merge.text("0"));
  TRY(const std::string right, merge.text("1"));
  return concat(left, " ", right);
}

}  // namespace

Result<std::unique_ptr<Vocabulary>> read_byte_pairs(const json::Value& model) {
  for (const std::string_view option : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    if (!model.text_or(option, "").empty())
      return fail(ErrorKind::bad_data, concat("BPE with ", option, " is not supported"));
  }
  for (const std::string_view option : {"byte_fallback", "ignore_merges", "fuse_unk"}) {
    if (model.boolean_or(option, false))
      return fail(ErrorKind::bad_data, concat("BPE with ", option, " is not supported"));
  }
  TRY(const json::Value vocab, model.object("vocab"));
  TRY(PieceTable pieces, PieceTable::read(vocab));
  TRY(const json::Value merges, model.array("merges"));
  if (merges.size() > kMostPieces) return fail(ErrorKind::bad_data, "merges: too many");
  PieceTable ranks;
  for (std::size_t i = 0; i < merges.size(); ++i) {
    TRY(const std::string pair, pair_of(merges[i]));
    ranks.add(pair, static_cast<Id>(i));
  }
  const std::optional<Id> unknown = pieces.find(model.text_or("unk_token", ""));
  return std::make_unique<BytePairs>(std::move(pieces), std::move(ranks), unknown);
}

}  // namespace vigie::tokenizer
