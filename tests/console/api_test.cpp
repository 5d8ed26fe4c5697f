#include "console/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/embedded.h"
#include "base/json.h"
#include "base/text.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::HasSubstr;

const Time kNow = parse_rfc3339("2026-11-21T12:00:00Z").value();

class ApiTest : public testing::Test {
 protected:
  ApiTest() : clock_(kNow), store_(open().value()) { settings_.brands = {{"acme", "Acme", "Acme", "fr"}}; }

  Result<std::unique_ptr<Store>> open() { return open_sqlite_store("sqlite:" + folder_.file("console.db")); }

  ServerReply ask(std::string method, std::string path, std::vector<Header> query = {}) {
    ServerRequest request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.query = std::move(query);
    request.headers = {{"Host", "127.0.0.1:8081"}, {"Origin", "http://127.0.0.1:8081"}};
    if (!cookie_.empty()) request.headers.emplace_back("Cookie", cookie_);
    if (request.path == "/login") {
      request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
      request.body = concat("token=", token());
    }
    return make_console({settings_, [this] { return open(); }, clock_, metrics_, [] { return std::string(); }})(request);
  }

  void enter() {
    for (const auto& [name, value] : ask("POST", "/login").headers) {
      if (name == "Set-Cookie") cookie_ = value.substr(0, value.find(';'));
    }
  }

  void incident(const std::string& id, const std::string& brand, IncidentState state) {
    Incident one;
    one.id = id;
    one.brand = brand;
    one.state = state;
    one.severity = 4;
    one.opened = one.updated = kNow;
    one.evidence.brand = brand;
    one.evidence.since = kNow - hours(1);
    one.evidence.observed = 24;
    one.evidence.expected = 7;
    one.themes = {"delivery"};
    WatchCommit commit;
    commit.incidents.push_back(one);
    commit.transitions.emplace_back(id, Transition{1, kNow, "raise", IncidentState::pending, state, "detector", ""});
    ASSERT_TRUE(store_->commit_watch(commit));
  }

 private:
  std::string token() {
    const std::string link = make_login_link(settings_, *store_, clock_).value();
    return link.substr(link.find("token=") + 6);
  }

  test::TempDir folder_;
  Settings settings_;
  ManualClock clock_;
  Metrics metrics_;
  std::string cookie_;

 protected:
  std::unique_ptr<Store> store_;
};

TEST(ApiDescription, TellsOfEveryRouteAndOfNoOther) {
  const auto text = embedded("console/assets/openapi.json");
  ASSERT_TRUE(text);
  const auto document = json::parse(*text);
  ASSERT_TRUE(document) << document.error().what;
  const json::Value paths = document->root().object("paths").value();
  std::set<std::string> told, served;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    for (std::size_t j = 0; j < paths[i].size(); ++j)
      told.insert(concat(ascii_lower(paths[i].key_at(j)), " ", paths.key_at(i)));
  }

  for (const ApiRoute& route : api_routes()) served.insert(concat(ascii_lower(route.method), " ", route.path));

  EXPECT_EQ(told, served);
}

TEST_F(ApiTest, TellsNobodyAnythingBeforeTheySignIn) {
  for (const ApiRoute& route : api_routes()) {
    const ServerReply reply = ask(std::string(route.method), std::string(route.path));

    EXPECT_EQ(reply.status, 401) << route.method << " " << route.path;
    EXPECT_EQ(reply.content_type, "application/json");
  }
}

TEST_F(ApiTest, AnswersInJsonOutsideItsRoutesToo) {
  enter();

  const ServerReply nowhere = ask("GET", "/api/v1/nothing"), other = ask("DELETE", "/api/v1/incidents");

  EXPECT_EQ(nowhere.status, 404);
  EXPECT_THAT(nowhere.body, HasSubstr("/api/v1/openapi.json"));
  EXPECT_EQ(other.status, 405);
  EXPECT_EQ(other.headers.back(), Header("Allow", "GET, HEAD"));
}

TEST_F(ApiTest, ListsIncidentsThatAreNotClosedUnlessAllAreAskedFor) {
  incident("aaaaaaaaaaaaaaaa", "acme", IncidentState::open);
  incident("bbbbbbbbbbbbbbbb", "acme", IncidentState::closed);
  incident("cccccccccccccccc", "other", IncidentState::acked);
  enter();
  const auto ids = [&](std::vector<Header> query) {
    const auto body = json::parse(ask("GET", "/api/v1/incidents", std::move(query)).body);
    std::set<std::string> found;
    const json::Value list = body->root().at("incidents");
    for (std::size_t i = 0; i < list.size(); ++i) found.insert(list[i].text_or("id", "").substr(0, 1));
    return found;
  };

  EXPECT_EQ(ids({}), (std::set<std::string>{"a", "c"}));
  EXPECT_EQ(ids({{"view", "all"}}), (std::set<std::string>{"a", "b", "c"}));
  EXPECT_EQ(ids({{"view", "all"}, {"brand", "acme"}}), (std::set<std::string>{"a", "b"}));
}

TEST_F(ApiTest, TellsOneIncidentWithItsHistory) {
  incident("aaaaaaaaaaaaaaaa", "acme", IncidentState::open);
  enter();

  const ServerReply reply = ask("GET", "/api/v1/incidents/aaaaaaaaaaaaaaaa");

  const auto body = json::parse(reply.body);
  ASSERT_TRUE(body) << reply.body;
  EXPECT_EQ(body->root().text_or("severity", ""), "high");
  EXPECT_EQ(body->root().number_or("observed", 0), 24);
  EXPECT_EQ(body->root().text_or("since", ""), "2026-11-21T11:00:00Z");
  EXPECT_EQ(body->root().at("history")[0].text_or("event", ""), "raise");
  EXPECT_EQ(ask("GET", "/api/v1/incidents/dddddddddddddddd").status, 404);
}

}  // namespace
}  // namespace vigie
