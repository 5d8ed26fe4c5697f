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

void read_statistics(std::span<const KnownWord> known, std::size_t columns, int words, Statistics& out) {
  using Lane = std::array<float, WordTable::kMostColumns>;  // a column each: the processor does them all at once
  Lane good{}, bad{}, best{}, worst{}, last{}, found{};
  for (const KnownWord& word : known) {
    std::array<std::int8_t, WordTable::kMostColumns>
        values{};  // a copy: bytes may be anything's, and would be read again each time
    std::copy_n(word.values, values.size(), values.begin());
    for (std::size_t c = 0; c < WordTable::kMostColumns; ++c) {
      const float value = static_cast<float>(values[c]) * word.factor;
      found[c] += value != 0 ? 1.0F : 0.0F;
      last[c] = value != 0 ? value : last[c];
      good[c] += std::max(value, 0.0F);
      bad[c] -= std::min(value, 0.0F);
      best[c] = std::max(best[c], value);
      worst[c] = std::min(worst[c], value);
    }
  }
  const float root = 1 / std::sqrt(static_cast<float>(std::max(words, 1)));
  for (std::size_t c = 0; c < columns; ++c) {
    const float sum = good[c] - bad[c], mean = found[c] == 0 ? 0 : sum / found[c];
    out.good[c] = good[c];
    out.bad[c] = bad[c];
    out.found[c] = found[c];
    out.sums[c] = sum;
    out.means[c] = mean;
    float* const values = out.values.data() + c * kStatistics;
    values[0] = good[c] == 0 ? 0 : std::log1p(good[c]);
    values[1] = bad[c] == 0 ? 0 : std::log1p(bad[c]);
    values[2] = best[c];
    values[3] = worst[c];
    values[4] = mean;
    values[5] = last[c] / 2;
    values[6] = sum * root;
    values[7] = found[c] == 0 ? 0.5F : 0;
  }
}

}  // namespace vigie::sentiment
