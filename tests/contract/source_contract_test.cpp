// What every source owes, each kind found by its name: it resumes where it stopped, turns what a server does into the
// right kind of error, keeps the neighbours of a malformed item, and shows no secret. A definition without recorded
// pages fails.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "collectors/source.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Time kNow = *parse_rfc3339("2026-11-21T00:00:00Z");
constexpr const char* kCanary = "canary-5521";

struct Poll {
  std::set<std::string> ids;
  std::size_t mentions = 0, rejected = 0;
  std::vector<std::string> reasons;
  Cursor cursor;
  std::string error;
};

// One kind and a place for it to read from.
class Bench {
 public:
  virtual ~Bench() = default;
  // One page, by a source opened anew from the bookmark, as after a crash.
  virtual Result<Batch> step(const Cursor& since) = 0;
  virtual void rewind() = 0;                   // the place answers again from its beginning
  virtual void add_one() = 0;                  // one more item appears there
  virtual std::unique_ptr<Source> http() = 0;  // nullptr for what is not read over HTTP

  Poll poll(Cursor cursor) {
    Poll poll;
    for (bool more = true; more;) {
      Result<Batch> batch = step(cursor);
      if (!batch) {
        poll.error = batch.error().what;
        break;
      }
      for (const Mention& mention : batch->mentions) poll.ids.insert(mention.id);
      for (const Rejected& rejected : batch->rejected) poll.reasons.push_back(rejected.reason);
      poll.mentions += batch->mentions.size();
      poll.rejected += batch->rejected.size();
      cursor = batch->next;
      more = batch->more;
    }
    poll.cursor = cursor;
    return poll;
  }
};

SourceSettings subscription(const std::string& kind) {
  SourceSettings settings;
  settings.id = "contract";
  settings.kind = kind;
  return settings;
}

class FileBench final : public Bench {
 public:
  FileBench() { append("{\"id\":\"1\",\"text\":\"a\"}\n{\"id\":\"2\"\n{\"id\":\"3\",\"text\":\"c\"}\n"); }

  Result<Batch> step(const Cursor& since) override {
    SourceSettings settings = subscription("file");
    settings.url = path_;
    return open_source(settings)->local->read(since, kNow);
  }
  void rewind() override {}
  void add_one() override { append("{\"id\":\"added\",\"text\":\"d\"}\n"); }
  std::unique_ptr<Source> http() override { return nullptr; }

 private:
  void append(std::string_view bytes) { std::ofstream(path_, std::ios::app) << bytes; }

  test::TempDir folder_;
  const std::string path_ = folder_.file("mentions.jsonl");
};

class FeedBench final : public Bench {
 public:
  Result<Batch> step(const Cursor& since) override {
    const std::unique_ptr<Source> source = http();
    const Result<std::optional<HttpRequest>> request = source->next(since, kNow);
    if (!request) return fail(request.error());
    HttpReply reply;
    reply.url = (*request)->url;
    reply.headers = {{"ETag", concat("\"", std::to_string(items_), "\"")}, {"Content-Type", "application/rss+xml"}};
    const auto known = std::find((*request)->headers.begin(), (*request)->headers.end(),
                                 Header{"If-None-Match", reply.headers[0].second});
    reply.status = known == (*request)->headers.end() ? 200 : 304;
    if (reply.status == 200) reply.body = body();
    return source->read(reply, since, kNow);
  }
  void rewind() override {}
  void add_one() override { ++items_; }
  std::unique_ptr<Source> http() override {
    SourceSettings settings = subscription("feed");
    settings.url = concat("https://feeds.example.org/shop.rss?token=", kCanary);
    return std::move(open_source(settings)->http);
  }

 private:
  std::string body() const {
    std::string xml = "<rss version='2.0'><channel><title>Shop</title>";
    for (int n = 1; n <= items_; ++n) {
      if (n == 2) xml += "<item></item>";
      xml += concat("<item><guid>g", std::to_string(n),
                    "</guid><title>t</title><pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate></item>");
    }
    return xml + "</channel></rss>";
  }

