#include "app/cmd_train.h"

#include <fstream>

#include <fmt/format.h>

#include "app/exit.h"
#include "app/labelled_files.h"
#include "base/whole_file.h"
#include "pipeline/sentiment/trainer.h"

namespace vigie {
namespace {

using namespace sentiment;

using AddLines = Result<void> (WordTableBuilder::*)(std::istream&, std::string_view, std::string_view);

Result<void> read_words(const std::vector<std::string>& pairs, std::string_view option, WordTableBuilder& builder,
                        AddLines add = &WordTableBuilder::add_lines) {
  for (const std::string& pair : pairs) {
    const std::size_t equal = pair.find('=');
    if (equal == std::string::npos)
      return fail(ErrorKind::bad_config, concat(option, ": expected LANG=FILE, found \"", pair, "\""));
    const std::string path = pair.substr(equal + 1);
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorKind::bad_config, concat(path, ": cannot be read; check the path and its permissions"));
    const std::string lang = pair.substr(0, equal);
    TRY((builder.*add)(file, lang == "any" ? "" : lang, path));
  }
  return {};
}

Result<void> run(const TrainRequest& request, std::ostream& progress) {
  TRY(const std::vector<LabelledRow> rows, read_labelled_files(request.data, request.sets, LabelOf::opinion));
  WordTableBuilder builder;
  TRY(read_words(request.words, "--words", builder));
  builder.finish();
  const auto shipped = Model::shipped();
  WordTable words = request.words.empty() && shipped != nullptr ? shipped->words() : builder.table();
  WordTableBuilder more;
  if (!request.more_words.empty()) {
    TRY(read_words(request.more_words, "--more-words", more));
    TRY(const std::size_t found, more.finish_behind(words));
    words = more.table();
    progress << fmt::format("{} known words have more values\n", found);
  }
  WordTableBuilder classed;
  if (!request.classes.empty()) {
    TRY(read_words(request.classes, "--classes", classed, &WordTableBuilder::add_classes));
    TRY(const std::size_t found, classed.finish_classes(words));
    words = classed.table();
    progress << fmt::format("{} words have a class\n", found);
  }

  TrainOptions options;
  options.name = request.name;
  options.bits = request.bits;
  options.epochs = request.epochs;
  options.rate = request.rate;
  options.trainings = request.trainings;
  options.balance = request.balance;
  options.learning_curve = request.curve;
  progress << fmt::format("{} rows, {} known words\n", rows.size(), words.slots()) << std::flush;
  TRY(const ModelParts parts,
      train(rows, words, options, [&](const std::string& line) { progress << line << '\n'
                                                                          << std::flush; }));
  const std::string bytes = to_bytes(parts);
  TRY(write_whole(request.out, bytes));
  progress << fmt::format("{}: {} bytes\n", request.out, bytes.size());
  return {};
}

}  // namespace

int cmd_train(const TrainRequest& request, std::ostream& progress, std::ostream& err) {
  const Result<void> done = run(request, progress);
  if (done) return kDone;
  err << "vigie train: " << done.error().what << "\n";
  return exit_status(done.error());
}

}  // namespace vigie
