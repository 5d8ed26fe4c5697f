#include "collectors/definition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/url.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Time kNow = *parse_rfc3339("2026-11-21T00:00:00Z");

std::string parameter(std::string_view url, std::string_view name) {
  const std::string_view query = split_url(url).query.value_or("");
  for (const std::string_view pair : split(query, '&')) {
    if (pair.starts_with(name) && pair.substr(name.size(), 1) == "=")
      return url_decode(pair.substr(name.size() + 1), true);
  }
  return "";
}

std::int64_t number_after(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  return at == std::string_view::npos ? 0 : std::stoll(std::string(text.substr(at + mark.size())));
}

// Algolia's search over items of ours: newest first, 100 a page, 1000 in reach.
class Algolia {
 public:
  void add(std::string id, Time created) { items_.push_back({to_epoch(created), std::move(id)}); }

  HttpReply answer(const HttpRequest& request) {
    ++requests;
    const std::string filters = parameter(request.url, "numericFilters");
    const std::int64_t since = number_after(filters, "created_at_i>="), until = number_after(filters, "created_at_i<");
    std::vector<std::pair<std::int64_t, std::string>> found;
    std::copy_if(items_.begin(), items_.end(), std::back_inserter(found),
                 [&](const auto& item) { return item.first >= since && (item.first < until || ignores_until); });
    std::sort(found.rbegin(), found.rend());
    const std::size_t total = found.size(), page = std::stoul(parameter(request.url, "page"));
    found.resize(std::min<std::size_t>(total, 1000));

    json::Writer out;
    out.begin_object().key("hits").begin_array();
    for (std::size_t i = page * 100; i < std::min(found.size(), page * 100 + 100); ++i) {
      out.begin_object()
          .member("objectID", found[i].second)
          .member("comment_text", "x")
          .key("created_at_i")
          .integer(found[i].first)
          .end_object();
    }
    out.end_array().key("nbHits").integer(static_cast<std::int64_t>(total));
    out.key("nbPages").integer(static_cast<std::int64_t>((found.size() + 99) / 100)).end_object();
    HttpReply reply;
    reply.status = 200;
    reply.url = request.url;
    reply.body = out.take();
    return reply;
  }

  int requests = 0;
  bool ignores_until = false;

 private:
  std::vector<std::pair<std::int64_t, std::string>> items_;
};

SourceSettings subscription(std::string kind, std::map<std::string, std::string> params) {
  SourceSettings settings;
  settings.id = "sub";
  settings.kind = std::move(kind);
  settings.params = std::move(params);
  return settings;
}

class HackerNews : public testing::Test {
 protected:
  // One page, by a source opened anew, as after a crash.
  Batch step(Time now) {
    const OpenedSource source = *open_source(subscription("hackernews", {{"query", "acme"}}));
    const HttpRequest request = **source.http->next(cursor_, now);
    Batch batch = *source.http->read(server_.answer(request), cursor_, now);
    cursor_ = batch.next;
    for (const Mention& mention : batch.mentions) stored_.insert(mention.id);
    return batch;
  }
  // All pages of one poll.
  Batch poll(Time now) {
    Batch batch;
    for (int page = 0; page < 500; ++page) {
      batch = step(now);
      if (!batch.more) return batch;
    }
    ADD_FAILURE() << "the run does not end";
    return batch;
  }

  Algolia server_;
  Cursor cursor_;
  std::set<std::string> stored_;
};

TEST_F(HackerNews, FindsWhatAppearsBetweenTwoPolls) {
  server_.add("old", kNow - 3 * kDay);
  poll(kNow);
  EXPECT_THAT(stored_, ElementsAre("old"));

  server_.add("new", kNow + minutes(3));
  poll(kNow + minutes(10));

  EXPECT_THAT(stored_, ElementsAre("new", "old"));
}

TEST_F(HackerNews, MarksTheFirstRunAsHistoryAndNoOther) {
  server_.add("old", kNow - 20 * kDay);

  for (bool more = true; more;) {
    const Batch batch = step(kNow);
    EXPECT_TRUE(batch.history);
    more = batch.more;
  }

  EXPECT_FALSE(step(kNow + hours(1)).history);
}

TEST_F(HackerNews, LosesNothingWhenThereIsMoreThanTheServerLetsThrough) {
  for (int n = 0; n < 3500; ++n) server_.add(std::to_string(n), kNow - 6 * kDay + seconds(n * 60));

  poll(kNow);

  EXPECT_EQ(stored_.size(), 3500u);
  EXPECT_LT(server_.requests, 60);  // 35 pages of new items, and what windows repeat
}

