#include "app/static_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::ElementsAre;

std::string file_of(const std::string& address) {
  const auto place = static_place(address);
  return place ? place->file : "none";
}

const StaticBase kAnywhere{"https://avis.example", ""};
const StaticBase kElsewhere{"https://avis.example", "https://static.example/avis"};

TEST(StaticPages, GiveEachAddressAFileOfItsOwn) {
  EXPECT_EQ(file_of("/"), "index.html");
  EXPECT_EQ(file_of("/?lang=fr"), "fr/index.html");
  EXPECT_EQ(file_of("/wall/acme"), "wall/acme/index.html");
  EXPECT_EQ(file_of("/wall/acme?lang=fr&page=2#reviews"), "wall/acme/fr/page-2/index.html");
  EXPECT_EQ(file_of("/wall/acme?lang=en&review=12"), "wall/acme/en/review-12/index.html");
  EXPECT_EQ(file_of("/wall/acme/method?lang=fr"), "wall/acme/method/fr/index.html");
  EXPECT_EQ(file_of("/wall/acme/improvements?lang=fr&page=2#improvement-7"),
            "wall/acme/improvements/fr/page-2/index.html");
  EXPECT_EQ(file_of("/wall/acme/feed.atom?lang=fr"), "wall/acme/feed.fr.atom");
  EXPECT_EQ(file_of("/badge/acme.svg"), "badge/acme.svg");
  EXPECT_EQ(file_of("/wall/acme/embed?fragment=1&lang=fr"), "wall/acme/embed/fr/index.html");
  EXPECT_EQ(file_of("/wall/acme/log/tile/0/000.p/3"), "wall/acme/log/tile/0/000.p/3");
  EXPECT_EQ(file_of("/assets/wall-0123.css"), "assets/wall-0123.css");
}

TEST(StaticPages, HaveNoFileForWhatOnlyAServerAnswers) {
  for (const char* address :
       {"/wall/acme?lang=fr&rating=1", "/wall/acme/report/12", "/wall/acme/receipt/abc", "/survey/abc", "/oembed?url=x",
        "/wall/acme?page=../../x", "/wall/acme/log/../../x", "/wall/acme%2f..%2fx", "/wall/", "//evil.example/"}) {
    EXPECT_EQ(file_of(address), "none") << address;
  }
}

TEST(StaticPages, LinkToEachOtherWithoutNamingAServer) {
  const std::string page =
      "<link rel=\"stylesheet\" href=\"/assets/wall-01.css\"><a href=\"/wall/acme?lang=en&amp;page=3#reviews\">"
      "<a href=\"/wall/acme/verify?review=12&amp;lang=fr\"><a href=\"https://other.example/x\">";

  EXPECT_EQ(rewritten(page, "wall/acme/fr/page-2/index.html", kAnywhere),
            "<link rel=\"stylesheet\" href=\"../../../../assets/wall-01.css\"><a href=\"../../en/page-3/#reviews\">"
            "<a href=\"../../verify/fr/?review=12\"><a href=\"https://other.example/x\">");
}

TEST(StaticPages, LeadBackToTheServerForForms) {
  EXPECT_EQ(rewritten("<a href=\"/wall/acme/report/12?lang=fr\"><a href=\"/wall/acme?rating=1&amp;lang=fr\">",
                      "wall/acme/index.html", kAnywhere),
            "<a href=\"https://avis.example/wall/acme/report/12?lang=fr\">"
            "<a href=\"https://avis.example/wall/acme?rating=1&amp;lang=fr\">");
}

TEST(StaticPages, NameTheirNewHomeWhenTheyHaveOne) {
  const std::string head = "<link rel=\"canonical\" href=\"https://avis.example/wall/acme?lang=fr\">",
                    map = "<loc>https://avis.example/wall/acme?lang=fr&amp;review=12</loc>";

  EXPECT_EQ(rewritten(head, "wall/acme/fr/index.html", kAnywhere), head);
  EXPECT_EQ(rewritten(head, "wall/acme/fr/index.html", kElsewhere),
            "<link rel=\"canonical\" href=\"https://static.example/avis/wall/acme/fr/\">");
  EXPECT_EQ(rewritten(map, "sitemap.xml", kElsewhere),
            "<loc>https://static.example/avis/wall/acme/fr/review-12/</loc>");
}

TEST(StaticPages, LeaveWhatAuthorsWroteAsItIs) {
  const std::string text =
      "<p class=\"text\">Voir https://avis.example/wall/acme?lang=fr, href=&quot;/wall/acme&quot;</p>";

  EXPECT_EQ(rewritten(text, "wall/acme/index.html", kElsewhere), text);
}

TEST(StaticPages, AreFoundByTheLinksOfOthers) {
  EXPECT_THAT(
      links_of(
          "<a href=\"/b?x=1&amp;y=2#z\"><a href=\"https://avis.example/a\"><a href=\"https://avis.example.evil/c\">"
          "<img src=\"//cdn.example/d\"><a href=\"/b?x=1&amp;y=2\">",
          "https://avis.example"),
      ElementsAre("/a", "/b?x=1&y=2"));
}

}  // namespace
}  // namespace vigie
