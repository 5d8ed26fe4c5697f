// What programs read of a wall: feed, map, structured data, oEmbed.

#include "base/json.h"
#include "tests/wall/filled_wall.h"
#include "wall/embeds.h"
#include "wall/json_ld.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ReadingMachinesTest : public test::FilledWall {
 protected:
  void ask_about_a_product() {
    SurveySettings survey;
    survey.id = "mixer";
    survey.brand = "acme";
    survey.subject = "Batteur 300";
    survey.product = true;
    settings.surveys = {survey};
  }

  json::Document structured() {
    const std::string body = page({{"lang", "en"}});
    const std::size_t start = body.find("ld+json\">") + 9, end = body.find("</script>", start);
    auto parsed = json::parse(body.substr(start, end - start));
    if (!parsed) throw std::runtime_error(parsed.error().what);
    return *std::move(parsed);
  }
};

TEST_F(ReadingMachinesTest, FollowTheReviewsInAnAtomFeed) {
  Submission odd = answer(1, "<b>gras</b> & \"cité\" ]]>");
  odd.values[kAuthor] = "<img src=x onerror=alert(1)>";
  published(odd);
  clock.advance(hours(1));
  published(5, std::string(100, 'm'));
  act(receive(answer(1, "jamais montré")), "refuse", "SPAM-PROMO");

  const ServerReply reply = get("/wall/acme/feed.atom", {{"lang", "fr"}});

  EXPECT_EQ(reply.content_type, "application/atom+xml; charset=utf-8");
  EXPECT_THAT(reply.body,
              AllOf(HasSubstr("<title>1 sur 5\u00A0: &lt;b&gt;gras&lt;/b&gt; &amp; &quot;cité&quot; ]]&gt;</title>"),
                    HasSubstr("<name>&lt;img src=x onerror=alert(1)&gt;</name>"),
                    HasSubstr("<id>https://avis.example/wall/acme?review=1</id>"),
                    HasSubstr("<updated>2026-11-21T00:00:00Z</updated>"),
                    HasSubstr(concat("5 sur 5\u00A0: ", std::string(80, 'm'), "…</title>")),
                    Not(HasSubstr("jamais montré")), Not(HasSubstr("<b>"))));
  EXPECT_EQ(count_of(reply.body, "<entry>"), 2u);
}

TEST_F(ReadingMachinesTest, GetNoStarsForAnOrganisation) {
  for (int i = 0; i < 10; ++i) published(4);
  add_up();

  const json::Document data = structured();

  EXPECT_EQ(data.root().text_or("@type", ""), "WebPage");
  EXPECT_FALSE(data.root().find("aggregateRating"));
  EXPECT_FALSE(data.root().find("review"));
}

TEST_F(ReadingMachinesTest, GetTheNumbersShownForAProduct) {
  ask_about_a_product();
  for (int i = 0; i < 25; ++i) published(i < 10 ? 5 : 4);
  add_up();

  const json::Document data = structured();
  const json::Value rating = data.root().object("aggregateRating").value();

  EXPECT_EQ(data.root().text_or("@type", ""), "Product");
  EXPECT_EQ(data.root().text_or("name", ""), "Batteur 300");
  EXPECT_EQ(rating.text_or("ratingValue", ""), "4.4");
  EXPECT_EQ(rating.integer_or("ratingCount", 0), 25);
  EXPECT_EQ(data.root().find("review").size(), 20u);
  EXPECT_THAT(page({{"lang", "en"}}), HasSubstr("<data class=\"n\" value=\"25\">"));
}

TEST_F(ReadingMachinesTest, ReadAReviewBackAsItWasWrittenWhateverItHolds) {
  ask_about_a_product();
  Submission one = answer(1, "</script><script>alert(1)</script><!-- \u2028 \" \\");
  one.values[kAuthor] = std::string(300, 'x');
  published(one);
  add_up();

  const json::Document data = structured();

  EXPECT_EQ(data.root().text_or("review.0.reviewBody", ""), one.values[kText]);
  EXPECT_LT(data.root().text_or("review.0.author.name", "").size(), 100u);
  EXPECT_EQ(data.root().text_or("review.0.datePublished", ""), "2026-11-21");
  EXPECT_EQ(count_of(page({{"lang", "en"}}), "<script"), 1u);
}

