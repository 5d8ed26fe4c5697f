#include "collectors/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/gzip.h"
#include "base/json.h"
#include "base/text.h"
#include "tests/support/files.h"

namespace vigie {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::string_view kUrl = "https://forum.example.org/feeds/latest.rss";

Time now() { return *parse_rfc3339("2026-11-21T12:00:00Z"); }

Result<Feed> read(std::string_view bytes, std::string_view content_type = "") {
  return parse_feed(bytes, kUrl, content_type, now());
}

Feed fixture(const std::string& name) {
  const auto feed = read(test::read_bytes(test::source_path(concat("tests/collectors/data/feeds/", name))));
  EXPECT_TRUE(feed) << (feed ? "" : feed.error().what);
  return feed.value_or(Feed{});
}

std::string refusal(std::string_view bytes) {
  const auto feed = read(bytes);
  EXPECT_FALSE(feed);
  EXPECT_TRUE(feed || feed.error().kind == ErrorKind::bad_data);
  return feed ? "" : feed.error().what;
}

std::string rss(std::string_view items) {
  return concat("<rss version='2.0'><channel><title>t</title>", items, "</channel></rss>");
}

FeedItem only_item(std::string_view bytes) {
  const auto feed = read(bytes);
  EXPECT_TRUE(feed) << (feed ? "" : feed.error().what);
  if (!feed || feed->items.size() != 1) {
    ADD_FAILURE() << "expected one item";
    return {};
  }
  return feed->items[0];
}

std::string utf16le(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) out.append({c, '\0'});
  return out;
}

TEST(Rss2, GivesEveryFieldOfItsItems) {
  const Feed feed = fixture("rss2.xml");

  EXPECT_EQ(feed.kind, "rss");
  EXPECT_EQ(feed.version, "2.0");
  EXPECT_EQ(feed.title, "Forum of the valley");
  EXPECT_EQ(feed.language, "fr-FR");
  EXPECT_EQ(feed.poll_in, minutes(45));
  ASSERT_THAT(feed.items, SizeIs(2));
  const FeedItem& item = feed.items[0];
  EXPECT_EQ(item.id, "topic-41");
  EXPECT_EQ(item.url, "https://forum.example.org/t/41");
  EXPECT_EQ(item.title, "Toujours pas livré");
  EXPECT_EQ(item.text, "Trois semaines d'attente.\n\nEt aucune réponse.");
  EXPECT_THAT(item.html, HasSubstr("href=\"https://forum.example.org/help\""));
  EXPECT_EQ(item.author, "client-0042");
  EXPECT_EQ(item.created, *parse_rfc3339("2026-11-21T08:30:00Z"));
  EXPECT_THAT(item.categories, ElementsAre("livraison", "colis"));
  EXPECT_EQ(item.replies, "7");
}

TEST(Rss2, TakesAPermalinkForTheLinkAndTheNameOutOfAnAddress) {
  const Feed feed = fixture("rss2.xml");

  ASSERT_THAT(feed.items, SizeIs(2));
  EXPECT_EQ(feed.items[1].url, "https://forum.example.org/t/40");
  EXPECT_EQ(feed.items[1].author, "Client 7");
  EXPECT_EQ(feed.items[1].created, *parse_rfc3339("2026-11-20T13:00:00Z"));
  EXPECT_EQ(feed.items[1].text, "AT&T < everyone");
}

TEST(Rss2, MakesTheSameIdTwiceForAnItemWithoutOne) {
  const std::string bytes = rss("<item><title>No id</title><description>nor link</description></item>");

  const FeedItem first = only_item(bytes);
  const FeedItem second = only_item(bytes);

  EXPECT_TRUE(first.id_made);
  EXPECT_EQ(first.id, second.id);
  EXPECT_NE(first.id, only_item(rss("<item><title>No id</title><description>another</description></item>")).id);
}

TEST(Rss2, KeepsTheBytesOfAnItemWithNothingInIt) {
  const FeedItem item = only_item(rss("<item><odd>thing</odd></item>"));

  EXPECT_TRUE(item.id_made);
  EXPECT_EQ(item.raw, "<odd>thing</odd>");
}

TEST(Rss2, KnowsAModuleByItsNamespaceAndNotByItsPrefix) {
  const FeedItem item = only_item(
      "<rss version='2.0' xmlns:x='http://purl.org/dc/elements/1.1/' xmlns:dc='urn:not-dublin-core'><channel>"
      "<item><dc:creator>nobody</dc:creator><x:creator>client-0042</x:creator></item></channel></rss>");

  EXPECT_EQ(item.author, "client-0042");
}

