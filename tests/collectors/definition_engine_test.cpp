// What the definition language promises, one definition of ours a test: logins, pages, marks, allowances, side tables,
// expansions, rechecks.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/text.h"
#include "base/url.h"
#include "collectors/definition_model.h"
#include "collectors/definition_position.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

const Time kNow = *parse_rfc3339("2026-11-21T12:00:00Z");

const std::string kHead =
    "[source]\nid = 'forum'\nname = 'Forum'\nkind = 'post'\nparams = { site = 'host', topic = 'text?' }\n"
    "secrets = ['client_id?', 'client_secret?', 'refresh_token?', 'password?']\n"
    "[request]\nurl = 'https://{site}/api/posts'\n";
const std::string kItems =
    "[items]\nat = 'posts'\n"
    "[map]\nid = 'id | string'\ntext = 'text'\ncreated = 'at | time epoch'\nupdated = 'edited | time epoch'\n";

HttpReply json_reply(std::string body, int status = 200, std::vector<Header> headers = {}) {
  HttpReply reply;
  reply.status = status;
  reply.headers = std::move(headers);
  reply.body = std::move(body);
  return reply;
}

// {"posts":[{"id":N,"text":"t","at":...}, ...], MORE}
std::string posts(const std::vector<int>& ids, const std::string& more = "") {
  json::Writer out;
  out.begin_object().key("posts").begin_array();
  for (const int id : ids) {
    out.begin_object().key("id").integer(id).member("text", concat("text ", std::to_string(id)));
    out.key("at").integer(to_epoch(kNow) - 100'000 + id).end_object();
  }
  out.end_array().end_object();
  std::string text = out.take();
  return more.empty() ? text : concat(text.substr(0, text.size() - 1), ",", more, "}");
}

std::string value_in(std::string_view pairs, std::string_view name) {
  for (const std::string_view pair : split(pairs, '&')) {
    if (pair.starts_with(name) && pair.substr(name.size(), 1) == "=")
      return url_decode(pair.substr(name.size() + 1), true);
  }
  return "";
}
std::string parameter(const HttpRequest& request, std::string_view name) {
  return value_in(split_url(request.url).query.value_or(""), name);
}
std::string secret_header(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.secret_headers) {
    if (iequals(key, name)) return value;
  }
  return "";
}

// A subscription and the server it asks; every page is asked by a source opened anew, as after a crash.
class Subscribed {
 public:
  using Server = std::function<HttpReply(const HttpRequest&)>;

  Subscribed(std::string text, Server server, std::map<std::string, std::string> params = {{"site", "forum.example"}},
             std::map<std::string, std::string> secrets = {})
      : text_(std::move(text)), server_(std::move(server)) {
    settings_.id = "sub";
    settings_.kind = "forum";
    settings_.params = std::move(params);
    settings_.secrets = std::move(secrets);
  }

  Result<OpenedSource> open() const {
    const config::Tree tree = config::Tree::parse(text_, "d.toml");
    const std::shared_ptr<const Definition> definition = read_definition(tree);
    for (const config::Problem& problem : tree.problems()) ADD_FAILURE() << problem.text();
    std::shared_ptr<const Definition> other;
    if (!child.empty()) {
      const config::Tree branch = config::Tree::parse(child, "child.toml");
      other = read_definition(branch);
      for (const config::Problem& problem : branch.problems()) ADD_FAILURE() << problem.text();
    }
    return open_definition(definition, settings_, other);
  }

  Result<Batch> step(Time now = kNow) {
    const Result<OpenedSource> source = open();
    if (!source) return fail(source.error());
    const Result<std::optional<HttpRequest>> request = source->http->next(cursor, now);
    if (!request) return fail(request.error());
    asked.push_back(**request);
    HttpReply reply = server_(**request);
    reply.url = (*request)->url;
    Result<Batch> batch = source->http->read(reply, cursor, now);
    if (!batch) return batch;
    cursor = batch->next;
    for (const Mention& mention : batch->mentions) ids.push_back(mention.id);
    return batch;
  }

  // One poll: pages until none waits. The last batch, or the error.
  Result<Batch> poll(Time now = kNow) {
    ids.clear();
    asked.clear();
    for (int page = 0; page < 50; ++page) {
      Result<Batch> batch = step(now);
      if (!batch || !batch->more) return batch;
    }
    return fail(ErrorKind::bug, "the run does not end");
  }

  Cursor cursor;
  std::vector<std::string> ids;
  std::vector<HttpRequest> asked;
  std::string child;

 private:
  std::string text_;
  Server server_;
  SourceSettings settings_;
};

std::vector<std::string> problems(const std::string& text) {
  const config::Tree tree = config::Tree::parse(text, "d.toml");
  read_definition(tree);
  std::vector<std::string> found;
  for (const config::Problem& problem : tree.problems()) found.push_back(problem.text());
  return found;
}

// --- logins ---

const std::string kClient = "[auth]\nstyle = 'oauth2'\nurl = 'https://login.example/token'\nscope = 'read'\n";
const std::map<std::string, std::string> kSite = {{"site", "forum.example"}};
const std::map<std::string, std::string> kSecrets = {{"client_id", "me"}, {"client_secret", "hush-hush"}};

bool is_login(const HttpRequest& request) { return request.url.starts_with("https://login.example/"); }