TEST_F(HackerNews, GetsPastASecondThatAloneHoldsMoreThanCanBeReached) {
  for (int n = 0; n < 1500; ++n) server_.add("burst" + std::to_string(n), kNow - 2 * kDay);
  server_.add("before", kNow - 2 * kDay - minutes(1));
  server_.add("after", kNow - 2 * kDay + minutes(1));

  poll(kNow);

  EXPECT_TRUE(stored_.contains("before"));
  EXPECT_TRUE(stored_.contains("after"));
  EXPECT_GE(stored_.size(), 1000u);
}

TEST_F(HackerNews, CatchesUpAfterAnOutageOldestFirst) {
  poll(kNow);
  for (int day = 1; day <= 20; ++day) server_.add(std::to_string(100 + day), kNow + day * kDay);

  const Time back = kNow + 21 * kDay;
  const Batch first = step(back);
  EXPECT_TRUE(first.more);
  EXPECT_THAT(stored_, Not(testing::Contains("120")));
  poll(back);

  EXPECT_EQ(stored_.size(), 20u);
}

TEST_F(HackerNews, FindsAnItemThatWasIndexedLate) {
  server_.add("a", kNow - hours(2));
  poll(kNow);

  server_.add("late", kNow - hours(2) - minutes(14));
  poll(kNow + minutes(5));

  EXPECT_TRUE(stored_.contains("late"));
}

TEST_F(HackerNews, LosesNothingToAnIndexThatStalls) {
  server_.add("a", kNow - minutes(30));
  poll(kNow);
  poll(kNow + hours(1));  // nothing: the index stands still

  server_.add("b", kNow + minutes(1));  // written then, visible only now
  poll(kNow + hours(2));

  EXPECT_TRUE(stored_.contains("b"));
}

TEST_F(HackerNews, KeepsAnItemFromTheFutureAndDoesNotLetItMoveTheBookmark) {
  server_.ignores_until = true;
  server_.add("now", kNow - hours(1));
  server_.add("future", kNow + 2 * kDay);

  poll(kNow);

  EXPECT_THAT(stored_, ElementsAre("future", "now"));
  EXPECT_EQ(cursor_.value, R"({"marks":{"":{"time":"2026-11-20T23:00:00Z","begun":true}}})");
}

TEST_F(HackerNews, LeavesTheLastMinuteToTheNextPoll) {
  server_.add("fresh", kNow - seconds(5));

  poll(kNow);

  EXPECT_THAT(stored_, ElementsAre("fresh"));
  EXPECT_THAT(cursor_.value, Not(HasSubstr("2026-11-20T23:59:55Z")));
}

TEST_F(HackerNews, AsksOnceAPollForAQuietQuery) {
  poll(kNow);
  for (int day = 1; day <= 60; ++day) {
    server_.requests = 0;
    poll(kNow + day * kDay);
    EXPECT_EQ(server_.requests, 1) << "day " << day;
  }
}

TEST_F(HackerNews, StartsAnewFromABookmarkItCannotRead) {
  server_.add("old", kNow - kDay);
  cursor_.value = "{\"mark\": 5, \"run\": [";

  poll(kNow);

  EXPECT_THAT(stored_, ElementsAre("old"));
}

TEST_F(HackerNews, AsksNotSoonerThanTheDefinitionAllows) { EXPECT_EQ(poll(kNow).poll_in, minutes(1)); }

TEST_F(HackerNews, AsksForAPhraseInAWindowPercentEncoded) {
  const OpenedSource source = *open_source(subscription("hackernews", {{"query", "Café & Co"}}));

  const HttpRequest request = **source.http->next({}, kNow);

  EXPECT_THAT(request.url, HasSubstr("query=%22Caf%C3%A9%20%26%20Co%22&tags=%28story%2Ccomment%29"));
  EXPECT_EQ(parameter(request.url, "numericFilters"), "created_at_i>=1792627200,created_at_i<1793232000");
  EXPECT_EQ(parameter(request.url, "page"), "0");
}

