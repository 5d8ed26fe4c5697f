#include "wall/wall.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/embedded.h"
#include "base/json.h"
#include "tests/support/temp_dir.h"
#include "wall/pages.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Time kNow = parse_rfc3339("2026-11-21T12:00:00Z").value();

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class WallTest : public testing::Test {
 protected:
  WallTest() : clock_(kNow) {
    settings_.organisation = "Acme & Sons";
    settings_.brands = {{"acme", "Acme", "Acme", "fr"}, {"other", "Other", "Other", "en"}};
    settings_.sources.resize(2);
    settings_.sources[0].id = "shop";
    settings_.sources[0].wall = true;
    settings_.sources[0].brand = "acme";
    settings_.sources[1].id = "forum";
    settings_.serve.public_url = "https://avis.example";
  }

  OpenStore open() {
    return [url = "sqlite:" + folder_.file("wall.db")] { return open_sqlite_store(url); };
  }

  Judged review(std::string id, int stars) {
    Judged judged;
    judged.mention.source = "shop";
    judged.mention.id = std::move(id);
    judged.mention.kind = "review";
    judged.mention.author.name = "client-0042";
    judged.mention.text = "Livré à l'heure.";
    judged.mention.rating = Rating{static_cast<double>(stars), 1, 5};
    judged.mention.created = kNow - hours(48) + minutes(static_cast<int>(reviews_.size()));
    judged.judgement.lang = "fr";
    judged.brands = {"acme"};
    return judged;
  }

  Judged& add(int stars) {
    reviews_.push_back(review("r" + std::to_string(reviews_.size()), stars));
    return reviews_.back();
  }

  void commit() {
    auto store = open()();
    ASSERT_TRUE(store) << store.error().what;
    JudgedBatch batch;
    batch.source = "shop";
    batch.mentions = reviews_;
    batch.ingested = kNow;
    const auto done = (*store)->commit(batch);
    ASSERT_TRUE(done) << done.error().what;
  }

  ServerReply get(std::string path, std::vector<Header> query = {}, std::vector<Header> headers = {}) {
    ServerRequest request;
    request.method = method_;
    request.path = std::move(path);
    request.query = std::move(query);
    request.headers = std::move(headers);
    return make_wall(settings_, open(), clock_)(request);
  }

  test::TempDir folder_;
  ManualClock clock_;
  Settings settings_;
  std::vector<Judged> reviews_;
  std::string method_ = "GET";
};

}  // namespace

TEST_F(WallTest, ShowsAReviewWithBothDatesItsSourceAndTheAnswer) {
  Judged& one = add(2);
  one.mention.title = "Trop long";
  one.mention.verified = true;
  one.mention.reply = OwnReply{"Toutes nos excuses.", kNow - hours(20)};
  commit();

  const ServerReply reply = get("/wall/acme", {{"lang", "fr"}});

  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body,
              AllOf(HasSubstr("Trop long"), HasSubstr("client-0042"), HasSubstr("aria-label=\"2\u00A0sur 5\">★★<span class=\"off\">☆☆☆</span>"),
                    HasSubstr("Écrit le 19\u00A0nov.\u00A02026"), HasSubstr("Reçu le 21\u00A0nov.\u00A02026 à 12:00"),
                    HasSubstr("Achat vérifié"), HasSubstr("Acme répond"), HasSubstr("Toutes nos excuses.")));
  EXPECT_THAT(reply.body, HasSubstr("Acme &amp; Sons"));
  EXPECT_THAT(reply.body, HasSubstr("Livré à l&#39;heure."));
}

TEST_F(WallTest, ShowsTheBestAndTheWorstAlikeNewestFirst) {
  add(5).mention.text = "la plus ancienne";
  add(1).mention.text = "au milieu";
  add(5).mention.text = "la plus récente";
  commit();

  const std::string body = get("/wall/acme").body;

  EXPECT_LT(body.find("la plus récente"), body.find("au milieu"));
  EXPECT_LT(body.find("au milieu"), body.find("la plus ancienne"));
}

TEST_F(WallTest, TreatsReviewsAsTextWhateverTheyHold) {
  Judged& one = add(1);
  one.mention.text = "<script>alert(1)</script> {{organisation}} \u202E";
  one.mention.title = "<img src=x onerror=alert(1)>";
  one.mention.author.name = "\"><b>client-0007";
  one.judgement.lang = "fr\" onclick=\"x";
  commit();

  const ServerReply reply = get("/wall/acme");

  EXPECT_THAT(reply.body, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("<img")), Not(HasSubstr("<b>client")),
                                Not(HasSubstr("\" onclick"))));
  EXPECT_THAT(reply.body, HasSubstr("{{organisation}}"));
}