TEST(Login, ComesBeforeTheFirstPageAndServesThoseThatFollow) {
  Subscribed forum(
      kHead + kItems + kClient,
      [](const HttpRequest& request) {
        return json_reply(is_login(request) ? R"({"access_token":"tok-1","expires_in":3600})" : posts({1}));
      },
      kSite, kSecrets);

  ASSERT_TRUE(forum.poll());
  EXPECT_EQ(forum.asked.size(), 2u);
  EXPECT_EQ(secret_header(forum.asked[0], "Authorization"), "Basic bWU6aHVzaC1odXNo");
  EXPECT_EQ(value_in(forum.asked[0].body, "grant_type"), "client_credentials");
  EXPECT_EQ(value_in(forum.asked[0].body, "scope"), "read");
  EXPECT_EQ(secret_header(forum.asked[1], "Authorization"), "Bearer tok-1");
  EXPECT_THAT(forum.cursor.value, Not(HasSubstr("hush-hush")));

  ASSERT_TRUE(forum.poll(kNow + minutes(30)));
  EXPECT_EQ(forum.asked.size(), 1u) << "the token lives for an hour";
  ASSERT_TRUE(forum.poll(kNow + minutes(60)));
  EXPECT_EQ(forum.asked.size(), 2u);
}

TEST(Login, IsMadeOnceMoreWhenTheTokenIsRefusedAndThenAPersonIsAsked) {
  bool revoked = false, refuse_all = false;
  int logins = 0;
  Subscribed forum(
      kHead + kItems + kClient,
      [&](const HttpRequest& request) {
        if (is_login(request)) return json_reply(concat(R"({"access_token":"tok-)", std::to_string(++logins), "\"}"));
        const bool old = revoked && secret_header(request, "Authorization") == "Bearer tok-1";
        return old || refuse_all ? json_reply("{}", 401) : json_reply(posts({1}));
      },
      kSite, kSecrets);

  ASSERT_TRUE(forum.poll());
  revoked = true;
  ASSERT_TRUE(forum.poll());
  EXPECT_EQ(logins, 2);
  EXPECT_THAT(forum.ids, ElementsAre("1"));

  refuse_all = true;
  const Result<Batch> refused = forum.poll();
  ASSERT_FALSE(refused);
  EXPECT_EQ(logins, 3);
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  EXPECT_THAT(refused.error().what, HasSubstr("a token that it gave a moment ago"));
}

TEST(Login, SavesARotatedRefreshTokenBeforeItIsUsed) {
  std::vector<std::string> presented;
  Subscribed forum(kHead + kItems + kClient + "grant = 'refresh_token'\nclient = 'body'\n",
                   [&](const HttpRequest& request) {
                     if (!is_login(request)) return json_reply(posts({1}));
                     presented.push_back(value_in(request.body, "refresh_token"));
                     return json_reply(concat(R"({"access_token":"t","expires_in":"60","refresh_token":"r)",
                                              std::to_string(presented.size()), "\"}"));
                   },
                   kSite, {{"client_id", "me"}, {"client_secret", "hush-hush"}, {"refresh_token", "r0"}});

  const Result<Batch> login = forum.step();

  ASSERT_TRUE(login);
  EXPECT_TRUE(login->more) << "nothing but the bookmark is in it: it is saved, and the page is asked for next";
  EXPECT_THAT(login->next.value, HasSubstr("r1"));
  EXPECT_EQ(value_in(forum.asked[0].body, "client_secret"), "hush-hush");
  ASSERT_TRUE(forum.poll(kNow + hours(1)));
  EXPECT_THAT(presented, ElementsAre("r0", "r1"));
}

TEST(Login, TriesTheConfiguredRefreshTokenWhenTheRotatedOneIsRefused) {
  std::vector<std::string> presented;
  Subscribed forum(kHead + kItems + kClient + "grant = 'refresh_token'\n",
                   [&](const HttpRequest& request) {
                     if (!is_login(request)) return json_reply(posts({1}));
                     presented.push_back(value_in(request.body, "refresh_token"));
                     if (presented.back() == "r1") return json_reply(R"({"error":"invalid_grant"})", 400);
                     return json_reply(R"({"access_token":"t","expires_in":60,"refresh_token":"r1"})");
                   },
                   kSite, {{"client_id", "me"}, {"client_secret", "hush-hush"}, {"refresh_token", "r0"}});

  ASSERT_TRUE(forum.poll());
  ASSERT_TRUE(forum.poll(kNow + hours(1)));

  EXPECT_THAT(presented, ElementsAre("r0", "r1", "r0"));
}

TEST(Login, SaysWhichSecretsToCheckAndNeverTheirValue) {
  Subscribed forum(
      kHead + kItems + kClient,
      [](const HttpRequest&) { return json_reply(R"({"error":"bad secret hush-hush"})", 401); }, kSite, kSecrets);

  const Result<Batch> refused = forum.poll();

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  EXPECT_THAT(refused.error().what, AllOf(HasSubstr("login refused with status 401"), HasSubstr("client_secret"),
                                          Not(HasSubstr("hush-hush"))));
}

TEST(Login, OfASessionIsRenewedAndMadeAnewWhenTheRenewalIsRefused) {
  std::vector<std::string> calls;
  Subscribed forum(
      kHead + kItems +
          "[auth]\nstyle = 'session'\ntoken = 'jwt'\nrefresh_token = 'renew'\nexpires = 'life'\n"
          "login = { url = 'https://login.example/new', body = { user = '{topic}', password = '{secret.password}' } }\n"
          "renew = { url = 'https://login.example/again', header = { Authorization = 'Bearer {refresh_token}' } }\n",
      [&](const HttpRequest& request) {
        if (!is_login(request)) return json_reply(posts({1}));
        calls.push_back(concat(request.url.substr(22), " ", secret_header(request, "Authorization"), request.body));
        if (calls.size() == 3) return json_reply("{}", 400);
        return json_reply(R"({"jwt":"j","renew":"again","life":600})");
      },
      {{"site", "forum.example"}, {"topic", "me"}}, {{"password", "hush-hush"}});

  for (const int minute : {0, 20, 40}) ASSERT_TRUE(forum.poll(kNow + minutes(minute)));

  const std::string first = R"(new {"user":"me","password":"hush-hush"})";
  EXPECT_THAT(calls, ElementsAre(first, "again Bearer again", "again Bearer again", first));
}