TEST(Rss1, FindsItemsBesideTheChannel) {
  const Feed feed = fixture("rss1.rdf");

  EXPECT_EQ(feed.kind, "rdf");
  EXPECT_EQ(feed.version, "1.0");
  ASSERT_THAT(feed.items, SizeIs(1));
  EXPECT_EQ(feed.items[0].id, "https://news.example.org/1");
  EXPECT_EQ(feed.items[0].url, "https://news.example.org/1?from=rss");
  EXPECT_EQ(feed.items[0].created, *parse_rfc3339("2026-11-20T11:00:00Z"));
}

TEST(Atom, ResolvesLinksThroughTheBasesAndIdsNever) {
  const Feed feed = fixture("atom10.xml");

  EXPECT_EQ(feed.link, "https://blog.example.org/");
  EXPECT_EQ(feed.self, "https://blog.example.org/en/feed.atom");
  ASSERT_THAT(feed.items, SizeIs(1));
  EXPECT_EQ(feed.items[0].id, "tag:blog.example.org,2026:5");
  EXPECT_EQ(feed.items[0].url, "https://blog.example.org/en/post/5.html");
  EXPECT_THAT(feed.items[0].html, HasSubstr("https://blog.example.org/en/post/5/more"));
}

TEST(Atom, ReadsThreadsTimesAndTheAuthorOfTheFeed) {
  const Feed feed = fixture("atom10.xml");

  ASSERT_THAT(feed.items, SizeIs(1));
  const FeedItem& item = feed.items[0];
  EXPECT_EQ(item.parent, "tag:blog.example.org,2026:4");
  EXPECT_EQ(item.replies, "3");
  EXPECT_EQ(item.author, "client-0001");
  EXPECT_EQ(item.created, *parse_rfc3339("2026-11-20T08:00:00.5Z"));
  EXPECT_EQ(item.updated, *parse_rfc3339("2026-11-21T08:00:00Z"));
  EXPECT_THAT(item.categories, ElementsAre("web"));
  EXPECT_EQ(item.text, "One two three");
  EXPECT_EQ(item.lang, "en");
}

TEST(Atom, TakesEscapedMarkupForMarkupEvenUnderAPlainType) {
  const FeedItem item = only_item(
      "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><id>1</id><content type='text/plain' mode='escaped'>"
      "&lt;p&gt;One parcel&lt;/p&gt;&lt;p&gt;lost&lt;/p&gt;</content></entry></feed>");

  EXPECT_EQ(item.text, "One parcel\n\nlost");
}

TEST(Atom, ReadsTheModesOfVersionZeroThree) {
  const Feed feed = fixture("atom03.xml");

  EXPECT_EQ(feed.version, "0.3");
  EXPECT_EQ(feed.title, "Old & good");
  ASSERT_THAT(feed.items, SizeIs(1));
  EXPECT_EQ(feed.items[0].title, "Hello");
  EXPECT_EQ(feed.items[0].text, "Text");
  EXPECT_EQ(feed.items[0].created, *parse_rfc3339("2004-01-01T00:00:00Z"));
}

TEST(JsonFeed, TakesNumbersForIdsAndKeepsWhatIsNoItemAside) {
  const Feed feed = fixture("feed.json");

  EXPECT_EQ(feed.kind, "jsonfeed");
  EXPECT_EQ(feed.version, "1.1");
  ASSERT_THAT(feed.items, SizeIs(3));
  EXPECT_EQ(feed.items[0].id, "42");
  EXPECT_EQ(feed.items[0].url, "https://forum.example.org/42");
  EXPECT_EQ(feed.items[0].text, "Broken again");
  EXPECT_EQ(feed.items[0].author, "client-0003");
  EXPECT_EQ(feed.items[1].text, "1 < 2");
  EXPECT_EQ(feed.items[1].html, "1 &lt; 2");
  EXPECT_EQ(feed.items[1].author, "client-0004");
  EXPECT_EQ(feed.items[2].raw, "\"not an item\"");
}

