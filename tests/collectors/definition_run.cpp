#include "tests/collectors/definition_run.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <set>
#include <span>

#include "base/text.h"
#include "config/node.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace vigie::test {
namespace {

constexpr std::string_view kExchanges = ".exchanges.jsonl";
constexpr int kPages = 200;  // no recording here is longer
constexpr int kTries = 4;    // of one request, when the source says "later"

// A key that lives as long as the test program.
std::string private_key(const std::string& algorithm) {
  static std::map<std::string, std::string> made;
  std::string& pem = made[algorithm];
  if (!pem.empty()) return pem;
  EVP_PKEY* key = algorithm == "@es256" ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048);
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory, &bytes);
  pem.assign(bytes, static_cast<std::size_t>(size));
  BIO_free(memory);
  EVP_PKEY_free(key);
  return pem;
}

config::Tree tree_of(const std::string& id) {
  return config::Tree::load(source_path(concat("collectors/sources/", id, ".toml")).string());
}

std::vector<std::string> lines_under(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().native().ends_with(kExchanges)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> lines;
  for (const std::filesystem::path& file : files) {
    const std::string bytes = read_bytes(file);
    for (const std::string_view line : split(bytes, '\n')) {
      if (!trim(line).empty()) lines.emplace_back(line);
    }
  }
  return lines;
}

// --- reading ---

// As it is kept: where a source's terms or its author say so, the words are judged and not stored.
std::string line_of(Mention mention) {
  if (!mention.keep_text) {
    mention.title.clear();
    mention.text.clear();
  }
  return to_json(mention);
}

class Reader {
 public:
  Reader(const Folder& folder, Recording& recording, Opened opened)
      : folder_(folder), recording_(recording), opened_(opened) {}

  Told read() {
    Cursor cursor;
    for (int page = 0; page < kPages && told_.error.empty(); ++page) {
      const Result<Batch> batch = ask(cursor);
      if (!batch) {
        told_.error = batch.error().what;
        break;
      }
      take(*batch);
      cursor = batch->next;
      told_.cursors.push_back(cursor.value);
      if (!batch->more) return std::move(told_);
    }
    if (told_.error.empty()) told_.error = "the run does not end";
    return std::move(told_);
  }

 private:
  Result<Batch> ask(const Cursor& cursor) {
    TRY(Source * source, this->source());
    TRY(const std::optional<HttpRequest> request, source->next(cursor, folder_.now));
    if (!request) return Batch{};
    for (int attempt = 1;; ++attempt) {
      told_.pages.push_back({*request, {}});
      const std::optional<HttpReply> reply = recording_.answer(*request);
      if (!reply) return fail(ErrorKind::bug, concat("no recorded answer for ", request->url));
      Result<Batch> batch = source->read(*reply, cursor, folder_.now);
      const bool later =
          !batch && (batch.error().kind == ErrorKind::transient || batch.error().kind == ErrorKind::rate_limited);
      if (!later || attempt == kTries) return batch;
    }
  }

  Result<Source*> source() {
    if (!source_.http || opened_ == Opened::anew_for_each_page) {
      TRY(source_, open_source(folder_.settings));
    }
    return source_.http.get();
  }

  void take(const Batch& batch) {
    for (const Mention& mention : batch.mentions) {
      const std::string line = line_of(mention);
      if (seen_.insert(mention.id).second) told_.mentions.push_back(line);
      told_.pages.back().mentions.push_back(line);
    }
    told_.rejected.insert(told_.rejected.end(), batch.rejected.begin(), batch.rejected.end());
  }

  const Folder& folder_;
  Recording& recording_;
  const Opened opened_;
  OpenedSource source_;
  std::set<std::string> seen_;
  Told told_;
};

// --- harming an item ---

using Steps = std::vector<std::string>;

// "data.children" -> its names; nothing for what is more than names and a star at the end.
std::optional<Steps> names_of(std::string_view path) {
  Steps steps;
  if (path.empty()) return steps;
  for (const std::string_view part : split(path, '.')) {
    const bool name = !part.empty() && part.find_first_of(" '\"[]{}|?") == std::string_view::npos;
    if (!name) return std::nullopt;
    steps.emplace_back(part);
  }
  return steps;
}