TEST(Login, PutsItsTokenWhereTheDefinitionSays) {
  const auto serve = [](const HttpRequest& request) {
    return json_reply(is_login(request) ? R"({"access_token":"tok"})" : posts({1}));
  };
  Subscribed in_query(kHead + kItems + kClient + "in = 'query.utoken'\n", serve, kSite, kSecrets);
  Subscribed in_header(kHead + kItems + kClient + "in = 'header.X-Token'\n", serve, kSite, kSecrets);

  ASSERT_TRUE(in_query.poll());
  ASSERT_TRUE(in_header.poll());

  EXPECT_EQ(parameter(in_query.asked[1], "utoken"), "tok");
  EXPECT_EQ(secret_header(in_header.asked[1], "X-Token"), "tok");
}

TEST(Login, OfABasicKindNeedsNoToken) {
  Subscribed forum(kHead + kItems + "[auth]\nstyle = 'basic'\nuser = '{topic}/token'\npassword = '{secret.password}'\n",
                   [](const HttpRequest&) { return json_reply(posts({1})); },
                   {{"site", "forum.example"}, {"topic", "me"}}, {{"password", "hush-hush"}});

  ASSERT_TRUE(forum.poll());

  EXPECT_EQ(secret_header(forum.asked[0], "Authorization"), "Basic bWUvdG9rZW46aHVzaC1odXNo");
}

TEST(Login, WithAKeyThatIsNoneNamesTheKeyAndNotItsText) {
  Subscribed forum(kHead + kItems +
                       "[auth]\nstyle = 'jwt'\nalg = 'ES256'\nkey = '{secret.password}'\nheader = { kid = 'k' }\n"
                       "claims = { iss = 'me', ttl = '10m' }\n",
                   [](const HttpRequest&) { return json_reply(posts({1})); }, kSite, {{"password", "hush-hush"}});

  const Result<Batch> refused = forum.poll();

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::bad_config);
  EXPECT_THAT(refused.error().what,
              AllOf(HasSubstr("auth.key: expected a private key in PEM for ES256"), Not(HasSubstr("hush-hush"))));
}

// --- pages ---

TEST(Page, FollowsALinkOnTheHostThatWasAskedAndWithoutTheKey) {
  Subscribed forum(
      kHead + kItems + "[page]\nstyle = 'link'\n[auth]\nstyle = 'query'\nname = 'key'\ntoken = '{secret.password}'\n",
      [](const HttpRequest& request) {
        if (!parameter(request, "after").empty()) return json_reply(posts({2}));
        return json_reply(posts({1}), 200,
                          {{"Link",
                            "<https://evil.example/first>; rel=\"first\", "
                            "<http://evil.example/api/posts?after=1&key=hush-hush&also=hush-hush>; rel=\"next\""}});
      },
      kSite, {{"password", "hush-hush"}});

  const Result<Batch> first = forum.step();
  ASSERT_TRUE(first);
  EXPECT_THAT(forum.cursor.value, Not(HasSubstr("hush-hush")));
  ASSERT_TRUE(forum.step());

  EXPECT_EQ(forum.asked[1].url, "https://forum.example/api/posts?after=1&key=hush-hush");
  EXPECT_THAT(forum.ids, ElementsAre("1", "2"));
}

TEST(Page, FollowsAnAddressInTheAnswerPastAnEmptyPage) {
  Subscribed forum(kHead + kItems + "[page]\nstyle = 'next_url'\nat = 'next'\n", [](const HttpRequest& request) {
    const std::string page = parameter(request, "p");
    if (page.empty()) return json_reply(posts({1}, R"("next":"/api/posts?p=2")"));
    if (page == "2") return json_reply(posts({}, R"("next":"/api/posts?p=3")"));
    return json_reply(posts({3}, R"("next":null)"));
  });

  ASSERT_TRUE(forum.poll());

  EXPECT_THAT(forum.ids, ElementsAre("1", "3"));
}

TEST(Page, EndsWhereAListingLeadsRoundInACircle) {
  Subscribed forum(kHead + kItems + "[page]\nstyle = 'token'\nat = 'next'\nin = 'query.c'\n",
                   [](const HttpRequest& request) {
                     const std::string at = parameter(request, "c");
                     const std::string next = at == "a" ? "b" : at == "b" ? "c" : "a";
                     return json_reply(posts({at.empty() ? 1 : at[0]}, concat("\"next\":\"", next, "\"")));
                   });

  ASSERT_TRUE(forum.poll());

  EXPECT_EQ(forum.asked.size(), 4u);
}

TEST(Page, WalksByTheLastId) {
  Subscribed forum(kHead + kItems + "[page]\nstyle = 'last_id'\nat = 'posts[-1].id'\nin = 'query.before'\n",
                   [](const HttpRequest& request) {
                     const std::string before = parameter(request, "before");
                     return json_reply(before.empty() ? posts({9, 8}) : before == "8" ? posts({7}) : posts({}));
                   });

  ASSERT_TRUE(forum.poll());

  EXPECT_THAT(forum.ids, ElementsAre("9", "8", "7"));
  EXPECT_EQ(forum.asked.size(), 3u);
}