Error read_error(std::string body, int status = 200) {
  const OpenedSource source = *open_source(subscription("hackernews", {{"query", "acme"}}));
  HttpReply reply;
  reply.status = status;
  reply.url = "https://hn.algolia.com/api/v1/search_by_date?page=0";
  reply.body = std::move(body);
  const Result<Batch> batch = source.http->read(reply, {}, kNow);
  return batch ? Error{ErrorKind::bug, "no error"} : batch.error();
}

TEST_F(HackerNews, DoesNotTakeAnotherAnswerForAQuietDay) {
  EXPECT_EQ(read_error("{\"message\":\"deprecated\"}").kind, ErrorKind::bad_data);
  EXPECT_THAT(read_error("{\"message\":\"deprecated\"}").what,
              HasSubstr("expected a list of items, found status 200 and hits == null"));
  EXPECT_THAT(read_error("{\"hits\":5}").what, HasSubstr("items: expected a list, found a number"));
  EXPECT_THAT(read_error("<html>please log in</html>").what, HasSubstr("expected JSON"));
}

TEST_F(HackerNews, TakesARefusedPageBeyondTheLastForTheEnd) {
  for (int n = 0; n < 150; ++n) server_.add(std::to_string(n), kNow - hours(1) - seconds(n));
  while (cursor_.value.find("\"page\":1") == std::string::npos) step(kNow);
  const OpenedSource source = *open_source(subscription("hackernews", {{"query", "acme"}}));
  HttpReply refused;
  refused.status = 400;

  const Result<Batch> batch = source.http->read(refused, cursor_, kNow);

  ASSERT_TRUE(batch) << batch.error().what;
  EXPECT_THAT(batch->mentions, IsEmpty());
}

// --- the recorded month ---

SourceTest recorded_month() {
  SourceTest test;
  test.definition_path = test::source_path("collectors/sources/hackernews.toml").string();
  test.folder = test::source_path("tests/collectors/data/hackernews").string();
  test.params = {{"query", "Tilvane"}};
  test.now = kNow;
  return test;
}

TEST(SourceTestCommand, PrintsTheMentionsOfARecording) {
  std::string out, err;

  const int status = test_source(recorded_month(), out, err);

  EXPECT_EQ(status, 0) << err;
  EXPECT_EQ(out, test::read_bytes(test::source_path("tests/collectors/data/hackernews/expected.jsonl")));
}

TEST(SourceTestCommand, TellsWhyAnItemWasLeftOutAndKeepsItsNeighbours) {
  std::string out, err;

  test_source(recorded_month(), out, err);

  EXPECT_EQ(err,
            "vigie: rejected: id: expected text, found nothing\n"
            "vigie: rejected: created: expected seconds since 1970, found \"soon\"\n"
            "vigie: rejected: text: expected a title, a text or a rating, found none\n");
}

TEST(SourceTestCommand, NamesTheRequestThatNothingRecordedAnswers) {
  SourceTest test = recorded_month();
  test.params = {{"query", "Other"}};
  std::string out, err;

  const int status = test_source(test, out, err);

  EXPECT_EQ(status, 2);
  EXPECT_THAT(err,
              testing::StartsWith(
                  "vigie: no recorded answer for GET https://hn.algolia.com/api/v1/search_by_date?query=%22Other%22&"));
}

TEST(SourceTestCommand, NamesAParameterThatIsMissingOrUnknown) {
  SourceTest test = recorded_month();
  std::string out, err;
  test.params = {{"qury", "x"}};

  EXPECT_EQ(test_source(test, out, err), 2);

  EXPECT_EQ(
      err,
      "vigie: hackernews: qury: expected a parameter of hackernews, found another name; did you mean \"query\"?\n");
}

// --- the language ---

const std::string kSource =
    "[source]\nid = 'forum'\nname = 'Forum'\nkind = 'post'\nparams = { site = 'host', topic = 'text', lang = 'lang?' "
    "}\nsecrets = ['key?']\n";
const std::string kRequest = "[request]\nurl = 'https://{site}/t/{topic}'\nquery = { lang = '{lang}' }\n";
const std::string kItems = "[items]\nat = 'posts'\n[map]\nid = 'id'\ntext = 'body'\ncreated = 'at | time iso'\n";

std::vector<std::string> problems(const std::string& text) {
  const config::Tree tree = config::Tree::parse(text, "d.toml");
  read_definition(tree);
  std::vector<std::string> lines;
  for (const config::Problem& problem : tree.problems()) lines.push_back(problem.text());
  return lines;
}

