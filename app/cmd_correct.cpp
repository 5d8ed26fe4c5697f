#include "app/cmd_correct.h"

#include <charconv>
#include <fstream>

#include "app/backends.h"
#include "app/exit.h"
#include "app/load.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kMostTold = 20;

// What a word asks for, given what the machine said.
Result<std::optional<Label>> label_asked(std::string_view word, const StoredMention& stored) {
  if (word == "confirm") return stored.judgement.label;
  if (word == "none") return std::optional<Label>();
  const std::optional<Label> label = label_from(word);
  if (!label) {
    return fail(ErrorKind::bad_data,
                concat("expected neg, neu, pos, confirm or none, found \"", first_code_points(word, 40), "\""));
  }
  return label;
}

Result<void> correct_one(Store& store, std::int64_t seq, std::string_view word, const std::string& by, Time now) {
  TRY(const std::optional<StoredMention> stored, store.mention(seq));
  if (!stored) return fail(ErrorKind::bad_data, concat("there is no mention ", std::to_string(seq)));
  TRY(const std::optional<Label> label, label_asked(word, *stored));
  return store.set_human_label(seq, label, by, now);
}

struct Line {
  std::string source, id, label;
};

Result<Line> read_line(std::string_view text) {
  if (text.starts_with('{')) {
    TRY(const json::Document document, json::parse(text));
    Line line;
    TRY(line.source, document.root().text("source"));
    TRY(line.id, document.root().text("id"));
    TRY(line.label, document.root().text("label"));
    return line;
  }
  const std::vector<std::string_view> fields = split(text, '\t');
  if (fields.size() != 3)
    return fail(ErrorKind::bad_data, "expected SOURCE, ID and LABEL with tabs between, or a JSON object with these");
  return Line{std::string(fields[0]), std::string(fields[1]), std::string(fields[2])};
}

Result<void> correct_line(Store& store, std::string_view text, const std::string& by, Time now) {
  TRY(const Line line, read_line(text));
  TRY(const std::optional<std::int64_t> seq, store.seq_of(line.source, line.id));
  if (!seq) return fail(ErrorKind::bad_data, concat("there is no mention ", line.id, " of ", line.source));
  return correct_one(store, *seq, line.label, by, now);
}

// Lines that cannot be taken are told and left out; a fault of the store ends it.
Result<int> correct_all(Store& store, const std::string& by, const Clock& clock, std::istream& in, std::ostream& out,
                        std::ostream& err) {
  std::size_t done = 0, refused = 0, number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    const Result<void> taken = correct_line(store, line, by, clock.now());
    if (taken) {
      ++done;
      continue;
    }
    const ErrorKind kind = taken.error().kind;
    if (kind != ErrorKind::bad_data && kind != ErrorKind::gone) return fail(taken.error());
    if (++refused <= kMostTold) err << "line " << number << ": " << taken.error().what << "\n";
  }
  out << done << " labels taken, " << refused << " lines refused\n";
  return refused == 0 ? kDone : kBadInput;
}

Result<int> run(const CorrectRequest& request, Store& store, const Clock& clock, std::istream& in, std::ostream& out,
                std::ostream& err) {
  if (request.file == "-") return correct_all(store, request.by, clock, in, out, err);
  if (!request.file.empty()) {
    std::ifstream file(request.file, std::ios::binary);
    if (!file)
      return fail(ErrorKind::bad_data, concat(request.file, ": cannot be read; check the path and its permissions"));
    return correct_all(store, request.by, clock, file, out, err);
  }
  std::int64_t seq = 0;
  const std::string& text = request.mention;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seq);
  if (text.empty() || request.label.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) {
    return fail(ErrorKind::bad_data,
                "expected the number of a mention (12 of its address #m12 in the console) and neg, neu, pos, confirm "
                "or none; or --file");
  }
  TRY(correct_one(store, seq, request.label, request.by, clock.now()));
  return kDone;
}

int report(const Error& error, std::ostream& err) {
  err << "vigie correct: " << error.what << "\n";
  return error.kind == ErrorKind::gone ? kBadInput : exit_status(error);
}

}  // namespace

int correct(const CorrectRequest& request, Store& store, const Clock& clock, std::istream& in, std::ostream& out,
            std::ostream& err) {
  const Result<int> done = run(request, store, clock, in, out, err);
  return done ? *done : report(done.error(), err);
}

int cmd_correct(const CorrectRequest& request, std::istream& in, std::ostream& out, std::ostream& err) {
  const Result<Settings> settings = load_settings(request.config);
  if (!settings) return report(settings.error(), err);
  const Result<std::unique_ptr<Store>> store = open_store(*settings);
  if (!store) return report(store.error(), err);
  return correct(request, **store, SystemClock(), in, out, err);
}

}  // namespace vigie
