#include "app/cmd_adapt.h"

#include <fmt/format.h>

#include "app/adapt_report.h"
#include "app/adapter_files.h"
#include "app/backends.h"
#include "app/evidence.h"
#include "app/exit.h"
#include "app/labelled_files.h"
#include "app/load.h"
#include "base/clock.h"
#include "pipeline/sentiment/scorer.h"

namespace vigie {
namespace {

using namespace sentiment;

Result<std::vector<LabelledText>> labelled_texts(const std::vector<std::string>& files) {
  TRY(std::vector<LabelledRow> rows, read_labelled_files(files, {}, LabelOf::opinion));
  std::vector<LabelledText> out;
  out.reserve(rows.size());
  for (LabelledRow& row : rows)
    out.push_back({{std::move(row.text), std::move(row.lang), std::move(row.domain)}, row.label});
  return out;
}

sentiment::Metrics measured(const Scorer& scorer, const std::vector<LabelledText>& texts) {
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
    const sentiment::Metrics before = measured(*make_scorer(base, 0), rows),
                             after = measured(*make_scorer(base, adapter, 0), rows);
    out << fmt::format(
        "eval       {} rows: macro F1 {:.2f} -> {:.2f}, right {:.2f} % -> {:.2f} %, calibration error {:.2f} -> "
        "{:.2f}\n",
        before.rows, 100 * before.macro_f1, 100 * after.macro_f1, 100 * before.accuracy, 100 * after.accuracy,
        100 * before.calibration_error, 100 * after.calibration_error);
  }
  return made.decision.promote ? kDone : kAnswerIsNo;
}

AdaptRecord record_of(const Attempt& made, Time at) {
  AdaptRecord record;
  record.at = at;
  record.decision = made.decision.promote ? "promoted" : "refused";
  record.trained = made.trained;
  record.held_out = made.held_out;
  record.f1_before = made.decision.gain.before.macro_f1;
  record.f1_after = made.decision.gain.after.macro_f1;
  record.why = made.decision.why;
  return record;
}

std::string name_of(std::uint32_t number) {
  const std::string shipped(Model::shipped()->name());
  return number == 0 ? concat(shipped, " alone") : concat(shipped, "+a", std::to_string(number));
}

// What runs now, for the comparison; an adapter that does not fit any more counts as none.
std::shared_ptr<const Adapter> running(const AdapterFiles& files, std::uint32_t number, std::ostream& out) {
  auto loaded = files.load(number, *Model::shipped());
  if (loaded) return *loaded;
  out << "running    " << loaded.error().what << "; the shipped model judges alone\n";
  return nullptr;
}

Result<int> adapt(const AdaptRequest& request, const Settings& settings, std::ostream& out) {
  const AdapterFiles files(settings);
  const SystemClock clock;
  TRY(const std::unique_ptr<Store> store, open_store(settings));
  TRY(const Evidence evidence, read_evidence(*store));
  TRY(const std::uint32_t number, files.current());
  const Attempt made = attempt(Model::shipped(), running(files, number, out), evidence);
  out << report_of(made);
  AdaptRecord record = record_of(made, clock.now());
  record.number = number;
  if (request.dry_run) {
    out << "dry run    nothing was changed\n";
  } else {
    if (made.decision.promote) {
      TRY(record.number, files.promote(made.parts));
    }
    TRY(files.add(record));
  }
  out << "judging    " << name_of(record.number) << "\n";
  return made.decision.promote ? kDone : kAnswerIsNo;
}

Result<int> roll_back(const Settings& settings, std::ostream& out) {
  const AdapterFiles files(settings);
  TRY(const std::uint32_t before, files.current());
  TRY(const std::uint32_t number, files.roll_back(*Model::shipped()));
  AdaptRecord record;
  record.at = SystemClock().now();
  record.decision = "rolled back";
  record.number = number;
  record.why = concat("from ", name_of(before), " to ", name_of(number));
  TRY(files.add(record));
  out << "judging    " << name_of(number) << ", no more " << name_of(before) << "\n";
  return kDone;
}

Result<int> list(const Settings& settings, std::ostream& out) {
  const AdapterFiles files(settings);
  TRY(const std::vector<AdaptRecord> records, files.records());
  for (const AdaptRecord& record : records) {
    out << format_rfc3339(record.at) << "  " << record.decision;
    if (record.trained + record.held_out > 0)
      out << fmt::format("  {} labels learnt from, {} held out", record.trained, record.held_out);
    if (record.f1_before > 0)
      out << fmt::format("  macro F1 {:.1f} -> {:.1f}", 100 * record.f1_before, 100 * record.f1_after);
    out << "\n    " << record.why << "\n";
  }
  TRY(const std::uint32_t number, files.current());
  out << records.size() << " attempts; judging: " << name_of(number) << "\n";
  return kDone;
}

Result<int> run(const AdaptRequest& request, std::ostream& out) {
  if (!request.labels.empty()) return try_on_files(request, out);
  TRY(const Settings settings, load_settings(request.config));
  if (request.list) return list(settings, out);
  if (request.roll_back) return roll_back(settings, out);
  return adapt(request, settings, out);
}

}  // namespace

int cmd_adapt(const AdaptRequest& request, std::ostream& out, std::ostream& err) {
  const Result<int> done = run(request, out);
  if (done) return *done;
  err << "vigie adapt: " << done.error().what << "\n";
  return exit_status(done.error());
}

}  // namespace vigie