TEST(Definition, NeedsSourceRequestItemsAndMap) {
  EXPECT_THAT(problems(kSource + kRequest + kItems), IsEmpty());
  EXPECT_THAT(problems("[auth]\nstyle = 'none'\n"),
              ElementsAre("d.toml:1:1: items: expected a table headed [items], found none",
                          "d.toml:1:1: map: expected a table headed [map], found none",
                          "d.toml:1:1: request: expected a table headed [request], found none",
                          "d.toml:1:1: source: expected a table headed [source], found none"));
}

TEST(Definition, TellsEveryMistakeAtOnceWithItsPlace) {
  const std::vector<std::string> found = problems(
      "[source]\nid = 'x'\nname = 'X'\nkind = 'posts'\nparms = {}\n"
      "[request]\nurl = 'https://x.example/{querry}'\n"
      "[page]\nstyle = 'numbr'\n"
      "[items]\nat = 'a['\nwhere = 'a = 1'\n"
      "[map]\nid = 'id | htlm'\nautor.name = 'n'\n");

  EXPECT_THAT(
      found,
      ElementsAre(
          "d.toml:4:8: source.kind: expected one of post, comment, review, article, ticket, message, found \"posts\"; "
          "did you mean \"post\"?",
          "d.toml:5:1: source.parms: expected a known key, found \"parms\"; did you mean \"params\"?",
          "d.toml:7:7: request.url: expected a parameter, a secret or a variable between { and }, found \"querry\"",
          "d.toml:9:9: page.style: expected one of none, number, offset, token, link, next_url, last_id, found "
          "\"numbr\"; did you mean "
          "\"number\"?",
          "d.toml:11:6: items.at: character 3: expected a position such as [0] or [-1], or [name='value'], found the "
          "end",
          "d.toml:12:9: items.where: character 3: expected \"and\", \"or\" or the end, found \"= 1\"",
          "d.toml:14:6: map.id: expected a known pipe, found \"htlm\"; did you mean \"html\"?",
          "d.toml:15:1: map.autor: expected a known key, found \"autor\"; did you mean \"author\"?"));
}

TEST(Definition, LetsNobodyButACheckedHostDecideWhereARequestGoes) {
  const std::string source = "[source]\nid = 'x'\nname = 'X'\nkind = 'post'\nparams = { q = 'text' }\n";

  EXPECT_THAT(problems(source + "[request]\nurl = 'https://{q}/a'\n" + kItems),
              ElementsAre("d.toml:7:7: request.url: expected a parameter of type host in the host, found {q}"));
  EXPECT_THAT(problems(source + "[request]\nurl = 'https://api.{q}'\n" + kItems),
              ElementsAre(HasSubstr("expected a parameter of type host")));
  EXPECT_THAT(problems(source + "[request]\nurl = 'file:///etc/passwd'\n" + kItems),
              ElementsAre(HasSubstr("expected a URL that starts with https://")));
}

TEST(Definition, KnowsWhatASliceAndATimeNeed) {
  EXPECT_THAT(
      problems(kSource + kRequest + kItems + "[since]\nstyle = 'server_time'\nslice = '1d'\n"),
      ElementsAre("d.toml:16:1: since.in: expected \"query.NAME\" here or {since} in the request, found neither",
                  "d.toml:18:9: since.slice: expected {until} in the request, which a slice ends at, found none"));
}

Result<std::unique_ptr<Source>> open(const std::string& text, std::map<std::string, std::string> params,
                                     std::map<std::string, std::string> secrets = {}) {
  const config::Tree tree = config::Tree::parse(text, "d.toml");
  const std::shared_ptr<const Definition> definition = read_definition(tree);
  for (const config::Problem& problem : tree.problems()) ADD_FAILURE() << problem.text();
  SourceSettings settings = subscription("forum", std::move(params));
  settings.secrets = std::move(secrets);
  Result<OpenedSource> opened = open_definition(definition, settings);
  if (!opened) return fail(opened.error());
  return std::move(opened->http);
}

TEST(Definition, LeavesOutAQueryValueThatIsNotSet) {
  const auto without = open(kSource + kRequest + kItems, {{"site", "a.example"}, {"topic", "x"}});
  const auto with = open(kSource + kRequest + kItems, {{"site", "a.example"}, {"topic", "x"}, {"lang", "fr"}});

  EXPECT_EQ((*without)->next({}, kNow)->value().url, "https://a.example/t/x");
  EXPECT_EQ((*with)->next({}, kNow)->value().url, "https://a.example/t/x?lang=fr");
}

