#include "pipeline/sentiment/known_words.h"

namespace vigie::sentiment {

void find_known(const std::vector<Token>& tokens, const WordTable& table, std::string_view lang,
                std::vector<KnownWord>& out) {
  out.clear();
  const std::uint64_t salt = language_salt(lang);
  for (std::uint32_t i = 0; i < tokens.size(); ++i)
    add_known(tokens, i, table.find(word_key(tokens[i].hash, salt)), table, salt, out);
}

void read_statistics(std::span<const KnownWord> known, std::size_t columns, int words, Statistics& out) {
  // A column a lane: the processor does them all at once.
  using Short = std::array<std::int16_t, WordTable::kMostColumns>;
  using Sum = std::array<std::int32_t, WordTable::kMostColumns>;
  Sum good{}, bad{};
  Short best{}, worst{}, last{}, found{};
  for (const KnownWord& word : known) {
    const auto units = static_cast<std::int16_t>(word.units);
    Short values{};
    for (std::size_t c = 0; c < values.size(); ++c) values[c] = static_cast<std::int16_t>(word.values[c] * units);
    for (std::size_t c = 0; c < values.size(); ++c) {
      best[c] = std::max(best[c], values[c]);
      worst[c] = std::min(worst[c], values[c]);
    }
    for (std::size_t c = 0; c < values.size(); ++c) {
      const bool says = values[c] != 0;
      found[c] = static_cast<std::int16_t>(found[c] + (says ? 1 : 0));
      last[c] = says ? values[c] : last[c];
    }
    for (std::size_t c = 0; c < values.size(); ++c) {
      good[c] += std::max<std::int16_t>(values[c], 0);
      bad[c] -= std::min<std::int16_t>(values[c], 0);
    }
  }
  using Lane = std::array<float, WordTable::kMostColumns>;
  const auto in_lanes = [](const auto& of_column) {
    Lane lanes{};
    for (std::size_t c = 0; c < lanes.size(); ++c) lanes[c] = of_column(c);
    return lanes;
  };
  out.good = in_lanes([&](std::size_t c) { return static_cast<float>(good[c]) * kUnit; });
  out.bad = in_lanes([&](std::size_t c) { return static_cast<float>(bad[c]) * kUnit; });
  out.found = in_lanes([&](std::size_t c) { return static_cast<float>(found[c]); });
  out.sums = in_lanes([&](std::size_t c) { return out.good[c] - out.bad[c]; });
  out.means = in_lanes([&](std::size_t c) { return out.sums[c] / std::max(out.found[c], 1.0F); });
  // Much praise is more than some, but not in proportion.
  const auto slower = [](float sum) { return 2 * sum / (2 + sum); };
  const float root = 1 / std::sqrt(static_cast<float>(std::max(words, 1)));
  for (std::size_t c = 0; c < columns; ++c) {
    float* const values = out.values.data() + c * kStatistics;
    values[0] = slower(out.good[c]);
    values[1] = slower(out.bad[c]);
    values[2] = static_cast<float>(best[c]) * kUnit;
    values[3] = static_cast<float>(worst[c]) * kUnit;
    values[4] = out.means[c];
    values[5] = static_cast<float>(last[c]) * kUnit / 2;
    values[6] = out.sums[c] * root;
    values[7] = found[c] == 0 ? 0.5F : 0;
  }
}

}  // namespace vigie::sentiment
