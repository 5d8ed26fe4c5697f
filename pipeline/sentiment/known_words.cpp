#include "pipeline/sentiment/known_words.h"

namespace vigie::sentiment {
namespace {

// "not good" is bad, but less bad than "bad": Taboada et al., "Lexicon-Based Methods", 2011, shift rather than flip.
constexpr float kTurned = -0.7F;
constexpr float kUnit = 1.0F / 127.0F;

}  // namespace

void find_known(const std::vector<Token>& tokens, const WordTable& table, std::string_view lang,
                std::vector<KnownWord>& out) {
  out.clear();
  if (table.slots() == 0) return;
  const std::uint64_t salt = language_salt(lang);
  const Token* previous = nullptr;
  for (const Token& token : tokens) {
    table.expect(word_key(token.hash, salt));
    if (previous != nullptr) table.expect(phrase_key(previous->hash, token.hash, salt));
    previous = &token;
  }
  previous = nullptr;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const std::int8_t* values = nullptr;
    if (previous != nullptr) values = table.find(phrase_key(previous->hash, token.hash, salt));
    if (values == nullptr) values = table.find(word_key(token.hash, salt));
    if (values != nullptr)
      out.push_back({values, token.negated ? kTurned * kUnit : kUnit, static_cast<std::uint32_t>(i)});
    previous = &token;
  }
}

void read_statistics(std::span<const KnownWord> known, std::size_t columns, int words, Statistics& out,
                     std::uint32_t without) {
  const float root = 1 / std::sqrt(static_cast<float>(std::max(words, 1)));
  for (std::size_t column = 0; column < columns; ++column) {
    float good = 0, bad = 0, best = 0, worst = 0, last = 0;
    int found = 0;
    for (const KnownWord& word : known) {
      if (word.token == without || word.values[column] == 0) continue;
      const float value = static_cast<float>(word.values[column]) * word.factor;
      ++found;
      last = value;
      good += std::max(value, 0.0F);
      bad -= std::min(value, 0.0F);
      best = std::max(best, value);
      worst = std::min(worst, value);
    }
    const float sum = good - bad, mean = found == 0 ? 0 : sum / static_cast<float>(found);
    out.sums[column] = sum;
    out.means[column] = mean;
    float* const values = out.values.data() + column * kStatistics;
    values[0] = good == 0 ? 0 : std::log1p(good);
    values[1] = bad == 0 ? 0 : std::log1p(bad);
    values[2] = best;
    values[3] = worst;
    values[4] = mean;
    values[5] = last / 2;
    values[6] = sum * root;
    values[7] = found == 0 ? 0.5F : 0;
  }
}

}  // namespace vigie::sentiment
