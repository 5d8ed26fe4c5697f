#include "app/cmd_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "app/cmd_watch.h"
#include "app/load.h"
#include "config/settings.h"
#include "tests/support/fake_http.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

const ManualClock kClock(parse_rfc3339("2026-11-21T12:00:00Z").value());

struct Outcome {
  int status = -1;
  std::string out, err;
};

Outcome try_it(const SourceTry& asked, test::FakeHttp::Answer answer) {
  test::FakeHttp http(std::move(answer));
  std::ostringstream out, err;
  const int status = try_source(asked, http, kClock, out, err);
  return {status, out.str(), err.str()};
}

TEST(SourceTryCommand, PrintsWhatAFeedWouldBring) {
  const Outcome done = try_it({"https://blog.example.org/feed", "", {}, {}, {}}, [](const HttpRequest&) {
    return test::reply(
        200,
        "<rss version='2.0'><channel><title>t</title><item><guid>7</guid><title>Acme</title></item></channel></rss>");
  });

  EXPECT_EQ(done.status, 0);
  EXPECT_THAT(done.out, AllOf(HasSubstr("\"id\":\"7\""), HasSubstr("\"title\":\"Acme\"")));
  EXPECT_THAT(done.err, HasSubstr("1 mentions, 0 rejected; nothing was stored"));
}

TEST(SourceTryCommand, AsksADefinitionWithItsParameters) {
  std::string asked;
  const Outcome done = try_it({"hackernews", "", {{"query", "acme"}}, {}, {}}, [&asked](const HttpRequest& request) {
    asked = request.url;
    return test::reply(200, R"({"hits":[{"objectID":"1","title":"Acme","created_at_i":1795262000}],"nbPages":1})");
  });

  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(asked, HasSubstr("%22acme%22"));
  EXPECT_THAT(done.out, HasSubstr("\"id\":\"1\""));
}

TEST(SourceTryCommand, TellsWhyNothingCame) {
  const Outcome done = try_it({"https://blog.example.org/feed", "", {}, {}, {}},
                              [](const HttpRequest&) { return test::reply(403, ""); });

  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.out, IsEmpty());
  EXPECT_THAT(done.err, HasSubstr("403"));
}

TEST(SourceTryCommand, RefusesAKindNobodyKnows) { EXPECT_EQ(try_it({"hackrnews", "", {}, {}, {}}, nullptr).status, 2); }

TEST(SourceShowCommand, ExplainsADefinition) {
  std::ostringstream out, err;

  EXPECT_EQ(cmd_source_show("hackernews", out, err), 0);

  EXPECT_THAT(out.str(),
              AllOf(HasSubstr("kind = \"hackernews\""), HasSubstr("query = \"...\""), HasSubstr("What it asks")));
}

TEST(SourceShowCommand, SuggestsTheNearestName) {
  std::ostringstream out, err;

  EXPECT_EQ(cmd_source_show("hackernew", out, err), 2);

  EXPECT_THAT(err.str(), HasSubstr("did you mean \"hackernews\"?"));
}

TEST(WatchCommand, StandsForAConfigurationThatIsGood) {
  WatchOptions options;
  options.brands = {"L'Oréal \"Paris\"", "Acme", "acme"};
  options.steam_apps = {"440"};
  options.appstore_apps = {"1234567890"};
  options.discourse = {"https://forum.example.org"};

  const std::string written = watch_config(options);
  const config::Tree tree = config::Tree::parse(written, "watch.toml");
  const Settings settings = read_settings(tree, known_kinds());

  for (const config::Problem& problem : tree.problems()) ADD_FAILURE() << problem.text();
  ASSERT_EQ(settings.brands.size(), 3u);
  EXPECT_EQ(settings.brands[0].id, "l-oreal-paris");
  EXPECT_EQ(settings.brands[2].id, "acme-2");
  EXPECT_THAT(written, AllOf(HasSubstr("news.google.com/rss/search?q=%22Acme%22&hl=fr"), HasSubstr("bing.com/news"),
                             HasSubstr("hackernews")));
}

}  // namespace
}  // namespace vigie
