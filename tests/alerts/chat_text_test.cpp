#include "alerts/chat_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "alerts/chat_layout.h"
#include "base/text.h"
#include "tests/alerts/story_sample.h"

namespace vigie {
namespace {

using testing::ElementsAre, testing::HasSubstr, testing::IsEmpty, testing::Not, testing::StartsWith;

constexpr Markup kMarkups[] = {Markup::plain,  Markup::slack,    Markup::commonmark, Markup::discord,
                               Markup::rocket, Markup::telegram, Markup::matrix,     Markup::card};

TEST(ChatText, LeavesOrdinarySentencesAlone) {
  for (const char* text : {"212 en 1\u00a0h, attendu 35 (entre 20 et 55)", "client-0042, 1\u202f240 abonnés, 18:22",
                           "Note de 4.2 sur 5. Voilà\u202f!", "«\u202fFini.\u202f» et/ou non"}) {
    for (const Markup markup : kMarkups) EXPECT_EQ(escaped(markup, text), text);
  }
}

TEST(ChatText, BreaksWhatAChatWouldActOn) {
  for (const char* text : {"@all", "https://evil.example/", "evil.example", "mailto:x", "#general", "/leave",
                           ":fire:", "<!here>", "<@42>", "~town"}) {
    for (const Markup markup : kMarkups) EXPECT_THAT(escaped(markup, text), HasSubstr("\u2060")) << text;
  }
}

TEST(ChatText, EscapesAsEachMarkupAsks) {
  EXPECT_EQ(escaped(Markup::slack, "a<b & c>d"), "a&lt;\u2060b &amp; c&gt;d");
  EXPECT_EQ(escaped(Markup::slack, "snake_case *b*"), "snake_case \u2060*\u2060b\u2060*\u2060");
  EXPECT_EQ(escaped(Markup::commonmark, "*b* [x](y) \\"), "\\*b\\* \\[x\\](y) \\\\");
  EXPECT_EQ(escaped(Markup::commonmark, "1. one"), "1\\. one");
  EXPECT_EQ(escaped(Markup::commonmark, "- one"), "\\- one");
  EXPECT_EQ(escaped(Markup::discord, "||s|| > q"), "\\|\\|s\\|\\| \\> q");
  EXPECT_EQ(escaped(Markup::rocket, "[x](y) \\*"), "[x]\u2060(y) \\\u2060\\*");
  EXPECT_EQ(escaped(Markup::telegram, "\"<&>\""), "&quot;&lt;\u2060&amp;&gt;&quot;");
}

TEST(ChatText, LinksOnlyToWebAddresses) {
  EXPECT_EQ(link(Markup::slack, "voir", "https://a.example/?x=1&y=2"), "<https://a.example/?x=1&amp;y=2|voir>");
  EXPECT_EQ(link(Markup::commonmark, "voir", "https://a.example/(x) y"), "[voir](https://a.example/%28x%29%20y)");
  EXPECT_EQ(link(Markup::telegram, "voir", "https://a.example/\"><b>"),
            "<a href=\"https://a.example/%22%3E%3Cb%3E\">voir</a>");
  for (const char* url : {"javascript:alert(1)", "", "ftp://a.example/", "//a.example", "https://", "data:text/html,x",
                          "https://bank.example@evil.example/", "https://bank.example\\@evil.example/"})
    EXPECT_EQ(link(Markup::matrix, "voir", url), "voir") << url;
}

TEST(ChatText, KeepsAnAddressThatIsRightAsItIs) {
  EXPECT_EQ(web_link("https://a.example:8443/p%20q/x;y?z=%C3%A9#top"), "https://a.example:8443/p%20q/x;y?z=%C3%A9#top");
  EXPECT_EQ(web_link("https://a.example/100%"), "https://a.example/100%25");
  EXPECT_EQ(web_link("https://a.example/" + std::string(2000, 'x')), "");
}

TEST(ChatText, TellsANameOfTheHouseFromOneOfTheInternet) {
  EXPECT_TRUE(has_public_name("https://vigie.example.org/a"));
  EXPECT_FALSE(has_public_name("http://localhost:8081/a.b"));
  EXPECT_FALSE(has_public_name("http://vigie/a"));
}

TEST(ChatText, BringsAnythingOntoOneLineThatReadsForward) {
  EXPECT_EQ(one_line(" a\r\n\tb\u2028c \u0001 "), "a b c");
  EXPECT_EQ(one_line("\u202egnp.exe\u202c \u2066x\u2069\u200f"), "gnp.exe x");
  EXPECT_EQ(one_line("1\u202f240\u00a0€ 👩‍👩‍👧‍👦"), "1\u202f240\u00a0€ 👩‍👩‍👧‍👦");
  EXPECT_TRUE(is_valid_utf8(one_line("\xED\xA0\x80\xF0\x9F x")));
}

TEST(ChatText, CutsBetweenGraphemes) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdefg", 6), "abcde…");
  EXPECT_EQ(cut("abcd efg", 6), "abcd…");
  EXPECT_EQ(cut("ab👩‍👩‍👧‍👦cd", 6), "ab…");
  EXPECT_EQ(cut("e\u0301e\u0301e\u0301", 4), "e\u0301…");
  EXPECT_TRUE(is_valid_utf8(cut("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 5)))
      << "a grapheme that is too long is cut all the same";
  EXPECT_LE(count_code_points(cut("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 5)), 5u);
}

TEST(ChatText, CountsAsUtf16Does) {
  EXPECT_EQ(utf16_units("aé€"), 3u);
  EXPECT_EQ(utf16_units("💥"), 2u);
}

std::vector<std::string> what_is_left(const Story& story) {
  std::vector<std::string> left;
  if (!story.footer.empty()) left.emplace_back("footer");
  if (!story.sparkline.empty()) left.emplace_back("curve");
  if (!story.quotes.empty()) left.emplace_back("quotes");
  if (!story.rising.empty()) left.emplace_back("rising");
  if (!story.next.empty()) left.emplace_back("next");
  if (!story.changed.empty()) left.emplace_back("changed");
  if (!story.links.empty()) left.emplace_back("links");
  if (!story.since.empty()) left.emplace_back("since");
  if (!story.lead.empty()) left.emplace_back("lead");
  return left;
}

TEST(ChatLayout, CutsFromWhatMattersLeast) {
  const Story story = test::sample_story("worse");
  const std::vector<std::string> order = {"footer",  "curve", "quotes", "rising", "next",
                                          "changed", "links", "since",  "lead"};
  std::set<std::size_t> seen;

  for (std::size_t units = 0; units < 2000; units += 5) {
    const auto left = what_is_left(fitted(story, [&](const Story& cut) {
      const ChatLines lines = lines_of(cut, Markup::plain);
      return utf16_units(lines.headline + body_of(lines, {})) <= units;
    }));

    const std::vector<std::string> last(order.end() - static_cast<std::ptrdiff_t>(left.size()), order.end());
    EXPECT_EQ(left, last) << "within " << units;
    seen.insert(left.size());
  }

  EXPECT_EQ(seen.size(), order.size() + 1) << "each part goes by itself";
}

TEST(ChatLayout, ShowsATableOnlyWhereThereAreNoOtherFigures) {
  Story first = test::sample_story("first");
  first.rows = {{"Portée", "480 000"}};

  EXPECT_THAT(lines_of(for_chat(first), Markup::plain).rows, IsEmpty());
  EXPECT_THAT(lines_of(for_chat(test::sample_story("resolved", "en")), Markup::plain).rows,
              ElementsAre("About: delivery, customer service", "How it ended: by itself, at 20:25"));
}

TEST(ChatLayout, CutsTheWordsOfADigestsLineAndNeverItsLink) {
  const std::string url = "https://vigie.example.org/incidents/c3155696cb036933";
  Story digest = test::sample_story("digest");
  digest.rising = {concat(std::string(300, 'w'), " ", url)};

  for (const Markup markup : kMarkups) {
    const std::string rising = lines_of(for_chat(digest), markup).rising;
    EXPECT_THAT(rising, HasSubstr(url));
    EXPECT_THAT(rising, HasSubstr("www…"));
  }
  EXPECT_THAT(lines_of(for_chat(digest), Markup::slack).rising, HasSubstr(concat("<", url, "|www")));
}

TEST(ChatLayout, MakesNoOtherLineOfAStoryALink) {
  Story digest = test::sample_story("digest"), first = test::sample_story("first");
  digest.rising = {"look https://evil.example/incidents/1"};
  first.rising = {"look https://vigie.example.org/incidents/1"};

  for (const Story& story : {digest, first}) {
    EXPECT_THAT(lines_of(for_chat(story), Markup::slack).rising, Not(HasSubstr("<https")));
    EXPECT_THAT(lines_of(for_chat(story), Markup::plain).rising, HasSubstr("https:\u2060//"));
  }
}

TEST(ChatLayout, OffersManyReadersNoLinkOfOne) {
  Story story = test::sample_story();
  story.links.push_back({"unsubscribe", "Se désabonner", "https://vigie.example.org/u/1"});

  EXPECT_THAT(lines_of(for_chat(story), Markup::plain).actions, Not(HasSubstr("/u/1")));
  EXPECT_THAT(lines_of(for_chat(story), Markup::plain).actions, StartsWith("Je prends https://"));
}

}  // namespace
}  // namespace vigie
