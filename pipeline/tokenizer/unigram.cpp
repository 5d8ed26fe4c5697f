// The most probable way to cut a word, each piece having a probability of its own: Kudo, "Subword Regularization",
// 2018. Found by dynamic programming from the left (Viterbi).

#include <limits>

#include "pipeline/tokenizer/characters.h"
#include "pipeline/tokenizer/pieces.h"

namespace vigie::tokenizer {
namespace {

constexpr double kUnknownPenalty = 10;  // below the least probable piece, as SentencePiece has it

class Unigram final : public Vocabulary {
 public:
  Unigram(PieceTable pieces, std::vector<double> scores, Id unknown, double unknown_score)
      : pieces_(std::move(pieces)), scores_(std::move(scores)), unknown_(unknown), unknown_score_(unknown_score) {}

  void add(std::string_view word, std::vector<Id>& ids) const override {
    const std::vector<Step> best = steps(word);
    std::vector<Id> backwards;
    bool was_unknown = false;
    for (std::size_t end = word.size(); end > 0; end = best[end].begin) {
      const bool is_unknown = best[end].id == unknown_;
      if (!is_unknown || !was_unknown) backwards.push_back(best[end].id);  // unknown neighbours count as one
      was_unknown = is_unknown;
    }
    ids.insert(ids.end(), backwards.rbegin(), backwards.rend());
  }

 private:
  // The best way to reach a place in the word: the piece that ends there.
  struct Step {
    Id id = 0;
    std::size_t begin = 0;
    double score = -std::numeric_limits<double>::infinity();
    bool reached = false;
  };

  std::vector<Step> steps(std::string_view word) const {
    std::vector<Step> best(word.size() + 1);
    best[0] = {0, 0, 0, true};
    for (std::size_t begin = 0; begin < word.size();) {
      std::size_t next = begin;
      next_character(word, next);
      const auto offer = [&](std::size_t end, Id id, double score) {
        const double sum = best[begin].score + score;
        if (!best[end].reached || sum > best[end].score) best[end] = {id, begin, sum, true};
      };
      bool character_known = false;
      for (std::size_t end = next; end <= word.size() && end - begin <= pieces_.longest();) {
        if (const std::optional<Id> id = pieces_.find(word.substr(begin, end - begin))) {
          offer(end, *id, scores_[static_cast<std::size_t>(*id)]);
          character_known = character_known || end == next;
        }
        if (end == word.size()) break;
        next_character(word, end);
      }
      if (!character_known) offer(next, unknown_, unknown_score_);
      begin = next;
    }
    return best;
  }

  const PieceTable pieces_;
  const std::vector<double> scores_;
  const Id unknown_;
  const double unknown_score_;
};

}  // namespace

Result<std::unique_ptr<Vocabulary>> read_unigram(const json::Value& model) {
  if (model.boolean_or("byte_fallback", false))
    return fail(ErrorKind::bad_data, "Unigram with byte_fallback is not supported");
  TRY(const json::Value vocab, model.array("vocab"));
  TRY(const std::int64_t unknown, model.integer("unk_id"));
  if (vocab.size() == 0 || vocab.size() > kMostPieces || unknown < 0 ||
      static_cast<std::size_t>(unknown) >= vocab.size())
    return fail(ErrorKind::bad_data, "vocab: expected pieces with their scores, and unk_id to be the place of one");
  PieceTable pieces;
  std::vector<double> scores;
  scores.reserve(vocab.size());
  for (std::size_t i = 0; i < vocab.size(); ++i) {
    TRY(const std::string piece, vocab[i].text("0"));
    TRY(const double score, vocab[i].number("1"));
    if (!piece.empty()) pieces.add(piece, static_cast<Id>(i));
    scores.push_back(score);
  }
  const double least = *std::min_element(scores.begin(), scores.end());
  return std::make_unique<Unigram>(std::move(pieces), std::move(scores), unknown, least - kUnknownPenalty);
}

}  // namespace vigie::tokenizer