  int items_ = 3;
};

// A definition with the parameters its recorded pages were made with. How it reads those pages, resumes and keeps the
// neighbours of a malformed item is tests/collectors/shipped_definitions_test.cpp.
class DefinitionBench final : public Bench {
 public:
  explicit DefinitionBench(std::string id) : id_(std::move(id)) {}

  Result<Batch> step(const Cursor&) override { return fail(ErrorKind::bug, "a definition has no place here"); }
  void rewind() override {}
  void add_one() override {}
  std::unique_ptr<Source> http() override {
    SourceSettings settings = subscription(id_);
    const std::filesystem::path path = test::source_path(concat("tests/collectors/data/", id_, "/params.json"));
    const Result<json::Document> document = json::parse(test::read_bytes(path));
    EXPECT_TRUE(document) << path;
    if (!document) return nullptr;
    const json::Value params = document->root().at("params"), secrets = document->root().at("secrets");
    for (std::size_t i = 0; i < params.size(); ++i) settings.params[std::string(params.key_at(i))] = params[i].raw();
    for (std::size_t i = 0; i < secrets.size(); ++i) settings.secrets[std::string(secrets.key_at(i))] = kCanary;
    Result<OpenedSource> opened = open_source(settings);
    EXPECT_TRUE(opened) << opened.error().what;
    return opened ? std::move(opened->http) : nullptr;
  }

 private:
  const std::string id_;
};

std::unique_ptr<Bench> bench_of(const std::string& kind) {
  if (kind == "file") return std::make_unique<FileBench>();
  if (kind == "feed") return std::make_unique<FeedBench>();
  return std::make_unique<DefinitionBench>(kind);
}

class SourceContract : public testing::TestWithParam<std::string> {
 protected:
  const std::unique_ptr<Bench> bench_ = bench_of(GetParam());
};

// What is asked of definitions too. Their own rules may make less of a refusal than the rule does (a page beyond the
// last one, a video without comments, a token to renew), never more.
class HttpSourceContract : public SourceContract {
 protected:
  bool has_rules() const { return GetParam() != "feed"; }
};

std::vector<std::string> http_kinds() {
  std::vector<std::string> kinds = definition_ids();
  kinds.emplace_back("feed");
  return kinds;
}

TEST_P(SourceContract, BringsEachItemOnceAndEndsItsRun) {
  const Poll poll = bench_->poll({});

  EXPECT_EQ(poll.error, "");
  EXPECT_GE(poll.ids.size(), 2u);
  EXPECT_FALSE(poll.cursor.value.empty());
}

TEST_P(SourceContract, ReadsAPageAgainWhenItsBookmarkWasNotSaved) {
  const auto ids = [](const Batch& batch) {
    std::vector<std::string> found;
    for (const Mention& mention : batch.mentions) found.push_back(mention.id);
    return found;
  };
  Cursor cursor;

  for (bool more = true; more;) {
    const Result<Batch> lost = bench_->step(cursor);
    bench_->rewind();
    const Result<Batch> again = bench_->step(cursor);

    ASSERT_TRUE(lost && again);
    EXPECT_EQ(ids(*again), ids(*lost));
    EXPECT_EQ(again->next, lost->next);
    cursor = again->next;
    more = again->more;
  }
}

TEST_P(SourceContract, BringsOnlyWhatIsNewTheSecondTime) {
  const Poll first = bench_->poll({});

  const Poll nothing = bench_->poll(first.cursor);
  bench_->add_one();
  const Poll second = bench_->poll(nothing.cursor);

  EXPECT_EQ(nothing.mentions, 0u);
  EXPECT_TRUE(std::any_of(second.ids.begin(), second.ids.end(),
                          [&](const std::string& id) { return !first.ids.contains(id); }));
}

