#include "app/cmd_adapt.h"

#include <fmt/format.h>

#include "app/adapt_report.h"
#include "app/exit.h"
#include "app/labelled_files.h"
#include "pipeline/sentiment/scorer.h"

namespace vigie {
namespace {

using namespace sentiment;

Result<std::vector<LabelledText>> labelled_texts(const std::vector<std::string>& files) {
  TRY(std::vector<LabelledRow> rows, read_labelled_files(files, {}, LabelOf::opinion));
  std::vector<LabelledText> out;
  for (LabelledRow& row : rows)
    out.push_back({{std::move(row.text), std::move(row.lang), std::move(row.domain)}, row.label});
  return out;
}

Metrics measured(const Scorer& scorer, const std::vector<LabelledText>& texts) {
  Tally tally;
  for (const auto& [text, label] : texts)
    tally.add(label, scorer.score(text.text, text.lang, text.domain, std::nullopt));
  return tally.metrics();
}

// The whole of it on files of labelled lines: what `vigie adapt` would do with these labels.
Result<int> try_on_files(const AdaptRequest& request, std::ostream& out) {
  std::shared_ptr<const Model> base = Model::shipped();
  if (!request.model.empty()) {
    TRY(base, Model::open(request.model));
  }
  TRY(const std::vector<LabelledText> labels, labelled_texts(request.labels));
  Evidence evidence = split_labels(labels);
  TRY(evidence.anchors, anchors());
  if (!request.stored.empty()) {
    TRY(std::vector<LabelledText> stored, labelled_texts({request.stored}));
    for (LabelledText& text : stored) evidence.stored.push_back(std::move(text.asked));
  }
  const Attempt made = attempt(base, nullptr, evidence);
  out << report_of(made);
  if (!request.eval.empty()) {
    TRY(const std::vector<LabelledText> rows, labelled_texts({request.eval}));
    const auto adapter = made.parts.slots.empty() ? nullptr : Adapter::of(made.parts, *base);
    const Metrics before = measured(*make_scorer(base, 0), rows),
                  after = measured(*make_scorer(base, adapter, 0), rows);
    out << fmt::format(
        "eval       {} rows: macro F1 {:.2f} -> {:.2f}, right {:.2f} % -> {:.2f} %, calibration error {:.2f} -> "
        "{:.2f}\n",
        before.rows, 100 * before.macro_f1, 100 * after.macro_f1, 100 * before.accuracy, 100 * after.accuracy,
        100 * before.calibration_error, 100 * after.calibration_error);
  }
  return made.decision.promote ? kDone : kAnswerIsNo;
}

}  // namespace

int cmd_adapt(const AdaptRequest& request, std::ostream& out, std::ostream& err) {
  const Result<int> done = try_on_files(request, out);
  if (done) return *done;
  err << "vigie adapt: " << done.error().what << "\n";
  return exit_status(done.error());
}

}  // namespace vigie
