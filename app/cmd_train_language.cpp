#include "app/cmd_train_language.h"

#include <fmt/format.h>

#include "app/exit.h"
#include "app/labelled_files.h"
#include "base/whole_file.h"
#include "pipeline/language/train.h"

namespace vigie {
namespace {

Result<void> run(const TrainLanguageRequest& request, std::ostream& progress) {
  TRY(const std::vector<LabelledRow> rows, read_labelled_files(request.data, request.sets, LabelOf::language));
  progress << fmt::format("{} rows\n", rows.size()) << std::flush;
  const auto tell = [&](const std::string& line) { progress << line << '\n' << std::flush; };
  TRY(const language::ModelParts parts, language::train(rows, language::TrainOptions{}, tell));
  const std::string bytes = language::to_bytes(parts);
  TRY(write_whole(request.out, bytes));
  progress << fmt::format("{}: {} bytes\n", request.out, bytes.size());
  return {};
}

}  // namespace

int cmd_train_language(const TrainLanguageRequest& request, std::ostream& progress, std::ostream& err) {
  const Result<void> done = run(request, progress);
  if (done) return kDone;
  err << "vigie train-language: " << done.error().what << "\n";
  return exit_status(done.error());
}

}  // namespace vigie