// The value written again, with what `steps` lead to replaced; "*" is the first child.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the path is long
bool replace(json::Writer& out, const json::Value& value, std::span<const std::string> steps, std::string_view with) {
  if (steps.empty()) {
    out.raw(with);
    return true;
  }
  const bool object = value && value.type() == json::Type::object, array = value && value.type() == json::Type::array;
  bool found = false;
  const auto copy = [&](std::size_t i) {
    const bool here = !found && (steps[0] == "*" || (object && value.key_at(i) == steps[0]));
    if (here) {
      found = replace(out, value[i], steps.subspan(1), with);
    } else {
      out.value(value[i]);
    }
  };
  if (object) {
    out.begin_object();
    for (std::size_t i = 0; i < value.size(); ++i) copy((out.key(value.key_at(i)), i));
    out.end_object();
  } else if (array) {
    out.begin_array();
    for (std::size_t i = 0; i < value.size(); ++i) copy(i);
    out.end_array();
  } else {
    out.value(value);
  }
  return found;
}

std::optional<std::string> with_body(const std::string& exchange, std::string_view body) {
  const Result<json::Document> document = json::parse(exchange, 2 * limits::kJsonDepth);
  if (!document) return std::nullopt;
  json::Writer text, out;
  text.string(body);
  const Steps steps = {"response", "body"};
  if (!replace(out, document->root(), steps, text.text())) return std::nullopt;
  return out.take();
}

}  // namespace

std::vector<std::string> shipped_definitions() { return definition_ids(); }

Folder folder_of(const std::string& id) {
  Folder folder;
  folder.id = id;
  folder.path = source_path(concat("tests/collectors/data/", id));
  folder.settings.id = folder.settings.kind = id;
  const Result<json::Document> given = json::parse(read_bytes(folder.path / "params.json"));
  if (!given) {
    ADD_FAILURE() << id << "/params.json: " << given.error().what;
    return folder;
  }
  const json::Value params = given->root().at("params"), secrets = given->root().at("secrets");
  for (std::size_t i = 0; i < params.size(); ++i) folder.settings.params.emplace(params.key_at(i), params[i].raw());
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const std::string text(secrets[i].raw());
    folder.settings.secrets.emplace(secrets.key_at(i), text.starts_with('@') ? private_key(text) : text);
  }
  folder.now = *parse_rfc3339(given->root().text_or("now", "2026-11-21T00:00:00Z"));
  folder.lines = lines_under(folder.path);
  return folder;
}

std::vector<std::string> Told::asked() const {
  std::vector<std::string> all;
  for (const Page& page : pages) all.push_back(concat(page.request.method, " ", page.request.url));
  return all;
}

Told read_all(const Folder& folder, const std::vector<std::string>& exchanges, Opened opened) {
  const TempDir place;
  std::string bytes;
  for (const std::string& line : exchanges) bytes += concat(line, "\n");
  place.write("run.exchanges.jsonl", bytes);
  Result<Recording> recording = Recording::load(place.path().string());
  if (!recording) return {{}, {}, {}, {}, recording.error().what};
  return Reader(folder, *recording, opened).read();
}

std::optional<std::string> harmed(const Folder& folder, const std::string& exchange, Harm harm) {
  const config::Tree tree = tree_of(folder.id);
  const std::optional<Steps> at = names_of(tree.root().child("items").text("at", ""));
  const std::optional<Steps> id = names_of(tree.root().child("map").text("id", ""));
  const Result<json::Document> recorded = json::parse(exchange, 2 * limits::kJsonDepth);
  if (!at || !recorded || (harm == Harm::without_id && !id)) return std::nullopt;
  const Result<json::Document> body = json::parse(recorded->root().text_or("response.body", ""));
  if (!body) return std::nullopt;

  json::Value list = body->root();
  Steps steps = *at;
  if (!steps.empty() && steps.back() == "*") steps.pop_back();
  for (const std::string& step : steps)
    list = list && list.type() == json::Type::object ? list.find(step) : json::Value();
  const bool members = !at->empty() && at->back() == "*";
  if (!list || list.size() == 0 || (list.type() != json::Type::array && !members)) return std::nullopt;
  steps.emplace_back("*");
  if (harm == Harm::without_id) steps.insert(steps.end(), id->begin(), id->end());

  json::Writer out;
  if (!replace(out, body->root(), steps, harm == Harm::a_number ? "7" : "null")) return std::nullopt;
  return with_body(exchange, out.text());
}

}  // namespace vigie::test
