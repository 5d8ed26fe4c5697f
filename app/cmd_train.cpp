#include "app/cmd_train.h"

#include <filesystem>
#include <fstream>
#include <mutex>

#include <fmt/format.h>

#include "app/exit.h"
#include "base/text.h"
#include "pipeline/sentiment/trainer.h"

namespace vigie {
namespace {

using namespace sentiment;

Result<std::vector<Row>> rows_of(const TrainRequest& request) {
  std::vector<Row> rows;
  for (const std::string& path : request.data) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorKind::bad_config, concat(path, ": cannot be read; check the path and its permissions"));
    TRY(std::vector<Row> more, read_rows(file, path));
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  std::vector<SetRule> rules;
  for (const std::string& text : request.sets) {
    TRY(SetRule rule, parse_set_rule(text));
    rules.push_back(std::move(rule));
  }
  apply_rules(rules, rows);
  return rows;
}

Result<void> read_words(const TrainRequest& request, WordTableBuilder& builder) {
  for (const std::string& pair : request.words) {
    const std::size_t equal = pair.find('=');
    if (equal == std::string::npos)
      return fail(ErrorKind::bad_config, concat("--words: expected LANG=FILE, found \"", pair, "\""));
    const std::string path = pair.substr(equal + 1);
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorKind::bad_config, concat(path, ": cannot be read; check the path and its permissions"));
    const std::string lang = pair.substr(0, equal);
    TRY(builder.add_lines(file, lang == "any" ? "" : lang, path));
  }
  builder.finish();
  return {};
}

Result<void> write(const std::string& path, const std::string& bytes) {
  // Beside and then renamed: who reads the old model meanwhile keeps it whole.
  const std::string beside = path + ".part";
  {
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.flush();
    if (!file)
      return fail(ErrorKind::bad_config,
                  concat(beside, ": cannot be written; is the disk full, may this user write there?"));
  }
  std::error_code error;
  std::filesystem::rename(beside, path, error);
  if (error) return fail(ErrorKind::bad_config, concat(path, ": cannot be put in place: ", error.message()));
  return {};
}

Result<void> run(const TrainRequest& request, std::ostream& progress) {
  TRY(const std::vector<Row> rows, rows_of(request));
  WordTableBuilder builder;
  TRY(read_words(request, builder));
  const auto shipped = Model::shipped();
  const WordTable words = request.words.empty() && shipped != nullptr ? shipped->words() : builder.table();

  TrainOptions options;
  options.name = request.name;
  options.bits = request.bits;
  options.epochs = request.epochs;
  options.rate = request.rate;
  options.balance = request.balance;
  options.learning_curve = request.curve;
  progress << fmt::format("{} rows, {} known words\n", rows.size(), words.slots()) << std::flush;
  TRY(const ModelParts parts,
      train(rows, words, options, [&](const std::string& line) { progress << line << '\n'
                                                                          << std::flush; }));
  const std::string bytes = to_bytes(parts);
  TRY(write(request.out, bytes));
  progress << fmt::format("{}: {} bytes\n", request.out, bytes.size());
  return {};
}

}  // namespace

int cmd_train(const TrainRequest& request, std::ostream& progress, std::ostream& err) {
  const Result<void> done = run(request, progress);
  if (done) return kDone;
  err << "vigie train: " << done.error().what << "\n";
  return kBadInput;
}

}  // namespace vigie