TEST(Page, GoesInABodyOfJson) {
  Subscribed forum(
      "[source]\nid = 'forum'\nname = 'F'\nkind = 'post'\nparams = { site = 'host' }\n"
      "[request]\nmethod = 'POST'\nurl = 'https://{site}/graphql'\n"
      "body = { query = 'query {{ posts(first: 2) }}', variables = { after = '{cursor}', first = 2, deep = [true] } }\n"
      "[page]\nstyle = 'token'\nin = 'body.variables.after'\nat = 'next'\n" +
          kItems,
      [](const HttpRequest& request) {
        const bool first = request.body.find("after") == std::string::npos;
        return json_reply(first ? posts({1}, R"("next":"n\"1")") : posts({2}));
      });

  ASSERT_TRUE(forum.poll());

  EXPECT_EQ(forum.asked[0].body, R"({"query":"query { posts(first: 2) }","variables":{"first":2,"deep":[true]}})");
  EXPECT_THAT(forum.asked[1].body, HasSubstr(R"("after":"n\"1")"));
  EXPECT_THAT(forum.asked[1].headers, Contains(Pair("Content-Type", "application/json")));
}

// More is there than one run may read: the next poll goes on where this one stopped.
TEST(Page, GoesOnAtTheNextPollWhereTheLastOneHadToStop) {
  int newest = 3;
  Subscribed forum(kHead + kItems +
                       "[page]\nstyle = 'last_id'\nat = 'posts[-1].id'\nin = 'query.before'\nmax = 2\n"
                       "[since]\nstyle = 'stop_at_known'\nknown = 1\n",
                   [&](const HttpRequest& request) {
                     const std::string before = parameter(request, "before");
                     const int from = before.empty() ? newest : std::stoi(before) - 1;
                     return json_reply(from > 0 ? posts({from}) : posts({}));
                   });
  ASSERT_TRUE(forum.poll());
  newest = 9;

  const Result<Batch> second = forum.poll();
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->behind);
  EXPECT_THAT(forum.ids, ElementsAre("9", "8"));
  std::vector<std::string> all;
  for (int poll = 0; poll < 3; ++poll) {
    ASSERT_TRUE(forum.poll());
    all.insert(all.end(), forum.ids.begin(), forum.ids.end());
  }
  EXPECT_THAT(all, testing::IsSupersetOf({"7", "6", "5", "4"}));
}

TEST(Page, TriesAnotherSpellingOnceWhenTheFirstIsEmpty) {
  Subscribed forum(
      "[source]\nid = 'forum'\nname = 'F'\nkind = 'post'\nparams = { site = 'host' }\n"
      "[request]\nurl = 'https://{site}/a'\nalternate = ['https://{site}/b']\n" +
          kItems,
      [](const HttpRequest& request) { return json_reply(request.url.ends_with("/b") ? posts({1}) : posts({})); });

  ASSERT_TRUE(forum.poll());

  EXPECT_EQ(forum.asked.size(), 2u);
  EXPECT_THAT(forum.ids, ElementsAre("1"));
}

// --- marks ---

TEST(Mark, ByIdComparesAsTheNetworkCountsThem) {
  using Compare = Definition::Since::Compare;

  EXPECT_TRUE(definition::id_before(Compare::length_then_bytes, "999", "1000"));
  EXPECT_FALSE(definition::id_before(Compare::bytes, "999", "1000"));
  EXPECT_TRUE(definition::id_before(Compare::number, "0099", "100"));
  EXPECT_TRUE(definition::id_before(Compare::number, "9007199254740993", "9007199254740994"));
  EXPECT_FALSE(definition::id_before(Compare::number, "5", "5"));
}

TEST(Mark, ByIdAsksForWhatIsNewerThanTheLargestSeen) {
  std::vector<int> there = {998, 999};
  Subscribed forum(kHead +
                       "[page]\nstyle = 'link'\nrel = 'prev'\n[since]\nstyle = 'server_id'\nin = 'query.min_id'\nfirst "
                       "= 'latest 40'\n" +
                       kItems,
                   [&](const HttpRequest& request) {
                     const std::string min = parameter(request, "min_id");
                     std::vector<int> newer;
                     for (const int id : there) {
                       if (min.empty() || id > std::stoi(min)) newer.push_back(id);
                     }
                     if (!min.empty() && newer.size() > 1) newer.resize(1);  // a page is one item long
                     if (newer.empty()) return json_reply(posts({}));
                     return json_reply(
                         posts(newer), 200,
                         {{"Link", concat("</api/posts?min_id=", std::to_string(newer.back()), ">; rel=\"prev\"")}});
                   });

  const Result<Batch> first = forum.poll();
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->history);
  EXPECT_EQ(forum.asked.size(), 1u) << "the first run is one page";
  there.insert(there.end(), {1000, 1001, 1002});
  const Result<Batch> second = forum.poll();

  ASSERT_TRUE(second);
  EXPECT_FALSE(second->history);
  EXPECT_EQ(parameter(forum.asked[0], "min_id"), "999");
  EXPECT_THAT(forum.ids, ElementsAre("1000", "1001", "1002"));
}

