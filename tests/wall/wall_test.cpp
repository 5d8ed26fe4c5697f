#include "wall/wall.h"

#include "base/embedded.h"
#include "tests/wall/filled_wall.h"
#include "wall/frame.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class WallTest : public test::FilledWall {};

TEST_F(WallTest, NeedsNoScriptNoInlineStyleAndSaysSoInItsPolicy) {
  published(4);
  add_up();

  const ServerReply reply = get("/wall/acme");

  EXPECT_THAT(header_of(reply, "Content-Security-Policy"),
              AllOf(HasSubstr("default-src 'none'"), Not(HasSubstr("unsafe")), Not(HasSubstr("script-src"))));
  EXPECT_THAT(reply.body, AllOf(Not(HasSubstr("style=\"")), Not(HasSubstr("<style")), Not(HasSubstr("onclick"))));
  EXPECT_EQ(count_of(reply.body, "<script"), 1u);  // data for search engines, which no browser runs
  EXPECT_THAT(reply.body, HasSubstr("<script type=\"application/ld+json\">{"));
}

TEST_F(WallTest, AnswersInTheReadersLanguage) {
  EXPECT_THAT(get("/wall/acme").body, HasSubstr("<html lang=\"fr\">"));
  EXPECT_THAT(get("/wall/acme", {}, {{"Accept-Language", "en-GB,fr;q=0.5"}}).body, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(get("/wall/acme", {{"lang", "fr"}}, {{"Accept-Language", "en"}}).body, HasSubstr("<html lang=\"fr\">"));
  EXPECT_THAT(get("/wall/acme").body, HasSubstr("hreflang=\"en\" href=\"https://avis.example/wall/acme?lang=en\""));
  EXPECT_THAT(get("/wall/acme").body, HasSubstr("rel=\"canonical\" href=\"https://avis.example/wall/acme?lang=fr\""));
}

TEST_F(WallTest, SaysNotModifiedToAReaderWhoHasThesePages) {
  published(3);
  add_up();
  const std::string tag = header_of(get("/wall/acme"), "ETag");
  ASSERT_THAT(tag, StartsWith("W/\""));

  EXPECT_EQ(get("/wall/acme", {}, {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(get("/wall/acme", {}, {{"If-None-Match", "\"x\", " + tag.substr(2)}}).status, 304);
  EXPECT_EQ(get("/wall/acme", {}, {{"If-None-Match", "\"x\""}}).status, 200);

  published(1);
  add_up();
  EXPECT_EQ(get("/wall/acme", {}, {{"If-None-Match", tag}}).status, 200);
}

TEST_F(WallTest, IsNotWrittenAgainWhileNothingHasChanged) {
  published(3);
  add_up();
  const std::string first = page();
  const int before = opened;

  EXPECT_EQ(page(), first);
  EXPECT_EQ(opened, before);  // within a second, memory alone answers
  clock.advance(seconds(2));
  EXPECT_EQ(page(), first);
  EXPECT_EQ(opened, before + 1);  // to see that nothing changed

  published(1, "Colis perdu.");
  clock.advance(seconds(2));
  EXPECT_THAT(page(), HasSubstr("Colis perdu."));
}

TEST_F(WallTest, ForgetsAnErasedReviewWithoutWaitingForItsNumbers) {
  const Review one = published(3, "Je suis client-0042, rue des Ormes.");
  add_up();
  ASSERT_THAT(page(), HasSubstr("rue des Ormes"));

  ASSERT_TRUE(book().erase(one, "gdpr", "ana"));
  clock.advance(seconds(2));

  EXPECT_THAT(page(), Not(HasSubstr("rue des Ormes")));
  EXPECT_THAT(permalink(one).body, Not(HasSubstr("rue des Ormes")));
  EXPECT_THAT(get("/wall/acme/feed.atom").body, Not(HasSubstr("rue des Ormes")));
}

TEST_F(WallTest, SendsCompressedBytesToThoseWhoTakeThem) {
  for (int i = 0; i < 5; ++i) published(3);
  add_up();

  const ServerReply plain = get("/wall/acme");
  const ServerReply compressed = get("/wall/acme", {}, {{"Accept-Encoding", "br, gzip"}});

  EXPECT_EQ(header_of(plain, "Content-Encoding"), "");
  EXPECT_EQ(header_of(compressed, "Content-Encoding"), "gzip");
  EXPECT_LT(compressed.body.size(), plain.body.size());
  EXPECT_EQ(header_of(compressed, "ETag"), header_of(plain, "ETag"));
}

TEST_F(WallTest, RefusesWhatIsNotThereAndWhatIsNotReading) {
  for (const char* path : {"/wall/unknown", "/wall/", "/nowhere", "/assets/../wall.css", "/wall/acme/nothing",
                           "/wall/unknown/method", "/wall/acme/"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  for (const char* path : {"/wall/acme", "/wall/acme/method", "/sitemap.xml", "/oembed", "/"}) {
    method = "POST";
    const ServerReply refused = get(path);
    EXPECT_EQ(refused.status, 405);
    EXPECT_EQ(header_of(refused, "Allow"), "GET, HEAD");
  }
}

TEST_F(WallTest, ListsTheWallsAndServesWhatItsPagesLoad) {
  for (int i = 0; i < 10; ++i) published(4);
  add_up();

  const ServerReply home = get("/", {{"lang", "en"}});

  EXPECT_THAT(home.body, AllOf(HasSubstr("/wall/acme?lang=en"), HasSubstr("4.0 out of 5, 10 reviews"),
                               HasSubstr("/wall/other?lang=en"), HasSubstr("0 reviews")));
  for (const Asset& asset : wall_assets()) {
    EXPECT_THAT(home.body, HasSubstr(asset.path));
    EXPECT_EQ(get(asset.path).status, 200);
    EXPECT_FALSE(get(asset.path).body.empty());
  }
}

TEST_F(WallTest, SaysSoWhenTheStoreCannotBeRead) {
  ServerRequest request;
  request.method = "GET";
  request.path = "/wall/acme";
  const Handler broken = make_wall(
      settings, [] { return Result<std::unique_ptr<Store>>(fail(ErrorKind::denied, "no")); }, clock);

  const ServerReply reply = broken(request);

  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(header_of(reply, "Cache-Control"), "no-store");
  EXPECT_THAT(reply.body, HasSubstr("Réessayez dans une minute."));
}

TEST_F(WallTest, SaysWhereItsMapIs) {
  EXPECT_THAT(get("/robots.txt").body, HasSubstr("Sitemap: https://avis.example/sitemap.xml"));
}

}  // namespace
}  // namespace vigie