TEST(BrokenFeed, IsReadAsFarAsItCanBe) {
  const Feed feed = fixture("broken.xml");

  EXPECT_EQ(feed.title, "Q&A & more");
  EXPECT_EQ(feed.link, "http://broken.example.org/");
  EXPECT_THAT(feed.warnings, ElementsAre(HasSubstr("not well-formed")));
  ASSERT_THAT(feed.items, SizeIs(2));
  EXPECT_EQ(feed.items[0].id, "one");
  EXPECT_EQ(feed.items[0].url, "http://broken.example.org/1");
  EXPECT_EQ(feed.items[0].text, "First\nline 1 < 2");
  EXPECT_EQ(feed.items[1].title, "Second");
  EXPECT_EQ(feed.items[1].text, "cut off in the mid");
}

TEST(FeedCharset, GoesByMarkThenHeaderThenDeclarationThenUtf8) {
  const std::string latin =
      "<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><title>\xE9\x80</title></channel></rss>";
  const std::string cyrillic =
      "<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><title>\xF1</title></channel></rss>";
  const std::string wide =
      utf16le("<?xml version='1.0' encoding='utf-8'?><rss><channel><title>wide</title></channel></rss>");

  EXPECT_EQ(read(latin)->title, "é€");
  EXPECT_EQ(read(cyrillic, "text/xml; charset=\"koi8-r\"")->title, "Я");
  EXPECT_EQ(read(wide)->title, "wide");
  EXPECT_EQ(read(concat("\xFF\xFE", wide), "text/xml; charset=utf-8")->title, "wide");
}

TEST(FeedCharset, BelievesTheBytesWhenTheyContradictTheDeclaration) {
  const auto says_latin = read(
      "<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><title>d\xC3\xA9j\xC3\xA0</title></channel></rss>");
  const auto says_utf8 =
      read("<?xml version='1.0' encoding='utf-8'?><rss><channel><title>d\xC3\xA9j\xE0</title></channel></rss>");

  EXPECT_EQ(says_latin->title, "déjà");
  EXPECT_EQ(says_utf8->title, "déjà");
  EXPECT_THAT(says_utf8->warnings, ElementsAre(HasSubstr("not valid UTF-8")));
}

TEST(FeedCharset, UnpacksWhatWasCompressedOnceTooOften) {
  const std::string bytes = rss(std::string(1000, ' '));
  const std::string once = gzip(bytes).value_or("");

  EXPECT_EQ(read(once)->title, "t");
  EXPECT_EQ(read(gzip(concat(once, std::string(1000, '\0'))).value_or(""))->title, "t");
  EXPECT_THAT(refusal(gzip(std::string(limits::kFeedBytes * 2, ' ')).value_or("")), "larger than 16 MiB");
}

TEST(FeedEntities, KnowsHtmlNamesAndTakesAStrayAmpersandAsItIs) {
  EXPECT_EQ(only_item(rss("<item><title>caf&eacute; &#x2019;&#146; R&D &unknown;</title></item>")).title,
            "café ’’ R&D &unknown;");
}

TEST(FeedEntities, TakesShortPlainTextsThatADocumentNames) {
  const std::string named = "<!DOCTYPE rss [\n<!ENTITY blog \"tag:example.com,\">\n<!ENTITY co 'Acme'>]>";

  const FeedItem item = only_item(concat(named, rss("<item><guid>&blog;2006:1</guid><title>&co; &co</title></item>")));

  EXPECT_EQ(item.id, "tag:example.com,2006:1");
  EXPECT_EQ(item.title, "Acme &co");
}

