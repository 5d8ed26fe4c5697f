#include "pipeline/theme_score.h"

#include <algorithm>
#include <map>

#include <xxhash.h>

#include "base/text.h"
#include "pipeline/themes.h"

namespace vigie {
namespace {

double ratio(int part, int whole) { return whole == 0 ? 1 : static_cast<double>(part) / whole; }

Result<LabelledThemes> read_row(std::string_view line, const std::vector<std::string>& known) {
  const std::vector<std::string_view> fields = split(line, '\t');
  if (fields.size() != 4) {
    return fail(ErrorKind::bad_data, concat("expected ID, LANG, THEMES and TEXT with a tab between, found ",
                                            std::to_string(fields.size()), " fields"));
  }
  LabelledThemes row{std::string(fields[0]), std::string(fields[1]), {}, to_valid_utf8(fields[3])};
  if (fields[2] == "-") return row;
  for (const std::string_view theme : split(fields[2], ',')) {
    if (std::find(known.begin(), known.end(), theme) == known.end()) {
      return fail(ErrorKind::bad_data, concat("expected a theme, found \"", theme, "\""));
    }
    row.themes.emplace_back(theme);
  }
  std::sort(row.themes.begin(), row.themes.end());
  return row;
}

}  // namespace

Result<std::vector<LabelledThemes>> read_labelled_themes(std::istream& in) {
  std::vector<LabelledThemes> rows;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    auto row = read_row(line, Taxonomy::shipped().ids());
    if (!row) return fail(row.error().kind, concat("line ", std::to_string(number), ": ", row.error().what));
    rows.push_back(*std::move(row));
  }
  return rows;
}

bool held_out(const LabelledThemes& row) { return XXH3_64bits(row.text.data(), row.text.size()) % 2 == 1; }

double ThemeScore::precision() const { return ratio(hits, hits + false_alarms); }
double ThemeScore::recall() const { return ratio(hits, hits + misses); }
double ThemeScore::f1() const { return ratio(2 * hits, 2 * hits + false_alarms + misses); }

std::vector<std::string> judged_themes(const LabelledThemes& row, const Taxonomy& taxonomy, const Scorer& scorer) {
  const Words words = split_words(row.text);
  ThemesFound found = taxonomy.find(words);
  add_other(found, scorer.score(words, row.lang, "tweet", std::nullopt));
  return found.themes;
}

ThemeScores score_themes(const std::vector<LabelledThemes>& rows, const std::vector<std::vector<std::string>>& found) {
  ThemeScores scores;
  std::map<std::string, ThemeScore> by_theme;
  const auto has = [](const std::vector<std::string>& themes, const std::string& theme) {
    return std::find(themes.begin(), themes.end(), theme) != themes.end();
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::vector<std::string>& labelled = rows[i].themes;
    int wrong = 0;
    for (const std::string& theme : labelled) {
      const bool hit = has(found[i], theme);
      ++(hit ? by_theme[theme].hits : by_theme[theme].misses);
      wrong += hit ? 0 : 1;
    }
    for (const std::string& theme : found[i]) {
      if (has(labelled, theme)) continue;
      ++by_theme[theme].false_alarms;
      ++wrong;
    }
    scores.exact += wrong == 0 ? 1 : 0;
  }
  scores.texts = static_cast<int>(rows.size());
  for (auto& [theme, score] : by_theme) {
    score.theme = theme;
    scores.all.hits += score.hits;
    scores.all.false_alarms += score.false_alarms;
    scores.all.misses += score.misses;
    scores.macro_f1 += score.f1() / static_cast<double>(by_theme.size());
    scores.themes.push_back(score);
  }
  return scores;
}

}  // namespace vigie