TEST(Definition, EncodesAParameterThatTriesToLeaveItsPlace) {
  const auto source = open(kSource + kRequest + kItems, {{"site", "a.example"}, {"topic", "../../admin?x=1#y"}});

  EXPECT_EQ((*source)->next({}, kNow)->value().url, "https://a.example/t/..%2F..%2Fadmin%3Fx%3D1%23y");
}

TEST(Definition, RefusesAParameterThatIsNotOfItsType) {
  const auto error = [](const std::string& site) {
    return open(kSource + kRequest + kItems, {{"site", site}, {"topic", "x"}}).error().what;
  };

  EXPECT_THAT(error("a.example/evil"), HasSubstr("sub: site: expected a host name such as \"social.example.org\""));
  EXPECT_THAT(error("me@a.example"), HasSubstr("expected a host name"));
  EXPECT_THAT(error("a.example\r\nX: y"), HasSubstr("none of them a control character"));
}

HttpReply reply_with(std::string body, int status = 200) {
  HttpReply reply;
  reply.status = status;
  reply.url = "https://a.example/t/x?key=canary-5521";
  reply.body = std::move(body);
  return reply;
}

std::string posts(std::initializer_list<int> ids, const std::string& more = "") {
  std::string body = "{\"posts\":[";
  for (const int id : ids)
    body += (body.back() == '[' ? "" : ",") +
            ("{\"id\":" + std::to_string(id) + ",\"body\":\"b\",\"at\":\"2026-11-20T00:00:00Z\"}");
  return body + "]" + more + "}";
}

TEST(Definition, SendsASecretOnlyWhereItBelongsAndNeverShowsIt) {
  const std::string query =
      kSource + kRequest + kItems + "[auth]\nstyle = 'query'\nname = 'key'\ntoken = '{secret.key}'\n";
  const std::string header =
      kSource + kRequest + kItems + "[auth]\nstyle = 'header'\nname = 'X-Key'\ntoken = '{secret.key}'\n";
  const std::string bearer = kSource + kRequest + kItems + "[auth]\nstyle = 'bearer'\ntoken = '{secret.key}'\n";
  const std::map<std::string, std::string> params = {{"site", "a.example"}, {"topic", "x"}},
                                           secrets = {{"key", "canary-5521"}};
  const auto asked = [&](const std::string& text) { return (*open(text, params, secrets))->next({}, kNow)->value(); };

  EXPECT_EQ(asked(query).url, "https://a.example/t/x?key=canary-5521");
  EXPECT_THAT(asked(header).secret_headers, ElementsAre(testing::Pair("X-Key", "canary-5521")));
  EXPECT_THAT(asked(bearer).secret_headers, ElementsAre(testing::Pair("Authorization", "Bearer canary-5521")));
  EXPECT_THAT(asked(bearer).url, Not(HasSubstr("canary")));
  EXPECT_THAT(asked(bearer).headers, Not(testing::Contains(testing::Pair("Authorization", testing::_))));
  const auto source = open(query, params, secrets);
  for (const HttpReply& reply :
       {reply_with("no json canary-5521"), reply_with("{}", 401), reply_with("{\"posts\":\"canary-5521\"}")}) {
    const Result<Batch> batch = (*source)->read(reply, {}, kNow);
    ASSERT_FALSE(batch);
    EXPECT_THAT(batch.error().what, Not(HasSubstr("canary")));
  }
}

TEST(Definition, SendsNoAuthorizationWithoutAnOptionalSecret) {
  const auto source = open(kSource + kRequest + kItems + "[auth]\nstyle = 'bearer'\ntoken = '{secret.key}'\n",
                           {{"site", "a.example"}, {"topic", "x"}});

  EXPECT_THAT((*source)->next({}, kNow)->value().secret_headers, IsEmpty());
}

// Follows a source over prepared answers; the URLs it asked for.
std::vector<std::string> follow(const Source& source, const std::vector<std::string>& answers) {
  std::vector<std::string> urls;
  Cursor cursor;
  for (const std::string& answer : answers) {
    urls.push_back(source.next(cursor, kNow)->value().url);
    const Result<Batch> batch = source.read(reply_with(answer), cursor, kNow);
    if (!batch) {
      urls.push_back(batch.error().what);
      break;
    }
    cursor = batch->next;
    if (!batch->more) {
      urls.emplace_back("end");
      break;
    }
  }
  return urls;
}