TEST_F(ReadingMachinesTest, AreToldOfAProductOnlyWhenAllIsAboutIt) {
  const BrandSettings& brand = settings.brands.front();
  EXPECT_EQ(product_of(settings, brand), "");
  ask_about_a_product();
  EXPECT_EQ(product_of(settings, brand), "Batteur 300");

  settings.surveys.push_back(settings.surveys.front());
  settings.surveys.back().subject = "Batteur 500";
  EXPECT_EQ(product_of(settings, brand), "");
  settings.surveys.back().subject = "Batteur 300";
  settings.surveys.back().measure = SurveySettings::Measure::nps;
  EXPECT_EQ(product_of(settings, brand), "");
  settings.surveys.pop_back();
  settings.sources.resize(1);
  settings.sources[0].wall = true;
  EXPECT_EQ(product_of(settings, brand), "");
}

// The log floors its times; no page may say more of who wrote when.
TEST_F(ReadingMachinesTest, LearnNoHourOfAnyReview) {
  settings.surveys.clear();
  ask_about_a_product();
  clock.set(parse_rfc3339("2026-11-21T17:34:56.123456Z").value());
  const Review shown = published(5, "Parfait."), refused = act(receive(answer(1)), "refuse", "OFF-TOPIC"),
               waiting = receive(answer(2)), erased = published(4), gone = published(3);
  ASSERT_TRUE(book().withdraw(gone, secret));
  ASSERT_TRUE(book().erase(erased, "gdpr", "ana"));
  std::array<std::string, kReviewFields> changed = shown.newest().values;
  changed[kText] = "Presque parfait.";
  ASSERT_TRUE(book().update(shown, 4, changed));
  act(again(shown), "publish");
  add_up();
  clock.advance(hours(3));  // the pages are written at another time

  std::string all = page() + get("/wall/acme/feed.atom").body + get("/sitemap.xml").body +
                    numbers_document(settings.brands.front(), store()).value();
  for (const Review& one : {shown, refused, waiting, gone, erased}) all += permalink(one).body;
  for (const char* exact : {"17:34", "17h34", "34:56", "T17:3", "123456"}) EXPECT_THAT(all, Not(HasSubstr(exact))) << exact;
  EXPECT_THAT(all, HasSubstr("datetime=\"2026-11-21\""));
}

TEST_F(ReadingMachinesTest, FindEveryReviewInTheMap) {
  const Review shown = published(5);
  receive(answer(1));

  const std::string map = get("/sitemap.xml").body;

  EXPECT_THAT(map, AllOf(HasSubstr("<loc>https://avis.example/wall/acme?lang=fr</loc>"),
                         HasSubstr("<loc>https://avis.example/wall/other/method?lang=en</loc>"),
                         HasSubstr("<loc>https://avis.example/wall/acme?lang=en&amp;review=1</"
                                   "loc><lastmod>2026-11-21</lastmod>")));
  EXPECT_EQ(count_of(map, "review="), 2u);
  EXPECT_THAT(get("/sitemap.xml", {{"wall", "acme"}, {"after", std::to_string(shown.leaf)}}).body,
              Not(HasSubstr("review=")));
  EXPECT_EQ(get("/sitemap.xml", {{"wall", "unknown"}}).status, 404);
}

TEST_F(ReadingMachinesTest, AreGivenAFrameForAWallsAddress) {
  const ServerReply reply = get("/oembed", {{"url", "https://avis.example/wall/acme?lang=fr"}, {"maxwidth", "300"}});
  const auto data = json::parse(reply.body);

  ASSERT_TRUE(data);
  EXPECT_EQ(data->root().text_or("type", ""), "rich");
  EXPECT_EQ(data->root().integer_or("width", 0), 300);
  EXPECT_THAT(data->root().text_or("html", ""), AllOf(HasSubstr("src=\"https://avis.example/wall/acme/embed\""),
                                                      HasSubstr("loading=\"lazy\""), HasSubstr("title=\"Acme")));
  for (const char* url : {"https://evil.example/wall/acme", "https://avis.example/wall/unknown",
                          "https://avis.example/", "", "javascript:x"}) {
    EXPECT_EQ(get("/oembed", {{"url", url}}).status, 404) << url;
  }
  EXPECT_EQ(get("/oembed", {{"url", "https://avis.example/wall/acme"}, {"format", "xml"}}).status, 501);
}

}  // namespace
}  // namespace vigie
