#include "app/cmd_eval.h"

#include <map>

#include <fmt/format.h>

#include "app/exit.h"
#include "app/labelled_files.h"
#include "pipeline/sentiment/metrics.h"
#include "pipeline/sentiment/scorer.h"

namespace vigie {
namespace {

using namespace sentiment;

std::string percent(std::optional<double> share) { return share ? fmt::format("{:.1f}", 100 * *share) : "-"; }

std::string row_of(const std::string& name, const Metrics& m) {
  return fmt::format("{:<24}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>8}\n", name, m.rows, percent(m.accuracy),
                     percent(m.macro_f1), percent(m.macro_recall), percent(m.f1[0]), percent(m.f1[1]), percent(m.f1[2]),
                     percent(m.calibration_error), percent(m.forced));
}

Result<std::vector<LabelledRow>> rows_of(const EvalRequest& request, std::istream& in) {
  if (request.file == "-") return read_labelled_rows(in, "standard input", LabelOf::opinion);
  return read_labelled_files({request.file}, {}, LabelOf::opinion);
}

Result<void> run(const EvalRequest& request, std::istream& in, std::ostream& out) {
  std::shared_ptr<const Model> model = Model::shipped();
  if (!request.model.empty()) {
    TRY(model, Model::open(request.model));
  }
  TRY(const std::vector<LabelledRow> rows, rows_of(request, in));
  if (rows.empty()) return fail(ErrorKind::bad_data, concat(request.file, ": no rows"));

  const auto scorer = make_scorer(model, 0);
  std::map<std::string, Tally> groups;
  Tally all;
  for (const LabelledRow& row : rows) {
    const Judgement judged = scorer->score(row.text, row.lang, row.domain, std::nullopt);
    groups[concat(row.set(), "/", row.lang)].add(row.label, judged);
    all.add(row.label, judged);
  }
  out << fmt::format("{:<24}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>8}\n", "set/language", "rows", "right", "F1",
                     "recall", "F1neg", "F1neu", "F1pos", "ECE", "forced");
  double mean = 0;
  for (const auto& [name, tally] : groups) {
    const Metrics metrics = tally.metrics();
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
