#include "collectors/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/result.h"
#include "base/text.h"

namespace vigie {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kBase = "https://example.org/a/b";

std::string sanitized(std::string_view html) { return sanitize_html(html, kBase); }

TEST(HtmlToText, BreaksLinesWhereAReaderSeesThem) {
  EXPECT_EQ(html_to_text("<h1>Title</h1><p>One<br>two</p><ul><li>a</li><li>b</li></ul>"), "Title\n\nOne\ntwo\n\na\nb");
  EXPECT_EQ(html_to_text("a  <b> b </b>\n c&nbsp;d"), "a b c d");
  EXPECT_EQ(html_to_text("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>"), "1 2\n3");
  EXPECT_EQ(html_to_text("<pre>x\ny</pre>z"), "x\ny\n\nz");
}

TEST(HtmlToText, LeavesOutWhatIsNotForReaders) {
  EXPECT_EQ(html_to_text("a<script>b</script><style>c</style><!-- d --><template>e</template>f"), "af");
  EXPECT_EQ(html_to_text("a<!--[if IE]>b<![endif]-->c"), "ac");
}

TEST(HtmlToText, DecodesEntitiesOnce) {
  EXPECT_EQ(html_to_text("&lt;b&gt; caf&eacute; &#8364; &amp;amp;"), "<b> café € &amp;");
}

TEST(HtmlToText, TakesWhatIsNoMarkupAsText) {
  EXPECT_EQ(html_to_text("1 < 2 & 3 > 2"), "1 < 2 & 3 > 2");
  EXPECT_EQ(html_to_text("<p>never closed <b>at all"), "never closed at all");
  EXPECT_EQ(html_to_text("before<!-- not closed > after"), "before after");
  EXPECT_EQ(html_to_text(""), "");
}

TEST(HtmlToText, GivesValidUtf8WhateverComes) {
  EXPECT_TRUE(is_valid_utf8(html_to_text("a\xFF\xFE<b>\xC3</b>")));
  EXPECT_TRUE(is_valid_utf8(html_to_text(concat(std::string(199'999, 'x'), "é"))));
}

TEST(SanitizeHtml, KeepsTheListAndNothingElse) {
  EXPECT_EQ(sanitized("<p class=x id=y style='color:red' onclick=z()>a <font color=red>b</font></p>"), "<p>a b</p>");
  EXPECT_EQ(sanitized("<a href='c' target=_top>x</a>"),
            "<a href=\"https://example.org/a/c\" rel=\"nofollow noopener\">x</a>");
  EXPECT_EQ(sanitized("<img src='/i.png' srcset='x 2x' onerror=y alt='\"&lt;'>"),
            "<img src=\"https://example.org/i.png\" alt=\"&quot;&lt;\">");
  EXPECT_EQ(sanitized("1 < 2 &amp; <unknown>3</unknown>"), "1 &lt; 2 &amp; 3");
}

TEST(SanitizeHtml, DropsWhatRunsOrLoads) {
  for (const std::string_view active :
       {"<script>x</script>", "<SCRIPT SRC=//e.example/x.js></SCRIPT>", "<iframe src=x></iframe>",
        "<object data=x></object>", "<embed src=x>", "<applet code=x></applet>", "<meta http-equiv=refresh content=0>",
        "<base href=x>", "<link rel=stylesheet href=x>", "<style>x</style>", "<svg onload=x><script>y</script></svg>",
        "<math><mtext><img src onerror=x></mtext></math>", "<form action=x><input onfocus=y autofocus></form>",
        "<video src=x onerror=y></video>", "<![CDATA[<script>x</script>]]>", "<<script>x//<</script>",
        "<scr<script>ipt>x</script>"}) {
    const std::string html = sanitized(concat("before ", active, " after"));

    EXPECT_THAT(html, HasSubstr("before"));
    for (const std::string_view sign : {"<script", "<iframe", "<object", "<embed", "<applet", "<meta", "<base", "<link",
                                        "<style", "<svg", "<form", "onload=", "onerror=", "onfocus="}) {
      EXPECT_THAT(html, Not(HasSubstr(std::string(sign)))) << active;
    }
  }
}

TEST(SanitizeHtml, LetsOnlyWebAndMailAddressesThrough) {
  for (const std::string_view url :
       {"javascript:x()", "JaVa\tScRiPt:x()", " \x01javascript:x()", "java&#10;script:x()", "&#106;avascript:x()",
        "vbscript:x", "data:text/html,x", "feed:javascript:x()", "java%0ascript:x()", "file:///etc/passwd", "blob:x",
        "\xEF\xBB\xBFjavascript:x()"}) {
    EXPECT_THAT(sanitize_html(concat("<a href=\"", url, "\">x</a>"), ""), Not(HasSubstr("href"))) << url;
  }
  EXPECT_THAT(sanitized("<a href='mailto:client-0042@example.org'>x</a>"), HasSubstr("mailto:client-0042@example.org"));
  EXPECT_THAT(sanitize_html("<a href='page.html'>x</a>", ""), HasSubstr("href=\"page.html\""));
}

TEST(SanitizeHtml, OutputStaysTheSameWhenCleanedAgain) {
  const std::string once = sanitized("<p>a<table><td><b>b<p>c</table><a href=x title='&quot;><script>'>d</a>");

  EXPECT_EQ(sanitized(once), once);
}

TEST(CleanHtml, GivesTheSameAsItsTwoHalves) {
  constexpr std::string_view kHtml = "<p>a <a href=x>b</a><script>c</script></p>d";

  const CleanHtml both = clean_html(kHtml, kBase);

  EXPECT_EQ(both.text, html_to_text(kHtml));
  EXPECT_EQ(both.html, sanitized(kHtml));
}

TEST(Disarmed, TakesMarkupOutOnlyWhenItWouldDoSomething) {
  EXPECT_EQ(disarmed("a < b, <em>, x<y>z"), "a < b, <em>, x<y>z");
  EXPECT_EQ(disarmed("safe <script>x</script>"), "safe");
  EXPECT_EQ(disarmed("safe <b onclick=x()>b</b>"), "safe b");
  EXPECT_EQ(disarmed("safe &lt;script&gt;"), "safe &lt;script&gt;");
}

TEST(Disarmed, DoesNotGiveUpOnMarkupThatReturns) {
  std::string nested = "<script>x</script>";
  for (int i = 0; i < 10; ++i) nested = concat("<b title=1>", escape_html(nested), "</b>");

  const std::string text = disarmed(std::move(nested));

  EXPECT_THAT(text, Not(HasSubstr("<b ")));
  EXPECT_THAT(text, Not(HasSubstr("<script")));
}

TEST(LooksLikeHtml, IsNotFooledByArithmetic) {
  EXPECT_TRUE(looks_like_html("a<br/>b"));
  EXPECT_TRUE(looks_like_html("&eacute;"));
  EXPECT_TRUE(looks_like_html("</p>"));
  EXPECT_FALSE(looks_like_html("a < b && c > d"));
  EXPECT_FALSE(looks_like_html("AT&T <city>"));
}

TEST(FeedsOfPage, AreThoseOfTheHeadResolved) {
  EXPECT_THAT(feeds_of_page("<html><head><link rel=\"alternate home\" type='application/atom+xml' href=f.atom>"
                            "<link rel=alternate type='application/feed+json' href='https://x.example/j'><link "
                            "rel=alternate hreflang=fr href=fr></head></html>",
                            kBase),
              ElementsAre("https://example.org/a/f.atom", "https://x.example/j"));
}

}  // namespace
}  // namespace vigie
