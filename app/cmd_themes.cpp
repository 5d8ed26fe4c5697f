#include "app/cmd_themes.h"

#include <fmt/format.h>

#include "app/exit.h"
#include "base/text.h"
#include "pipeline/sentiment/scorer.h"
#include "pipeline/theme_score.h"

namespace vigie {
namespace {

bool tell(const config::Problems& problems, std::ostream& err) {
  for (const config::Problem& problem : problems) err << problem.text() << '\n';
  return !problems.empty();
}

std::string joined(const std::vector<std::string>& themes) {
  std::string out;
  for (const std::string& theme : themes) out += concat(out.empty() ? "" : ",", theme);
  return out.empty() ? "-" : out;
}

void print_scores(std::string_view name, const ThemeScores& scores, std::ostream& out) {
  out << fmt::format("{}: {} texts, {} with just the themes labelled\n", name, scores.texts, scores.exact);
  out << fmt::format("{:<14}{:>6}{:>7}{:>7}{:>11}{:>8}{:>7}\n", "theme", "hits", "false", "missed", "precision",
                     "recall", "F1");
  const auto line = [&out](std::string_view theme, const ThemeScore& s) {
    out << fmt::format("{:<14}{:>6}{:>7}{:>7}{:>11.1f}{:>8.1f}{:>7.1f}\n", theme, s.hits, s.false_alarms, s.misses,
                       100 * s.precision(), 100 * s.recall(), 100 * s.f1());
  };
  for (const ThemeScore& score : scores.themes) line(score.theme, score);
  line("all (micro)", scores.all);
  out << fmt::format("{:<53}{:>7.1f}\n", "mean of themes (macro)", 100 * scores.macro_f1);
}

}  // namespace

int themes_show(const std::vector<std::string>& files, std::ostream& out, std::ostream& err) {
  config::Problems problems;
  const Taxonomy taxonomy = Taxonomy::with(files, problems);
  if (tell(problems, err)) return kBadInput;
  for (const std::string& id : taxonomy.ids()) {
    out << fmt::format("{:<14}{:>5} phrases\n", id, taxonomy.phrases_of(id));
  }
  return kDone;
}

int themes_eval(std::istream& in, const std::vector<std::string>& files, bool misses, std::ostream& out,
                std::ostream& err) {
  config::Problems problems;
  const Taxonomy taxonomy = Taxonomy::with(files, problems);
  if (tell(problems, err)) return kBadInput;
  const auto rows = read_labelled_themes(in);
  if (!rows) {
    err << "vigie themes eval: " << rows.error().what << '\n';
    return kBadInput;
  }
  const auto scorer = sentiment::make_scorer(sentiment::Model::shipped());
  std::vector<LabelledThemes> halves[2];
  std::vector<std::vector<std::string>> found[2];
  for (const LabelledThemes& row : *rows) {
    const std::size_t half = held_out(row) ? 1 : 0;
    halves[half].push_back(row);
    found[half].push_back(judged_themes(row, taxonomy, *scorer));
    if (misses && half == 0 && found[0].back() != row.themes) {
      out << fmt::format("{}: labelled {}, found {}: {}\n", row.id, joined(row.themes), joined(found[0].back()),
                         row.text);
    }
  }
  print_scores("words were chosen on", halves[0].empty() ? ThemeScores{} : score_themes(halves[0], found[0]), out);
  out << '\n';
  print_scores("held out", halves[1].empty() ? ThemeScores{} : score_themes(halves[1], found[1]), out);
  return kDone;
}

}  // namespace vigie