TEST(Mark, StopsAfterKnownItemsInARowAndNotAtOneThatIsPinned) {
  std::vector<int> shown = {1, 30, 29, 28, 27, 26, 25, 24, 23};  // the first one is pinned
  Subscribed forum(
      kHead + kItems + "[page]\nstyle = 'number'\nin = 'query.p'\n[since]\nstyle = 'stop_at_known'\nknown = 2\n",
      [&](const HttpRequest& request) {
        const auto page = std::stoul(parameter(request, "p"));
        const std::size_t from = std::min(3 * page, shown.size()), to = std::min(from + 3, shown.size());
        return json_reply(posts({shown.begin() + static_cast<long>(from), shown.begin() + static_cast<long>(to)}));
      });
  ASSERT_TRUE(forum.poll());
  EXPECT_EQ(forum.ids.size(), 9u);
  shown.insert(shown.begin() + 1, {33, 32, 31});

  ASSERT_TRUE(forum.poll());

  EXPECT_THAT(forum.ids, ElementsAre("1", "33", "32", "31", "30", "29"));
}

TEST(Mark, TakesAnItemThatWasEditedForNew) {
  std::string body = posts({3, 2, 1});
  Subscribed forum(kHead + kItems + "[since]\nstyle = 'stop_at_known'\nknown = 1\n",
                   [&](const HttpRequest&) { return json_reply(body); });
  ASSERT_TRUE(forum.poll());
  body.replace(body.find("text 3"), 6, "edited");

  const Result<Batch> second = forum.poll();

  ASSERT_TRUE(second);
  EXPECT_EQ(second->mentions[0].text, "edited");
}

TEST(Mark, OfATokenGoesOnWhereTheServerSaid) {
  Subscribed bot(
      kHead + kItems +
          "[page]\nstyle = 'token'\nat = 'posts[-1].id | add 1'\nin = 'query.offset'\n[since]\nstyle = 'token'\n",
      [](const HttpRequest& request) {
        const std::string offset = parameter(request, "offset");
        return json_reply(offset.empty() ? posts({7, 8}) : offset == "9" ? posts({}) : posts({99}));
      });

  ASSERT_TRUE(bot.poll());
  EXPECT_THAT(bot.ids, ElementsAre("7", "8"));
  ASSERT_TRUE(bot.poll());

  EXPECT_EQ(parameter(bot.asked[0], "offset"), "9");
  EXPECT_EQ(bot.asked.size(), 1u);
}

TEST(Mark, OfATokenNeedsAPlaceInTheRequest) {
  EXPECT_THAT(problems(kHead + "[since]\nstyle = 'token'\nat = 'after'\n" + kItems),
              Contains(HasSubstr("since.in: expected \"query.NAME\" here or {since} in the request")));
}

TEST(Mark, OfATokenStartsFromATimeAndEndsWhereTheServerSays) {
  Subscribed desk(
      "[source]\nid = 'desk'\nname = 'D'\nkind = 'ticket'\nparams = { site = 'host' }\n"
      "[request]\nurl = 'https://{site}/t'\nquery = { start = '{first}', cursor = '{since}' }\n"
      "[page]\nmore = 'not end'\n[since]\nstyle = 'token'\nat = 'after'\nfirst = '1d'\n" +
          kItems,
      [](const HttpRequest&) { return json_reply(posts({1}, R"("after":"a1","end":true)")); });
  ASSERT_TRUE(desk.poll());
  EXPECT_EQ(parameter(desk.asked[0], "start"), std::to_string(to_epoch(kNow - kDay)));
  ASSERT_TRUE(desk.poll());

  EXPECT_EQ(parameter(desk.asked[0], "start"), "");
  EXPECT_EQ(parameter(desk.asked[0], "cursor"), "a1");
}

TEST(Mark, OfATimeFollowsTheLastChange) {
  Subscribed forum(
      kHead + kItems + "[since]\nstyle = 'server_time'\nin = 'query.since'\nformat = '%Y%m%d%H%M%S'\noverlap = '1m'\n",
      [](const HttpRequest&) {
        return json_reply(R"({"posts":[{"id":1,"text":"x","at":1795219200,"edited":1795250000}]})");
      });

  ASSERT_TRUE(forum.poll());
  ASSERT_TRUE(forum.poll());

  EXPECT_EQ(parameter(forum.asked[0], "since"), "20261121083220");  // 1795250000 less a minute
}

TEST(Mark, IsKeptForEachElementOfAList) {
  Subscribed stores(
      "[source]\nid = 'stores'\nname = 'S'\nkind = 'review'\nparams = { site = 'host', country = 'list' }\neach = "
      "'country'\n"
      "[request]\nurl = 'https://{site}/{country}/posts'\n[since]\nstyle = 'stop_at_known'\nknown = 1\n" +
          kItems + "place = '{country}'\n",
      [](const HttpRequest& request) {
        return json_reply(posts({request.url.find("/fr/") != std::string::npos ? 1 : 2}));
      },
      {{"site", "forum.example"}, {"country", "fr, be"}});

  const Result<Batch> first = stores.step();
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->more);
  EXPECT_EQ(first->mentions[0].place, "fr");
  const Result<Batch> second = stores.step();

  ASSERT_TRUE(second);
  EXPECT_FALSE(second->more);
  EXPECT_EQ(second->mentions[0].place, "be");
  EXPECT_TRUE(second->history);
}

// --- allowances and refusals ---

std::optional<Duration> rest_of(const std::string& limits, const std::vector<Header>& headers,
                                const std::string& body = "") {
  Subscribed forum(kHead + kItems + "[limits]\n" + limits,
                   [&](const HttpRequest&) { return json_reply(body.empty() ? posts({1}) : body, 200, headers); });
  const Result<Batch> batch = forum.poll();
  return batch ? batch->rest : std::nullopt;
}

