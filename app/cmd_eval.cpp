#include "app/cmd_eval.h"

#include <map>

#include <fmt/format.h>

#include "app/exit.h"
#include "app/labelled_files.h"
#include "app/second_stage.h"
#include "pipeline/sentiment/metrics.h"
#include "pipeline/sentiment/scorer.h"

namespace vigie {
namespace {

using namespace sentiment;

std::string percent(std::optional<double> share) { return share ? fmt::format("{:.1f}", 100 * *share) : "-"; }

std::string row_of(const std::string& name, const sentiment::Metrics& m) {
  return fmt::format("{:<24}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>8}\n", name, m.rows, percent(m.accuracy),
                     percent(m.macro_f1), percent(m.macro_recall), percent(m.f1[0]), percent(m.f1[1]), percent(m.f1[2]),
                     percent(m.calibration_error), percent(m.forced));
}

Result<std::vector<LabelledRow>> rows_of(const EvalRequest& request, std::istream& in) {
  if (request.file == "-") return read_labelled_rows(in, "standard input", LabelOf::opinion);
  return read_labelled_files({request.file}, {}, LabelOf::opinion);
}

// What the second stage says of the least certain rows, and what that took.
Result<void> look_again(const EvalRequest& request, const std::vector<LabelledRow>& rows,
                        std::vector<Judgement>& judged, std::ostream& out) {
  if (request.second_stage.empty()) return {};
  constexpr std::size_t kGroup = 256;
  const SystemClock clock;
  vigie::Metrics metrics;
  TRY(const auto second, unhurried_second_look(request.second_stage, clock, metrics));
  const Time begin = clock.now();
  for (std::size_t from = 0; from < rows.size(); from += kGroup) {
    std::vector<Doubt> doubts;
    for (std::size_t i = from; i < std::min(rows.size(), from + kGroup); ++i) {
      judged[i].lang = rows[i].lang;
      doubts.push_back({std::string(rows[i].text), rows[i].domain, &judged[i]});
    }
    second->look(doubts);
  }
  const std::chrono::duration<double> took = clock.now() - begin;
  const double asked = metrics.value("vigie_second_stage_texts_total", {{"result", "answered"}});
  out << fmt::format("second stage: {:.0f} of {} rows in {:.1f} s, {:.0f} labels changed\n", asked, rows.size(),
                     took.count(), metrics.value("vigie_second_stage_changed_total"));
  return {};
}

Result<void> run(const EvalRequest& request, std::istream& in, std::ostream& out) {
  std::shared_ptr<const Model> model = Model::shipped();
  if (!request.model.empty()) {
    TRY(model, Model::open(request.model));
  }
  TRY(const std::vector<LabelledRow> rows, rows_of(request, in));
  if (rows.empty()) return fail(ErrorKind::bad_data, concat(request.file, ": no rows"));

  const auto scorer = make_scorer(model, 0);
  std::vector<Judgement> judged;
  judged.reserve(rows.size());
  for (const LabelledRow& row : rows) judged.push_back(scorer->score(row.text, row.lang, row.domain, std::nullopt));
  TRY(look_again(request, rows, judged, out));
  std::map<std::string, Tally> groups;
  Tally all;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    groups[concat(rows[i].set(), "/", rows[i].lang)].add(rows[i].label, judged[i]);
    all.add(rows[i].label, judged[i]);
  }
  out << fmt::format("{:<24}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>8}\n", "set/language", "rows", "right", "F1",
                     "recall", "F1neg", "F1neu", "F1pos", "ECE", "forced");
  double mean = 0;
  for (const auto& [name, tally] : groups) {
    const sentiment::Metrics metrics = tally.metrics();
    out << row_of(name, metrics);
    mean += metrics.macro_f1 / static_cast<double>(groups.size());
  }
  out << row_of("all", all.metrics()) << fmt::format("mean macro F1 of {} groups: {:.1f}\n", groups.size(), 100 * mean);
  return {};
}

}  // namespace

int cmd_eval(const EvalRequest& request, std::istream& in, std::ostream& out, std::ostream& err) {
  const Result<void> done = run(request, in, out);
  if (done) return kDone;
  err << "vigie eval: " << done.error().what << "\n";
  return exit_status(done.error());
}

}  // namespace vigie
