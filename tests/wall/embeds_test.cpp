#include "wall/embeds.h"

#include "base/embedded.h"
#include "tests/support/catalogue.h"
#include "tests/wall/filled_wall.h"
#include "tests/wall/gzipped.h"
#include "wall/badge.h"
#include "wall/verify_page.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr std::size_t kMostWidget = 5 * 1024;  // gzipped
constexpr const char* kHostile = "<img src=x onerror=alert(1)></section><script>alert(1)</script>";

class EmbedsTest : public test::FilledWall {
 protected:
  ServerReply embed(const std::string& path, std::vector<Header> query = {}) {
    ServerRequest request;
    request.method = "GET";
    request.path = path;
    request.query = std::move(query);
    const auto reply = Embeds(settings, opener(), clock).answer(request);
    return reply ? *reply : ServerReply{404, "", "", {}};
  }
  std::string part(const std::string& language = "fr") {
    return embed("/wall/acme/embed", {{"fragment", "1"}, {"lang", language}}).body;
  }
  void fill(int reviews) {
    for (int i = 0; i < reviews; ++i) {
      published(1 + i % 5, concat("Avis ", std::to_string(i), "."));
      clock.advance(minutes(1));
    }
    add_up();
  }
};

TEST_F(EmbedsTest, BadgeTellsTheNumbersInTextAndFitsThreeKilobytes) {
  fill(12);
  receive(answer(1));
  add_up();

  const ServerReply french = embed("/badge/acme.svg"), english = embed("/badge/acme.svg", {{"lang", "en"}});

  EXPECT_EQ(french.content_type, "image/svg+xml");
  EXPECT_LE(french.body.size(), kMostBadgeBytes);
  EXPECT_THAT(french.body,
              AllOf(HasSubstr("<title id=\"t\">Acme\u00a0: 2,8 sur 5, 12 avis publiés sur 13 reçus</title>"),
                    HasSubstr("data-published=\"12\" data-received=\"13\" data-mean-milli=\"2750\""),
                    Not(HasSubstr("<script")), Not(HasSubstr("style="))));
  EXPECT_THAT(english.body, HasSubstr("Acme: 2.8 out of 5, 12 of 13 reviews published"));
}

TEST_F(EmbedsTest, BadgeShowsNoMeanOfTooFewRatings) {
  fill(9);

  EXPECT_THAT(embed("/badge/acme.svg").body, AllOf(HasSubstr("Avis vérifiables"), Not(HasSubstr("data-mean"))));
}

TEST_F(EmbedsTest, BadgeOfALongHostileNameStaysSmallAndText) {
  settings.brands[0].name = concat(kHostile, std::string(500, 'x'));
  fill(12);

  const std::string svg = embed("/badge/acme.svg").body;

  EXPECT_LE(svg.size(), kMostBadgeBytes);
  EXPECT_THAT(svg, AllOf(HasSubstr("&lt;img src=x"), Not(HasSubstr("<img"))));
}

TEST_F(EmbedsTest, PartHoldsWhatMustStandNearReviews) {
  fill(12);

  const std::string html = part(), english = part("en");

  EXPECT_THAT(
      html,
      AllOf(StartsWith("<section class=\"vigie\" lang=\"fr\""), HasSubstr("Les avis sont contrôlés avant publication"),
            HasSubstr("href=\"https://avis.example/wall/acme/method?lang=fr\""), HasSubstr("<time class=\"published\""),
            HasSubstr("Expérience"), HasSubstr("les plus récents, quelle que soit leur note"),
            HasSubstr("class=\"verification none\""), HasSubstr("<data value=\"12\">12</data>")));
  EXPECT_THAT(english, AllOf(HasSubstr("Reviews are checked before publication"), HasSubstr("Experience: Nov"),
                             HasSubstr("All reviews received are published")));
  EXPECT_EQ(count_of(html, "<article"), 5u);
  EXPECT_LT(html.find("Avis 11."), html.find("Avis 10."));
}

TEST_F(EmbedsTest, PartClaimsNoCompletenessWhileAReviewIsLate) {
  fill(3);
  receive(answer(1));
  clock.advance(settings.wall.decide_within + hours(1));
  add_up();

  EXPECT_THAT(part("en"), AllOf(Not(HasSubstr("All reviews received")), HasSubstr("waited longer than was announced")));
}