TEST(Allowance, IsReadInEveryFormInUse) {
  const std::string limits = "remaining = 'header:x-left'\nreset = 'header:x-reset'\nreset_as = ";
  const auto used_up = [&](const std::string& as, const std::string& reset) {
    return rest_of(limits + "'" + as + "'\n", {{"X-Left", "0"}, {"X-Reset", reset}});
  };

  EXPECT_EQ(used_up("iso", "2026-11-21T12:05:00Z"), minutes(5));
  EXPECT_EQ(used_up("epoch", std::to_string(to_epoch(kNow) + 30)), seconds(30));
  EXPECT_EQ(used_up("seconds", "42.0"), seconds(42));
  EXPECT_EQ(used_up("minutes", "2"), minutes(2));
  EXPECT_EQ(used_up("seconds", "soon"), minutes(1)) << "what cannot be read is a minute";
  EXPECT_EQ(rest_of(limits + "'seconds'\n", {{"X-Left", "1"}, {"X-Reset", "42"}}), std::nullopt);
  EXPECT_EQ(rest_of("remaining = 'header:x-rate[rem]'\n", {{"X-Rate", "lim:3600;rem:0;"}}), minutes(1));
  EXPECT_EQ(rest_of("wait = 'body:backoff'\n", {}, posts({1}, "\"backoff\":10")), seconds(10));
}

TEST(Refusal, IsReadAsTheDefinitionSays) {
  const auto told = [](const std::string& rule, HttpReply reply) {
    Subscribed forum(kHead + kItems + "[[error]]\n" + rule, [=](const HttpRequest&) { return reply; });
    const Result<Batch> batch = forum.poll();
    return batch ? Error{ErrorKind::bug, "no error"} : batch.error();
  };

  EXPECT_EQ(
      told("body = \"#text contains 'limit'\"\ndo = 'wait'\nwait = '5s'\n", json_reply("limit requests!")).retry_in,
      seconds(5));
  EXPECT_EQ(told("status = [429]\ndo = 'wait'\nwait = 'body:ms'\nwait_as = 'ms'\n", json_reply("{\"ms\":1500}", 429))
                .retry_in,
            milliseconds(1500));
  EXPECT_EQ(
      told("status = [403]\ndo = 'wait'\nwait = 'midnight America/Los_Angeles'\n", json_reply("{}", 403)).retry_in,
      hours(20));  // noon UTC is 4 a.m. there
  EXPECT_EQ(
      told("header = 'x-blocked: captcha'\ndo = 'suspend'\n", json_reply("{}", 200, {{"X-Blocked", "a captcha"}})).kind,
      ErrorKind::denied);
  EXPECT_EQ(told("status = [403]\ndo = 'retry'\n", json_reply("<html>", 403)).kind, ErrorKind::transient);
}

TEST(Refusal, OfAPlaceStartsTheListingAnew) {
  int asked = 0;
  Subscribed forum(kHead + kItems +
                       "[page]\nstyle = 'token'\nat = 'next'\nin = 'query.c'\n[since]\nstyle = 'token'\n"
                       "[[error]]\nstatus = [400]\ndo = 'reset_cursor'\n",
                   [&](const HttpRequest& request) {
                     ++asked;
                     if (parameter(request, "c") == "stale") return json_reply("{}", 400);
                     return json_reply(posts({asked}, asked == 1 ? R"("next":"stale")" : ""));
                   });

  const Result<Batch> first = forum.poll();
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->more) << "not at once: a server that always says so would be asked for ever";
  ASSERT_TRUE(forum.poll());

  EXPECT_THAT(forum.ids, ElementsAre("3"));
}

TEST(Refusal, WithEscapesThatJsonDoesNotKnowIsReadAllTheSame) {
  Subscribed forum(kHead + kItems, [](const HttpRequest&) {
    return json_reply(R"({"posts":[{"id":1,"text":"l\'eau \_ \n \u00e9","at":1795250000}]})");
  });

  const Result<Batch> batch = forum.poll();

  ASSERT_TRUE(batch) << batch.error().what;
  EXPECT_EQ(batch->mentions[0].text, "l'eau _ \n \u00e9");
}

// --- items ---

TEST(Items, TakeWhatStandsInSideTables) {
  Subscribed forum(kHead +
                       "[items]\nat = 'posts'\n[items.join]\nuser = { from = 'users', key = 'id', on = 'author' }\n"
                       "[map]\nid = 'id | string'\ntext = 'text'\nauthor.name = 'user.name'\nauthor.handle = "
                       "\"\\\"@{user.nick | lower}\\\"\"\n",
                   [](const HttpRequest&) {
                     return json_reply(R"({"posts":[{"id":1,"text":"a","author":7},{"id":2,"text":"b","author":8}],)"
                                       R"("users":[{"id":"7","name":"client-0042","nick":"C42"}]})");
                   });

  const Result<Batch> batch = forum.poll();

  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->mentions[0].author.name, "client-0042");
  EXPECT_EQ(batch->mentions[0].author.handle, "@c42");
  EXPECT_EQ(batch->mentions[1].author.name, "");
}

TEST(Items, ThatSayTheyWereDeletedAreGone) {
  Subscribed forum(kHead +
                       "[items]\nat = 'posts'\ngone = 'deleted > 0'\nwhere = \"from != '{topic}'\"\n[map]\nid = 'id | "
                       "string'\ntext = 'text'\n",
                   [](const HttpRequest&) {
                     return json_reply(R"({"posts":[{"id":1,"deleted":5},{"id":2,"text":"b","deleted":0},)"
                                       R"({"id":3,"text":"our own","from":"brand"}]})");
                   },
                   {{"site", "forum.example"}, {"topic", "brand"}});

  const Result<Batch> batch = forum.poll();

  ASSERT_TRUE(batch);
  EXPECT_THAT(batch->gone, ElementsAre("1"));
  EXPECT_THAT(forum.ids, ElementsAre("2"));
}

