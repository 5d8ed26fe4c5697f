#include "app/cmd_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "tests/support/fake_http.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kFeed =
    "<rss version='2.0'><channel><title>t</title><item><link>/1</link></item></channel></rss>";

struct Outcome {
  int status = -1;
  std::string out, err;
};

Outcome feed(std::string_view target, test::FakeHttp::Answer answer = nullptr) {
  test::FakeHttp http(std::move(answer));
  std::ostringstream out, err;
  const int status = cmd_feed(target, http, *parse_rfc3339("2026-11-21T12:00:00Z"), out, err);
  return {status, out.str(), err.str()};
}

TEST(FeedCommand, PrintsTheFeedOfAFileInOneLine) {
  const test::TempDir dir;

  const Outcome done = feed(dir.write("feed.xml", kFeed));

  EXPECT_EQ(done.status, 0);
  EXPECT_THAT(done.out, StartsWith("{\"kind\":\"rss\""));
  EXPECT_EQ(done.out.find('\n'), done.out.size() - 1);
}

TEST(FeedCommand, ResolvesTheLinksOfAnAddress) {
  const Outcome done = feed("https://blog.example.org/rss", [](const HttpRequest& request) {
    auto reply = test::reply(200, std::string(kFeed));
    reply->url = request.url;
    return reply;
  });

  EXPECT_EQ(done.status, 0);
  EXPECT_THAT(done.out, HasSubstr("https://blog.example.org/1"));
}

TEST(FeedCommand, SaysWhyAFileIsNoFeed) {
  const test::TempDir dir;
  const std::string page = dir.write("page.html", "<html><body>Log in</body></html>");
  const std::string huge = dir.write("huge.xml", "<rss>");
  std::filesystem::resize_file(huge, 2ull << 30);

  EXPECT_THAT(feed(page).err, HasSubstr("page.html: not a feed: an HTML page"));
  EXPECT_THAT(feed(huge).err, HasSubstr("not a feed: larger than 16 MiB"));
  EXPECT_THAT(feed(dir.write("empty.xml", "")).err, HasSubstr("not a feed: empty"));
  EXPECT_EQ(feed(page).status, 2);
}

TEST(FeedCommand, SaysWhyAFileCannotBeRead) {
  const test::TempDir dir;

  const Outcome missing = feed(dir.file("missing.xml"));
  const Outcome folder = feed(dir.path().string());

  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.err, HasSubstr("missing.xml: cannot be read: No such file"));
  EXPECT_EQ(folder.status, 2);
  EXPECT_THAT(folder.err, HasSubstr("Is a directory"));
}

TEST(FeedCommand, CallsWhatTheServerDidAFaultOutside) {
  const Outcome absent = feed("http://blog.example.org/rss", [](const HttpRequest&) { return test::reply(404, ""); });
  const Outcome silent = feed("http://blog.example.org/rss", [](const HttpRequest&) -> Result<HttpReply> {
    return fail(ErrorKind::transient, "no answer");
  });

  EXPECT_EQ(absent.status, 3);
  EXPECT_THAT(absent.err, HasSubstr("answered 404"));
  EXPECT_EQ(silent.status, 3);
  EXPECT_THAT(silent.err, HasSubstr("no answer"));
}

}  // namespace
}  // namespace vigie
