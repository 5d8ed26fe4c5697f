#include "app/cmd_train_language.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "app/exit.h"
#include "pipeline/language/train.h"

namespace vigie {
namespace {

Result<std::vector<language::Row>> rows_of(const TrainLanguageRequest& request) {
  std::vector<language::Row> rows;
  for (const std::string& path : request.data) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorKind::bad_config, concat(path, ": cannot be read; check the path and its permissions"));
    TRY(std::vector<language::Row> more, language::read_rows(file, path));
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  std::vector<language::SetRule> rules;
  for (const std::string& text : request.sets) {
    TRY(language::SetRule rule, language::parse_set_rule(text));
    rules.push_back(std::move(rule));
  }
  language::apply_rules(rules, rows);
  return rows;
}

Result<void> write(const std::string& path, const std::string& bytes) {
  // Beside and then renamed: who reads the old model meanwhile keeps it whole.
  const std::string beside = path + ".part";
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file)
    return fail(ErrorKind::bad_config,
                concat(beside, ": cannot be written; check the path, its permissions and the space left"));
  std::error_code error;
  std::filesystem::rename(beside, path, error);
  if (error) return fail(ErrorKind::bad_config, concat(path, ": cannot be put in place: ", error.message()));
  return {};
}

Result<void> run(const TrainLanguageRequest& request, std::ostream& progress) {
  TRY(const std::vector<language::Row> rows, rows_of(request));
  progress << fmt::format("{} rows\n", rows.size()) << std::flush;
  const auto tell = [&](const std::string& line) { progress << line << '\n' << std::flush; };
  TRY(const language::ModelParts parts, language::train(rows, language::TrainOptions{}, tell));
  const std::string bytes = language::to_bytes(parts);
  TRY(write(request.out, bytes));
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