TEST_F(WallTest, NeedsNoScriptNoInlineStyleAndSaysSoInItsPolicy) {
  add(4);
  commit();

  const ServerReply reply = get("/wall/acme");
  const auto policy = std::find_if(reply.headers.begin(), reply.headers.end(),
                                   [](const Header& h) { return h.first == "Content-Security-Policy"; });

  ASSERT_NE(policy, reply.headers.end());
  EXPECT_THAT(policy->second,
              AllOf(HasSubstr("default-src 'none'"), Not(HasSubstr("unsafe")), Not(HasSubstr("script-src"))));
  EXPECT_THAT(reply.body, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("style=\"")), Not(HasSubstr("<style"))));
}

TEST_F(WallTest, GivesTheMeanOnlyFromTenRatings) {
  for (int i = 0; i < 9; ++i) add(5);
  commit();
  EXPECT_THAT(get("/wall/acme", {{"lang", "en"}}).body,
              AllOf(HasSubstr("Too few rated reviews for a mean: 9 so far"), Not(HasSubstr("class=\"number\""))));

  add(4);
  commit();
  EXPECT_THAT(get("/wall/acme", {{"lang", "en"}}).body,
              AllOf(HasSubstr("<span class=\"number\">4.9</span>"), HasSubstr("at 95% confidence")));
  EXPECT_THAT(get("/wall/acme", {{"lang", "fr"}}).body, AllOf(HasSubstr("<span class=\"number\">4,9</span>"), HasSubstr("<svg width=\"98\"")));
}

TEST_F(WallTest, FiltersByStarsWithoutChangingTheMean) {
  for (int i = 0; i < 12; ++i) add(i < 6 ? 1 : 5).mention.text = i < 6 ? "mauvais" : "excellent";
  commit();

  const std::string body = get("/wall/acme", {{"lang", "fr"}, {"stars", "1"}}).body;

  EXPECT_EQ(count_of(body, "<article"), 6u);
  EXPECT_THAT(body,
              AllOf(HasSubstr("mauvais"), Not(HasSubstr("excellent")), HasSubstr("<span class=\"number\">3,0</span>"),
                    HasSubstr("Seuls les avis à 1\u00A0étoile sont affichés."), HasSubstr("noindex")));
}

TEST_F(WallTest, ShowsTwentyAPageAndLinksTheOthers) {
  for (int i = 0; i < 45; ++i) add(3);
  commit();

  const std::string first = get("/wall/acme", {{"lang", "en"}}).body,
                    last = get("/wall/acme", {{"lang", "en"}, {"page", "3"}}).body;

  EXPECT_EQ(count_of(first, "<article"), 20u);
  EXPECT_EQ(count_of(last, "<article"), 5u);
  EXPECT_THAT(first,
              AllOf(HasSubstr("rel=\"next\" href=\"/wall/acme?lang=en&amp;page=2\""), Not(HasSubstr("rel=\"prev\""))));
  EXPECT_THAT(last, AllOf(HasSubstr("rel=\"prev\" href=\"/wall/acme?lang=en&amp;page=2\""),
                          Not(HasSubstr("rel=\"next\"")), HasSubstr("Page 3 of 3")));
}

TEST_F(WallTest, IgnoresParametersThatMakeNoSense) {
  add(3);
  commit();

  for (const Header& odd : std::vector<Header>{{"page", "0"},
                                               {"page", "-1"},
                                               {"page", "99999999999999999999"},
                                               {"page", "7"},
                                               {"stars", "6"},
                                               {"stars", "x"},
                                               {"lang", "de"},
                                               {"source", "forum"},
                                               {"source", "' or 1=1"},
                                               {"review", "abc"}}) {
    const ServerReply reply = get("/wall/acme", {odd});
    EXPECT_EQ(reply.status, 200) << odd.first << "=" << odd.second;
    EXPECT_EQ(count_of(reply.body, "<article"), 1u) << odd.first << "=" << odd.second;
  }
}