TEST(FeedEntities, LetsADocumentsOwnAddOnlySoMuch) {
  const std::string named = concat("<!DOCTYPE rss [<!ENTITY a \"", std::string(200, 'x'), "\">]>");
  std::string references;
  for (int i = 0; i < 100'000; ++i) references += "&a;";

  const FeedItem item =
      only_item(concat(named, rss(concat("<item><title>t</title><description>", references, "</description></item>"))));

  EXPECT_LT(item.text.size(), references.size() + (64u << 10));
}

TEST(FeedEntities, NeverExpandsWhatNestsOrLiesElsewhere) {
  const std::string bomb =
      "<!DOCTYPE rss [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>";

  const FeedItem item = only_item(concat(bomb, rss("<item><title>&b; &c;</title></item>")));

  EXPECT_EQ(item.title, "&b; &c;");
}

TEST(FeedTexts, HoldNothingActiveHoweverOftenItWasEscaped) {
  const FeedItem once = only_item(rss("<item><title>safe&lt;script&gt;alert(1)&lt;/script&gt;</title></item>"));
  const FeedItem twice =
      only_item(rss("<item><title>safe&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;</title></item>"));
  const FeedItem plain = only_item(
      "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title type='text'>safe&lt;img src=x "
      "onerror=alert(1)&gt;</title></entry></feed>");

  EXPECT_EQ(once.title, "safe");
  EXPECT_EQ(twice.title, "safe");
  EXPECT_EQ(plain.title, "safe");
}

TEST(FeedTexts, KeepAngleBracketsThatAreNoMarkup) {
  const FeedItem item = only_item(
      "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title type='text'>How to use &lt;em&gt;, and 1 &lt; "
      "2</title></entry></feed>");

  EXPECT_EQ(item.title, "How to use <em>, and 1 < 2");
}

TEST(FeedLinks, ThatRunSomethingAreLeftOut) {
  EXPECT_EQ(only_item(rss("<item><guid>1</guid><link>java&#9;script:alert(1)</link></item>")).url, "");
}

TEST(FeedDates, ThatMakeNoSenseBecomeAWarning) {
  const auto feed = read(rss("<item><guid>1</guid><pubDate>Mon, 01 Jan 30000 00:00:00 GMT</pubDate></item>"));

  ASSERT_TRUE(feed);
  EXPECT_EQ(feed->items[0].created, std::nullopt);
  EXPECT_THAT(feed->warnings, ElementsAre(HasSubstr("item 1: date not understood")));
}

TEST(NotAFeed, NamesTheFeedsThatAPageOffers) {
  const std::string page =
      "<!DOCTYPE html><html><head><title>Home</title><link rel='alternate' type='application/rss+xml' href='/rss.xml'>"
      "<link rel=stylesheet href=a.css></head><body><p>Hello</body></html>";

  EXPECT_EQ(refusal(page), "an HTML page, not a feed; it links to https://forum.example.org/rss.xml");
}

TEST(NotAFeed, SaysWhatWasFoundInstead) {
  EXPECT_EQ(refusal(""), "empty");
  EXPECT_EQ(refusal(" \n\xEF\xBB\xBF"), "empty");
  EXPECT_EQ(refusal("hello"), "not a feed: neither XML nor JSON");
  EXPECT_EQ(refusal("<svg/>"), "XML, but no feed: its root is <svg>");
  EXPECT_THAT(refusal("{\"a\": 1}"), HasSubstr("no JSON Feed"));
  EXPECT_EQ(refusal(std::string(limits::kFeedBytes + 1, 'x')), "larger than 16 MiB");
}

TEST(HostileFeed, OfEndlessNestingIsReadToADepth) {
  std::string deep = "<rss><channel><item><title>top</title>";
  for (int i = 0; i < 100'000; ++i) deep += "<a>";

  EXPECT_EQ(only_item(deep).title, "top");
  EXPECT_FALSE(read(concat("{\"items\":", std::string(100'000, '['))));
}

TEST(HostileFeed, OfTooManyItemsIsRefused) {
  std::string many;
  for (int i = 0; i < 100'001; ++i) many += "<item/>";

  EXPECT_EQ(refusal(rss(many)), "more than 100000 items");
}

TEST(FeedJson, IsOneLineWithTheFieldsThatAreKnown) {
  const std::string line = to_json(fixture("rss2.xml"));

  const auto document = json::parse(line);
  ASSERT_TRUE(document);
  EXPECT_THAT(line, Not(HasSubstr("\n")));
  EXPECT_EQ(document->root().text_or("items.0.id", ""), "topic-41");
  EXPECT_EQ(document->root().integer_or("items.0.replies", 0), 7);
  EXPECT_EQ(document->root().text_or("items.0.created", ""), "2026-11-21T08:30:00Z");
  EXPECT_FALSE(document->root().at("items.1.replies"));
}

// The reference parsers' own suites, where they are at hand: none may crash us, be slow, or get anything active
// through.
TEST(RecordedFeeds, AreAllReadOrRefusedWithAReason) {
  VIGIE_SHARED_OR_SKIP(folder, "data/feeds/rss");
  std::size_t read_count = 0;

  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string extension = entry.path().extension();
    if (!entry.is_regular_file() || extension == ".jsonl" || extension == ".md") continue;
    const auto feed = read(test::read_bytes(entry.path()));
    if (!feed) {
      EXPECT_EQ(feed.error().kind, ErrorKind::bad_data) << entry.path();
      continue;
    }
    ++read_count;
    for (const FeedItem& item : feed->items) EXPECT_THAT(item.html, Not(HasSubstr("<script"))) << entry.path();
  }

  EXPECT_GT(read_count, 1000u);
}

}  // namespace
}  // namespace vigie