TEST_F(EmbedsTest, PartShowsTextAsTextAndFitsFifteenKilobytes) {
  for (int i = 0; i < 5; ++i) {
    Submission one = answer(1, kHostile);
    for (int j = 0; j < 400; ++j) one.values[kText] += "<&\"'>é";
    one.values[kAuthor] = concat(kHostile, std::string(80, '"'));
    published(std::move(one));
  }
  add_up();

  const std::string html = part();

  EXPECT_LE(html.size(), kMostEmbedBytes);
  EXPECT_THAT(html, AllOf(HasSubstr("&lt;script&gt;"), Not(HasSubstr("<img")), Not(HasSubstr("<script")),
                          EndsWith("</section>\n")));
  EXPECT_EQ(count_of(html, "</section>"), 1u);
}

TEST_F(EmbedsTest, FrameMayBeShownWhereTheSettingsSay) {
  fill(1);
  EXPECT_THAT(header_of(embed("/wall/acme/embed"), "Content-Security-Policy"), EndsWith("frame-ancestors *"));
  settings.wall.embed_on = {"https://www.acme.example", "https://blog.acme.example"};

  const ServerReply frame = embed("/wall/acme/embed");

  EXPECT_THAT(header_of(frame, "Content-Security-Policy"),
              AllOf(EndsWith("frame-ancestors https://www.acme.example https://blog.acme.example"),
                    HasSubstr("default-src 'none'"), Not(HasSubstr("unsafe"))));
  EXPECT_EQ(header_of(frame, "Set-Cookie"), "");
  EXPECT_THAT(frame.body, AllOf(HasSubstr(embed_assets()[0].path), HasSubstr("<section class=\"vigie\"")));
  EXPECT_THAT(header_of(embed("/wall/acme/embed", {{"fragment", "1"}}), "Content-Security-Policy"),
              HasSubstr("frame-ancestors 'none'"));
}

TEST_F(EmbedsTest, WidgetFitsFiveKilobytesAndIsReadableFromAnywhere) {
  const ServerReply script = embed(widget_script().path);

  EXPECT_EQ(script.status, 200);
  EXPECT_THAT(widget_script().path, testing::MatchesRegex("/widget-[0-9a-f]+\\.js"));
  EXPECT_LE(test::gzipped_size(script.body), kMostWidget);
  EXPECT_EQ(header_of(script, "Access-Control-Allow-Origin"), "*");
  EXPECT_THAT(script.body,
              AllOf(Not(HasSubstr("innerHTML")), Not(HasSubstr("cookie =")), Not(HasSubstr("localStorage"))));
}

TEST_F(EmbedsTest, NumbersAreThoseOfTheLog) {
  fill(3);
  const tlog::WallNumbers counted = add_up();

  const ServerReply reply = embed("/wall/acme/numbers.json");

  EXPECT_EQ(header_of(reply, "Access-Control-Allow-Origin"), "*");
  const auto document = json::parse(reply.body);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().text_or("brand", ""), "acme");
  const auto read = tlog::read_numbers(document->root().object("numbers").value());
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, counted);
}

TEST_F(EmbedsTest, SnippetsNameWhatTheyLoadByItsHash) {
  const auto snippets = embed_snippets(settings, "acme");

  ASSERT_TRUE(snippets);
  EXPECT_THAT(*snippets,
              AllOf(HasSubstr(concat("src=\"https://avis.example", widget_script().path, "\" integrity=\"",
                                     integrity_of(widget_script().bytes), "\"")),
                    HasSubstr("sandbox=\"allow-scripts allow-popups\""), HasSubstr("alt=\"Avis sur Acme\"")));
  EXPECT_EQ(embed_snippets(settings, "nobody").error().kind, ErrorKind::bad_data);
}

TEST_F(EmbedsTest, AnswersForItsOwnAddressesAlone) {
  for (const char* path :
       {"/badge/nobody.svg", "/badge/.svg", "/badge/acme.svg.svg", "/wall/nobody/embed", "/wall/embed", "/widget-0.js"})
    EXPECT_EQ(embed(path).status, 404) << path;
}

TEST_F(EmbedsTest, SayTheSameThingsInBothLanguages) { EXPECT_THAT(test::catalogue_faults("embed"), IsEmpty()); }

}  // namespace
}  // namespace vigie