TEST(Definition, PagesByTokenUntilThereIsNoneOrItRepeats) {
  const auto source = open(kSource + kRequest + kItems + "[page]\nstyle = 'token'\nin = 'query.after'\nat = 'next'\n",
                           {{"site", "a.example"}, {"topic", "x"}});

  EXPECT_THAT(follow(**source, {posts({1}, ",\"next\":\"t2\""), posts({2}, ",\"next\":null")}),
              ElementsAre("https://a.example/t/x", "https://a.example/t/x?after=t2", "end"));
  EXPECT_THAT(follow(**source, {posts({1}, ",\"next\":\"t2\""), posts({2}, ",\"next\":\"t2\"")}),
              ElementsAre("https://a.example/t/x", "https://a.example/t/x?after=t2", "end"));
}

TEST(Definition, PagesByOffsetUntilTheTotal) {
  const auto source =
      open(kSource + kRequest + kItems + "[page]\nstyle = 'offset'\nin = 'query.from'\nsize = 2\ntotal = 'count'\n",
           {{"site", "a.example"}, {"topic", "x"}});

  EXPECT_THAT(follow(**source, {posts({1, 2}, ",\"count\":3"), posts({3}, ",\"count\":3")}),
              ElementsAre("https://a.example/t/x?from=0", "https://a.example/t/x?from=2", "end"));
}

TEST(Definition, StopsAtAPageThatRepeatsTheOneBefore) {
  const auto source = open(kSource + kRequest + kItems + "[page]\nstyle = 'number'\nin = 'query.page'\nstart = 1\n",
                           {{"site", "a.example"}, {"topic", "x"}});

  EXPECT_THAT(follow(**source, {posts({1, 2}), posts({3}), posts({3}), posts({4})}),
              ElementsAre("https://a.example/t/x?page=1", "https://a.example/t/x?page=2",
                          "https://a.example/t/x?page=3", "end"));
}

TEST(Definition, StopsAtItsLastPageWhateverTheServerSays) {
  const auto source = open(kSource + kRequest + kItems + "[page]\nstyle = 'number'\nin = 'query.page'\nmax = 2\n",
                           {{"site", "a.example"}, {"topic", "x"}});

  EXPECT_THAT(follow(**source, {posts({1}), posts({2}), posts({3})}), ElementsAre(testing::_, testing::_, "end"));
}

TEST(Definition, TakesAListAnObjectNullAndNothingForItems) {
  const auto source = open(kSource + kRequest + kItems, {{"site", "a.example"}, {"topic", "x"}});
  const auto count = [&](const std::string& body) {
    return (*source)->read(reply_with(body), {}, kNow)->mentions.size();
  };

  EXPECT_EQ(count("{\"posts\":{\"id\":1,\"body\":\"b\"}}"), 1u);
  EXPECT_EQ(count("{\"posts\":null}"), 0u);
  EXPECT_EQ(count("{}"), 0u);
}