TEST_P(SourceContract, KeepsTheNeighboursOfAMalformedItem) {
  const Poll poll = bench_->poll({});

  EXPECT_GE(poll.rejected, 1u) << "the place this kind is tested on holds no malformed item";
  EXPECT_GE(poll.mentions, 2u);
  for (const std::string& reason : poll.reasons) EXPECT_THAT(reason, Not(IsEmpty()));
}

TEST_P(HttpSourceContract, TellsWhatToDoWhenTheServerRefuses) {
  const std::unique_ptr<Source> source = bench_->http();
  ASSERT_TRUE(source);
  const std::vector<std::pair<int, ErrorKind>> owed = {{401, ErrorKind::denied},    {403, ErrorKind::denied},
                                                       {404, ErrorKind::bad_data},  {410, ErrorKind::gone},
                                                       {408, ErrorKind::transient}, {429, ErrorKind::rate_limited},
                                                       {500, ErrorKind::transient}, {503, ErrorKind::transient}};

  for (const auto& [status, kind] : owed) {
    HttpReply reply;
    reply.status = status;
    reply.url = "https://source.example.org/x";
    reply.body = "{\"error\":\"no\"}";
    reply.retry_after = seconds(120);

    const Result<Batch> batch = source->read(reply, {}, kNow);

    if (has_rules() && status < 429) {
      EXPECT_TRUE(!batch || batch->mentions.empty()) << status;
      continue;
    }
    ASSERT_FALSE(batch) << status;
    EXPECT_EQ(to_text(batch.error().kind), to_text(kind)) << status;
    if (status == 429 || status == 503) {
      EXPECT_EQ(batch.error().retry_in, seconds(120)) << status;
    }
  }
}

TEST_P(HttpSourceContract, TakesNoGarbageForAnAnswer) {
  const std::unique_ptr<Source> source = bench_->http();
  ASSERT_TRUE(source);
  const std::string deep(100'000, '[');

  for (const std::string& body :
       {std::string(), std::string("<html><title>Log in</title></html>"), std::string("\xff\xfe\x00", 3), deep}) {
    HttpReply reply;
    reply.status = 200;
    reply.url = "https://source.example.org/x";
    reply.body = body;

    const Result<Batch> batch = source->read(reply, {}, kNow);

    EXPECT_TRUE(!batch || batch->mentions.empty()) << body.substr(0, 20);
    if (!body.empty()) {
      ASSERT_FALSE(batch) << body.substr(0, 20);
      if (!has_rules()) {
        EXPECT_EQ(to_text(batch.error().kind), "bad_data");
      }
    }
  }
}

TEST_P(HttpSourceContract, ShowsNoSecret) {
  const std::unique_ptr<Source> source = bench_->http();
  ASSERT_TRUE(source);

  for (const int status : {200, 401, 403, 404, 410, 429, 500}) {
    HttpReply reply;
    reply.status = status;
    reply.url = concat("https://source.example.org/x?token=", kCanary);
    reply.body = "neither JSON nor a feed";

    const Result<Batch> batch = source->read(reply, {}, kNow);

    EXPECT_TRUE(!batch || has_rules()) << status;
    EXPECT_THAT(batch ? batch->next.value : batch.error().what, Not(HasSubstr(kCanary))) << status;
  }
}

TEST(SourceContractData, CoversADefinitionOnlyWithTwoRecordedPagesAtLeast) {
  for (const std::string& id : definition_ids()) {
    std::size_t exchanges = 0;
    const std::filesystem::path folder = test::source_path(concat("tests/collectors/data/", id));
    ASSERT_TRUE(std::filesystem::is_directory(folder)) << folder;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      if (!file.path().native().ends_with(".exchanges.jsonl")) continue;
      const std::string bytes = test::read_bytes(file.path());
      exchanges += static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    }
    EXPECT_GE(exchanges, 2u) << id;
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& kind) {
  std::string name = kind.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Kinds, SourceContract, testing::Values("feed", "file"), test_name);
INSTANTIATE_TEST_SUITE_P(Kinds, HttpSourceContract, testing::ValuesIn(http_kinds()), test_name);

}  // namespace
}  // namespace vigie