TEST(Items, OfAuthorsWhoWantNotToBeKeptAreCountedAndNotStored) {
  Subscribed forum(kHead + kItems + "[terms]\nskip = \"text contains '2'\"\n", [](const HttpRequest&) {
    return json_reply(posts({1, 2}));
  });

  const Result<Batch> batch = forum.poll();

  ASSERT_TRUE(batch);
  EXPECT_TRUE(batch->mentions[0].keep_text);
  EXPECT_FALSE(batch->mentions[1].keep_text);
}

TEST(Items, KeepIdsThatADoubleCannotHold) {
  Subscribed forum(kHead + "[items]\nat = 'posts'\n[map]\nid = 'id | string'\ntext = 'text'\n", [](const HttpRequest&) {
    return json_reply(R"({"posts":[{"id":9007199254740993,"text":"a"},{"id":9007199254740993.5,"text":"b"},)"
                      R"({"id":184467440737095516159,"text":"c"}]})");
  });

  ASSERT_TRUE(forum.poll());

  EXPECT_THAT(forum.ids, ElementsAre("9007199254740993", "9007199254740993.5", "184467440737095516159"));
}

TEST(Items, WithAnUnknownValueArePutAsideAlone) {
  Subscribed forum(
      kHead + "[items]\nat = 'posts'\n[map]\nid = 'id | string'\nrating = 'stars | enum {ONE=1, TWO=2} | scale 1 5'\n",
      [](const HttpRequest&) {
        return json_reply(R"({"posts":[{"id":1,"stars":"ONE"},{"id":2,"stars":"MANY"},{"id":3,"stars":"TWO"}]})");
      });

  const Result<Batch> batch = forum.poll();

  ASSERT_TRUE(batch);
  EXPECT_THAT(forum.ids, ElementsAre("1", "3"));
  ASSERT_EQ(batch->rejected.size(), 1u);
  EXPECT_EQ(batch->rejected[0].reason, "rating: expected one of ONE, TWO, found \"MANY\"");
}

TEST(Refusal, NeedsNoJsonAndNoHeader) {
  const auto told = [](int status, std::string body) {
    Subscribed forum(kHead + kItems, [=](const HttpRequest&) { return json_reply(body, status); });
    const Result<Batch> batch = forum.poll();
    return batch ? Error{ErrorKind::bug, "no error"} : batch.error();
  };

  EXPECT_EQ(told(403, "<html>Forbidden</html>").kind, ErrorKind::denied);
  EXPECT_EQ(told(429, "<html>Slow down</html>").kind, ErrorKind::rate_limited);
  EXPECT_EQ(told(429, "").retry_in, std::nullopt) << "how long is the loop's to choose";
  EXPECT_EQ(told(200, "<html>Log in</html>").kind, ErrorKind::bad_data);
}

