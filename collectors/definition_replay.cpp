// `vigie source test`: a definition against recorded exchanges instead of the network.

#include <set>

#include "collectors/definition_answer.h"
#include "collectors/definition_model.h"
#include "collectors/recording.h"

namespace vigie {
namespace {

constexpr int kTries = 4;       // of one request, when the definition says "retry" or "wait"
constexpr int kPages = 10'000;  // no recording is longer
constexpr int kDone = 0, kBadInput = 2, kOutsideFault = 3;

class Replay {
 public:
  Replay(const Source& source, const SourceSettings& settings, Recording& recording, Time now, std::string& out,
         std::string& err)
      : source_(source), settings_(settings), recording_(recording), now_(now), out_(out), err_(err) {}

  int run() {
    Cursor cursor;
    for (int page = 0; page < kPages; ++page) {
      Result<Batch> batch = ask(cursor);
      if (!batch) {
        err_ += concat("vigie: ", batch.error().what, "\n");
        return batch.error().kind == ErrorKind::bad_config ? kBadInput : kOutsideFault;
      }
      print(*batch);
      if (!batch->more) return kDone;
      cursor = batch->next;
    }
    err_ += "vigie: the run does not end: 10000 pages were read\n";
    return kOutsideFault;
  }

 private:
  Result<Batch> ask(const Cursor& cursor) {
    TRY(const std::optional<HttpRequest> request, source_.next(cursor, now_));
    if (!request) return Batch{};
    for (int attempt = 1;; ++attempt) {
      const std::optional<HttpReply> reply = recording_.answer(*request);
      if (!reply)
        return fail(ErrorKind::bad_config, concat("no recorded answer for ", request->method, " ",
                                                  definition::hide_secrets(request->url, settings_)));
      Result<Batch> batch = source_.read(*reply, cursor, now_);
      const bool again =
          !batch && (batch.error().kind == ErrorKind::transient || batch.error().kind == ErrorKind::rate_limited);
      if (!again || attempt == kTries) return batch;
      err_ += concat("vigie: ", batch.error().what, "; asked again\n");
    }
  }

  void print(const Batch& batch) {
    for (Mention mention : batch.mentions) {
      if (!mention.keep_text) mention.title = mention.text = "";  // as it would be stored
      if (printed_.insert(mention.id).second) out_ += concat(to_json(mention), "\n");
    }
    for (const Rejected& rejected : batch.rejected) err_ += concat("vigie: rejected: ", rejected.reason, "\n");
  }

  const Source& source_;
  const SourceSettings& settings_;
  Recording& recording_;
  const Time now_;
  std::string& out_;
  std::string& err_;
  std::set<std::string> printed_;
};

}  // namespace

int test_source(const SourceTest& test, std::string& out, std::string& err) {
  const config::Tree tree = config::Tree::load(test.definition_path);
  const std::shared_ptr<const Definition> definition = read_definition(tree);
  for (const config::Problem& problem : tree.problems()) err += concat(problem.text(), "\n");
  if (!tree.problems().empty()) return kBadInput;
  const Result<std::shared_ptr<const Definition>> child = load_child(*definition, test.definition_path);
  if (!child) {
    err += concat("vigie: ", child.error().what, "\n");
    return kBadInput;
  }

  SourceSettings settings;
  settings.id = settings.kind = definition->id;
  settings.params = test.params;
  settings.secrets = test.secrets;
  for (const Definition::Secret& secret : definition->secrets) settings.secrets.emplace(secret.name, "x");
  const Result<OpenedSource> source = open_definition(definition, settings, *child);
  if (!source) {
    err += concat("vigie: ", source.error().what, "\n");
    return kBadInput;
  }
  Result<Recording> recording = Recording::load(test.folder);
  if (!recording) {
    err += concat("vigie: ", recording.error().what, "\n");
    return kBadInput;
  }
  return Replay(*source->http, settings, *recording, test.now, out, err).run();
}

}  // namespace vigie
