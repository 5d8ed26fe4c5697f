// `vigie source test`: a definition against recorded exchanges instead of the network.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/secret.h"
#include "base/text.h"
#include "base/url.h"
#include "collectors/definition_model.h"

namespace vigie {
namespace {

constexpr std::string_view kSuffix = ".exchanges.jsonl";
constexpr int kTries = 4;          // of one request, when the definition says "retry" or "wait"
constexpr int kPages = 10'000;     // no recording is longer
constexpr int kDone = 0, kBadInput = 2, kOutsideFault = 3;

using Query = std::vector<std::pair<std::string, std::string>>;

struct Target {
  std::string path;
  Query query;
};

Target target_of(std::string_view url) {
  const UrlParts parts = split_url(url);
  Target target{url_decode(parts.path, false), {}};
  if (target.path.empty()) target.path = "/";
  if (!parts.query) return target;
  for (const std::string_view pair : split(*parts.query, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    target.query.emplace_back(url_decode(pair.substr(0, equals), true),
                              equals < pair.size() ? url_decode(pair.substr(equals + 1), true) : "");
  }
  return target;
}

// Every recorded parameter is asked for, each as often as recorded, in any order.
bool asks_for(const Query& asked, const Query& recorded) {
  return std::all_of(recorded.begin(), recorded.end(), [&](const auto& wanted) {
    return std::count(asked.begin(), asked.end(), wanted) >= std::count(recorded.begin(), recorded.end(), wanted);
  });
}

struct Exchange {
  std::string method;
  Target target;
  HttpReply reply;
  bool used = false;
};

Result<Exchange> exchange_from(const json::Value& value) {
  Exchange exchange;
  TRY(exchange.method, value.text("request.method"));
  TRY(exchange.reply.url, value.text("request.url"));
  exchange.target = target_of(exchange.reply.url);
  TRY(const std::int64_t status, value.integer("response.status"));
  exchange.reply.status = static_cast<int>(status);
  const json::Value headers = value.at("response.headers");
  for (std::size_t i = 0; i < headers.size(); ++i) {
    std::string text = headers[i].is_null() ? "" : std::string(headers[i].raw());
    const bool retry_after = iequals(headers.key_at(i), "retry-after");
    if (retry_after && !text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == std::string::npos) {
      exchange.reply.retry_after = seconds(std::stoi(text));
    }
    exchange.reply.headers.emplace_back(headers.key_at(i), std::move(text));
  }
  exchange.reply.body = value.text_or("response.body", "");
  if (value.at("response.body_base64")) {
    TRY(const std::string encoded, value.text("response.body_base64"));
    TRY(exchange.reply.body, from_base64(encoded));
  }
  return exchange;
}

class Recording {
 public:
  static Result<Recording> load(const std::string& folder) {
    std::error_code error;
    std::vector<std::string> paths;
    for (std::filesystem::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      if (it->path().native().ends_with(kSuffix)) paths.push_back(it->path().native());
    }
    if (error) return fail(ErrorKind::bad_config, concat(folder, ": expected a folder of recorded exchanges, found ", error.message()));
    std::sort(paths.begin(), paths.end());
    Recording recording;
    for (const std::string& path : paths) TRY(recording.add(path));
    return recording;
  }

  const HttpReply* answer(const HttpRequest& request) {
    const Target asked = target_of(request.url);
    for (Exchange& exchange : exchanges_) {
      if (exchange.used || !iequals(exchange.method, request.method)) continue;
      if (exchange.target.path != asked.path || !asks_for(asked.query, exchange.target.query)) continue;
      exchange.used = true;
      return &exchange.reply;
    }
    return nullptr;
  }

 private:
  Result<void> add(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
      if (trim(line).empty()) continue;
      const Result<json::Document> document = json::parse(line, 2 * limits::kJsonDepth);
      Result<Exchange> exchange = document ? exchange_from(document->root()) : Result<Exchange>(fail(document.error()));
      if (!exchange) return fail(ErrorKind::bad_config, concat(path, ":", std::to_string(number), ":1: ", exchange.error().what));
      exchanges_.push_back(*std::move(exchange));
    }
    return {};
  }

  std::vector<Exchange> exchanges_;
};

class Replay {
 public:
  Replay(const Source& source, Recording& recording, Time now, std::string& out, std::string& err)
      : source_(source), recording_(recording), now_(now), out_(out), err_(err) {}

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
      const HttpReply* reply = recording_.answer(*request);
      if (!reply) return fail(ErrorKind::bad_config, concat("no recorded answer for ", request->method, " ", redact_url(request->url)));
      Result<Batch> batch = source_.read(*reply, cursor, now_);
      const bool again = !batch && (batch.error().kind == ErrorKind::transient || batch.error().kind == ErrorKind::rate_limited);
      if (!again || attempt == kTries) return batch;
      err_ += concat("vigie: ", batch.error().what, "; asked again\n");
    }
  }

  void print(const Batch& batch) {
    for (const Mention& mention : batch.mentions) {
      if (printed_.insert(mention.id).second) out_ += concat(to_json(mention), "\n");
    }
    for (const Rejected& rejected : batch.rejected) err_ += concat("vigie: rejected: ", rejected.reason, "\n");
  }

  const Source& source_;
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

  SourceSettings settings;
  settings.id = settings.kind = definition->id;
  settings.params = test.params;
  settings.secrets = test.secrets;
  for (const Definition::Secret& secret : definition->secrets) settings.secrets.emplace(secret.name, "x");
  const Result<std::unique_ptr<Source>> source = open_definition(definition, settings);
  if (!source) {
    err += concat("vigie: ", source.error().what, "\n");
    return kBadInput;
  }
  Result<Recording> recording = Recording::load(test.folder);
  if (!recording) {
    err += concat("vigie: ", recording.error().what, "\n");
    return kBadInput;
  }
  return Replay(**source, *recording, test.now, out, err).run();
}

}  // namespace vigie