TEST(Clock, ThatIsDaysWrongLosesNothing) {
  std::vector<int> there = {1};  // created on the day before kNow
  const std::string definition =
      kHead + kItems + "[since]\nstyle = 'server_time'\nin = 'query.since'\noverlap = '15m'\n";
  const auto serve = [&](const HttpRequest& request) {
    std::vector<int> newer;
    for (const int id : there) {
      if (to_epoch(kNow) - 100'000 + id >= std::stoll(parameter(request, "since"))) newer.push_back(id);
    }
    return json_reply(posts(newer));
  };
  Subscribed ahead(definition, serve), behind(definition, serve);

  ASSERT_TRUE(ahead.poll(kNow + 3 * kDay));
  ASSERT_TRUE(behind.poll(kNow - 3 * kDay));
  there.push_back(50'000);
  ASSERT_TRUE(ahead.poll(kNow + 3 * kDay + hours(1)));
  EXPECT_THAT(ahead.ids, Contains("50000"));
  ASSERT_TRUE(behind.poll(kNow - 3 * kDay + hours(1)));
  EXPECT_THAT(behind.ids, Contains("50000")) << "what claims to come from the future moves no bookmark";
}

// --- expansions ---

TEST(Expansion, ReadsEachBranchToItsEndAndThenGoesOn) {
  Subscribed videos(kHead + kItems +
                        "[page]\nstyle = 'token'\nat = 'next'\nin = 'query.c'\n"
                        "[expand]\nsource = 'comments'\neach = 'posts'\nparams = { video = 'id' }\n",
                    [](const HttpRequest& request) {
                      const std::string video = parameter(request, "video"), page = parameter(request, "c");
                      if (video == "2") return json_reply("{}", 404);
                      if (!video.empty())
                        return json_reply(page.empty() ? posts({100 + std::stoi(video)}, R"("next":"p2")")
                                                       : posts({200 + std::stoi(video)}));
                      return json_reply(page.empty() ? posts({1, 2}, R"("next":"p2")") : posts({3}));
                    });
  videos.child =
      "[source]\nid = 'comments'\nname = 'C'\nkind = 'comment'\nparams = { site = 'host', video = 'id' }\n"
      "[request]\nurl = 'https://{site}/api/comments'\nquery = { video = '{video}' }\n"
      "[page]\nstyle = 'token'\nat = 'next'\nin = 'query.c'\n[[error]]\nstatus = [404]\ndo = 'gone'\n" +
      kItems;

  const Result<Batch> last = videos.poll();

  ASSERT_TRUE(last) << last.error().what;
  EXPECT_THAT(videos.ids, ElementsAre("1", "2", "101", "201", "3", "103", "203"));
  EXPECT_EQ(last->mentions[0].thread, "3");
  EXPECT_TRUE(last->history);
}

// --- rechecks ---

const std::string kRecheck =
    "[recheck]\nurl = 'https://{site}/api/by_id?{native_ids|repeat id[]}'\nbatch = 3\nid = 'id'\nafter = ['1d', "
    "'1h']\n";

TEST(LookingAgain, TellsTheGoneFromTheEditedAndTheUnread) {
  Subscribed forum(kHead + kItems + kRecheck + "gone = \"missing or text == '[deleted]'\"\n",
                   [](const HttpRequest&) { return json_reply(""); });
  const Result<OpenedSource> source = forum.open();
  ASSERT_TRUE(source);
  const std::vector<KnownMention> known = {{"1", ""}, {"2", ""}, {"3", ""}};
  EXPECT_THAT(source->recheck->ages(), ElementsAre(hours(1), kDay));
  EXPECT_EQ(source->recheck->at_once(), 3u);
  EXPECT_EQ((*source->recheck->ask(known, {}, kNow))->url, "https://forum.example/api/by_id?id[]=1&id[]=2&id[]=3");

  const Result<Batch> read = source->recheck->read(
      json_reply(
          R"({"posts":[{"id":1,"text":"edited","at":1795250000},{"id":3,"text":"[deleted]"},{"id":77,"text":"else"}]})"),
      known, {}, kNow);

  ASSERT_TRUE(read);
  EXPECT_THAT(read->gone, ElementsAre("3", "2"));
  ASSERT_EQ(read->mentions.size(), 1u);
  EXPECT_EQ(read->mentions[0].text, "edited");
}

TEST(LookingAgain, GoesThroughAllAsOftenAsItsDefinitionSays) {
  Subscribed once(kHead + kItems + kRecheck, [](const HttpRequest&) { return json_reply(""); });
  Subscribed always(kHead + kItems + kRecheck + "every = '18h'\n[terms]\ndelete_within = '24h'\n",
                    [](const HttpRequest&) { return json_reply(""); });

  EXPECT_FALSE(once.open()->recheck->every());
  EXPECT_EQ(always.open()->recheck->every(), hours(18));
}

TEST(LookingAgain, LeavesTimeForItsDutyToDelete) {
  const auto refused = [](const std::string& rest) { return problems(kHead + kItems + kRecheck + rest); };

  EXPECT_THAT(refused("every = '59m'\n"), Contains(HasSubstr("recheck.every: expected at least 1h")));
  EXPECT_THAT(refused("every = '19h'\n[terms]\ndelete_within = '24h'\n"),
              Contains(HasSubstr("terms.delete_within: expected at least four thirds of recheck.every")));
  EXPECT_THAT(refused("every = '19h'\n[terms]\ndelete_within = '26h'\n"), IsEmpty());
  EXPECT_THAT(problems(kHead + kItems + "[recheck]\nurl = 'https://{site}/{id}'\nafter = ['0s']\n"),
              Contains(HasSubstr("recheck.after[0]: expected more than 0s")));
}

TEST(LookingAgain, TakesNoRefusalForADeletion) {
  Subscribed forum(kHead + kItems + kRecheck + "[[error]]\nbody = 'ok == false'\ndo = 'fail'\n",
                   [](const HttpRequest&) { return json_reply(""); });
  const Result<OpenedSource> source = forum.open();
  ASSERT_TRUE(source);
  const std::vector<KnownMention> known = {{"1", ""}, {"2", ""}};

  for (const HttpReply& reply :
       {json_reply("{}", 500), json_reply("<html>log in</html>"), json_reply(R"({"ok":false})"), json_reply("{}", 403)})
    EXPECT_FALSE(source->recheck->read(reply, known, {}, kNow)) << reply.body;
}

TEST(LookingAgain, WaitsForThePollThatRenewsTheToken) {
  Subscribed forum(
      kHead + kItems + kRecheck + kClient, [](const HttpRequest&) { return json_reply(""); }, kSite, kSecrets);
  const Result<OpenedSource> source = forum.open();
  ASSERT_TRUE(source);

  const Result<Batch> read = source->recheck->read(json_reply("{}", 401), {{"1", ""}}, {}, kNow);

  EXPECT_FALSE(*source->recheck->ask({{"1", ""}}, {}, kNow)) << "nobody has logged in yet";
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::transient);
  EXPECT_EQ(read.error().retry_in, minutes(1));
}

TEST(LookingAgain, AsksOneByOneWhereTheNetworkAnswersSo) {
  Subscribed forum(
      kHead + kItems +
          "[recheck]\nurl = 'https://{site}/item/{id}.json'\nafter = ['1d']\ngone = 'status or null or deleted'\n",
      [](const HttpRequest&) { return json_reply(""); });
  const Result<OpenedSource> source = forum.open();
  ASSERT_TRUE(source);
  const std::vector<KnownMention> known = {{"a/b", ""}};
  const auto gone = [&](const HttpReply& reply) { return (*source->recheck->read(reply, known, {}, kNow)).gone; };

  EXPECT_EQ((*source->recheck->ask(known, {}, kNow))->url, "https://forum.example/item/a%2Fb.json");
  EXPECT_THAT(gone(json_reply("null")), ElementsAre("a/b"));
  EXPECT_THAT(gone(json_reply("{}", 404)), ElementsAre("a/b"));
  EXPECT_THAT(gone(json_reply(R"({"id":"a/b","deleted":true})")), ElementsAre("a/b"));
  EXPECT_THAT(gone(json_reply(R"({"id":"a/b","text":"there"})")), IsEmpty());
}

}  // namespace
}  // namespace vigie