TEST_F(WallTest, KeepsOtherSourcesAndOtherBrandsOff) {
  Judged& post = add(1);
  post.mention.source = "forum";
  post.mention.text = "pas un avis du mur";
  post.brands = {"acme", "other"};
  commit();

  EXPECT_THAT(get("/wall/acme").body,
              AllOf(Not(HasSubstr("pas un avis du mur")), HasSubstr("Aucun avis pour le moment")));
  EXPECT_THAT(get("/wall/other", {{"lang", "en"}}).body,
              AllOf(Not(HasSubstr("pas un avis du mur")), HasSubstr("No review source is connected")));
  EXPECT_THAT(get("/wall/acme", {{"review", "1"}}).body, Not(HasSubstr("pas un avis du mur")));
}

TEST_F(WallTest, KeepsALinkToOneReviewThatLasts) {
  for (int i = 0; i < 30; ++i) add(3).mention.text = "avis numéro " + std::to_string(i);
  commit();

  const std::string body = get("/wall/acme", {{"review", "1"}}).body;

  EXPECT_EQ(count_of(body, "<article"), 1u);
  EXPECT_THAT(body, AllOf(HasSubstr("avis numéro 0"), HasSubstr("id=\"review-1\"")));
}

TEST_F(WallTest, AnswersInTheReadersLanguage) {
  add(3);
  commit();

  EXPECT_THAT(get("/wall/acme").body, HasSubstr("<html lang=\"fr\">"));
  EXPECT_THAT(get("/wall/acme", {}, {{"Accept-Language", "en-GB,fr;q=0.5"}}).body, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(get("/wall/acme", {{"lang", "fr"}}, {{"Accept-Language", "en"}}).body, HasSubstr("<html lang=\"fr\">"));
  EXPECT_THAT(get("/wall/acme").body, HasSubstr("hreflang=\"en\" href=\"https://avis.example/wall/acme?lang=en\""));
}

TEST_F(WallTest, SaysNotModifiedToAReaderWhoHasThesePages) {
  add(3);
  commit();
  const ServerReply first = get("/wall/acme");
  const auto tag =
      std::find_if(first.headers.begin(), first.headers.end(), [](const Header& h) { return h.first == "ETag"; });
  ASSERT_NE(tag, first.headers.end());

  EXPECT_EQ(get("/wall/acme", {}, {{"If-None-Match", tag->second}}).status, 304);
  EXPECT_EQ(get("/wall/acme", {}, {{"If-None-Match", "\"x\", W/" + tag->second}}).status, 304);
  EXPECT_EQ(get("/wall/acme", {}, {{"If-None-Match", "\"x\""}}).status, 200);

  add(1);
  commit();
  EXPECT_EQ(get("/wall/acme", {}, {{"If-None-Match", tag->second}}).status, 200);
}

TEST_F(WallTest, RefusesWhatIsNotThereAndWhatIsNotReading) {
  EXPECT_EQ(get("/wall/unknown").status, 404);
  EXPECT_EQ(get("/wall/").status, 404);
  EXPECT_EQ(get("/nowhere").status, 404);
  EXPECT_EQ(get("/assets/../wall.css").status, 404);

  method_ = "POST";
  const ServerReply refused = get("/wall/acme");
  EXPECT_EQ(refused.status, 405);
  EXPECT_THAT(refused.headers, testing::Contains(Header{"Allow", "GET, HEAD"}));
}

TEST_F(WallTest, ListsTheWallsAndServesWhatItsPagesLoad) {
  const ServerReply home = get("/", {{"lang", "en"}});

  EXPECT_THAT(home.body,
              AllOf(HasSubstr("/wall/acme?lang=en"), HasSubstr("/wall/other?lang=en"), HasSubstr("0 reviews")));
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
      settings_, [] { return Result<std::unique_ptr<Store>>(fail(ErrorKind::denied, "no")); }, clock_);

  const ServerReply reply = broken(request);

  EXPECT_EQ(reply.status, 503);
  EXPECT_THAT(reply.body, HasSubstr("Réessayez dans une minute."));
}

TEST_F(WallTest, StaysUnderItsWeightWithTwentyOrdinaryReviews) {
  for (int i = 0; i < 25; ++i) {
    Judged& one = add(3);
    one.mention.title = "Un titre de longueur ordinaire";
    one.mention.text = std::string(600, 'a') + std::to_string(i);
    one.mention.reply = OwnReply{std::string(300, 'b'), kNow};
  }
  commit();

  EXPECT_LE(get("/wall/acme").body.size() + wall_assets()[0].bytes.size(), limits::kWallPageBytes);
}

}  // namespace vigie