TEST(Definition, FollowsItsOwnRulesForErrors) {
  const std::string rules =
      "[[error]]\nstatus = [400]\nbody = \"code == 4\"\ndo = 'wait'\nwait = 'body:backoff'\n"
      "[[error]]\nbody = \"ok == false\"\ndo = 'suspend'\n"
      "[[error]]\nstatus = [418]\ndo = 'skip'\n";
  const auto source = open(kSource + kRequest + kItems + rules, {{"site", "a.example"}, {"topic", "x"}});
  const auto read = [&](const std::string& body, int status) {
    return (*source)->read(reply_with(body, status), {}, kNow);
  };

  EXPECT_EQ(read("{\"code\":4,\"backoff\":30}", 400).error().kind, ErrorKind::rate_limited);
  EXPECT_EQ(read("{\"code\":4,\"backoff\":30}", 400).error().retry_in, seconds(30));
  EXPECT_EQ(read("{\"code\":5}", 400).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(read("{\"ok\":false}", 200).error().kind, ErrorKind::denied);
  EXPECT_EQ(read("{\"ok\":false}", 503).error().kind, ErrorKind::transient);
  EXPECT_TRUE(read("", 418));
}

TEST(Definition, KeepsOnlyLinksThatLeadToTheWeb) {
  const std::string items = "[items]\nat = 'posts'\n[map]\nid = 'id'\ntext = 'body'\nurl = 'url'\n";
  const auto source = open(kSource + kRequest + items, {{"site", "a.example"}, {"topic", "x"}});

  const std::string body =
      R"j({"posts":[{"id":1,"body":"b","url":"javascript:alert(1)"},{"id":2,"body":"b","url":"https://a.example/2"}]})j";
  const Batch batch = *(*source)->read(reply_with(body), {}, kNow);

  ASSERT_EQ(batch.mentions.size(), 2u);
  EXPECT_EQ(batch.mentions[0].url, "");
  EXPECT_EQ(batch.mentions[1].url, "https://a.example/2");
}

TEST(Definition, MapsEveryFieldOfAMention) {
  const std::string all =
      "[items]\nat = ''\nwhere = \"kind == 'review'\"\n[map]\nid = 'id'\nauthor.id = 'by.id'\nauthor.name = "
      "'by.name'\nauthor.followers = 'by.fans'\n"
      "rating = 'stars | scale 1 5'\nlang = 'lang'\nupdated = 'edited | time epoch'\nlikes = 'up'\nreply.text = "
      "'answer.text'\nreply.created = 'answer.at'\n"
      "verified = 'bought'\nplace = '{topic}'\nversion = 'v'\n";
  const auto source = open(kSource + kRequest + all, {{"site", "a.example"}, {"topic", "paris"}});

  const Batch batch = *(*source)->read(
      reply_with(
          R"([{"kind":"other"},{"kind":"review","id":9007199254740993,"by":{"id":7,"name":" client-0042 ","fans":"12"},"stars":"4","lang":"fr",
                      "edited":1795219200,"up":-3,"answer":{"text":"Sorry","at":"2026-11-20"},"bought":true,"v":"1.2"}])"),
      {}, kNow);

  ASSERT_EQ(batch.mentions.size(), 1u) << (batch.rejected.empty() ? "" : batch.rejected[0].reason);
  EXPECT_EQ(
      to_json(batch.mentions[0]),
      R"({"source":"sub","id":"9007199254740993","kind":"post","author":{"id":"7","name":"client-0042","followers":12},"rating":{"value":4,"min":1,"max":5},)"
      R"("lang":"fr","updated":"2026-11-21T00:00:00Z","likes":-3,"reply":{"text":"Sorry","created":"2026-11-20T00:00:00Z"},"verified":true,"place":"paris","version":"1.2"})");
}

TEST(Definition, NamesTheFieldThatMadeAnItemUnreadable) {
  const std::string items = kItems + "likes = 'likes'\nrating = 'stars'\n";
  const auto source = open(kSource + kRequest + items, {{"site", "a.example"}, {"topic", "x"}});
  const auto reason = [&](const std::string& item) {
    return (*source)->read(reply_with("{\"posts\":[" + item + "]}"), {}, kNow)->rejected.at(0).reason;
  };

  EXPECT_EQ(reason(R"({"id":1,"body":{"a":1}})"), "text: expected text, found an object");
  EXPECT_EQ(reason(R"({"id":1,"body":"b","likes":"many"})"), "likes: expected a whole number, found \"many\"");
  EXPECT_EQ(reason(R"({"id":1,"body":"b","at":"yesterday-ish"})"), "created: expected a date, found \"yesterday-ish\"");
  EXPECT_EQ(reason(R"({"id":1,"body":"b","at":"30000-01-01T00:00:00Z"})"),
            "created: expected a date, found \"30000-01-01T00:00:00Z\"");
  EXPECT_EQ(reason(R"({"id":1,"body":"b","stars":4})"), "rating: expected a rating (| scale MIN MAX), found 4");
  EXPECT_EQ(reason(R"({"id":"","body":"b"})"), "id: expected text, found nothing");
  EXPECT_EQ(reason("5"), "item: expected an object, found a number");
}

TEST(Definitions, AreListedWithWhatTheyAskFor) {
  EXPECT_THAT(definition_ids(), testing::Contains("hackernews"));
  EXPECT_THAT(definition_needs("hackernews").params, ElementsAre("query"));
  EXPECT_THAT(definition_needs("hackernews").secrets, IsEmpty());
  EXPECT_EQ(definition_needs("googlebusiness").name, "Google Business Profile reviews");
  EXPECT_THAT(definition_needs("nosuch").params, IsEmpty());
}

}  // namespace
}  // namespace vigie
