#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "collectors/feed.h"
#include "collectors/source.h"

namespace vigie {
namespace {

using ::testing::_;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr std::string_view kItem =
    "<item><guid>1</guid><title>Late</title><link>/1</link><description>&lt;p&gt;Three weeks&lt;/p&gt;</description>"
    "<pubDate>Sat, 21 Nov 2026 09:00:00 GMT</pubDate></item>";

Time now() { return *parse_rfc3339("2026-11-21T12:00:00Z"); }

SourceSettings settings() {
  SourceSettings out;
  out.id = "blog";
  out.kind = "feed";
  out.url = "https://blog.example.org/rss";
  return out;
}

std::unique_ptr<Source> source(SourceSettings of = settings()) {
  auto opened = open_feed(of);
  EXPECT_TRUE(opened) << (opened ? "" : opened.error().what);
  return opened ? *std::move(opened) : nullptr;
}

std::string rss(std::string_view items) {
  return concat("<rss version='2.0'><channel><language>fr</language><ttl>30</ttl>", items, "</channel></rss>");
}

HttpReply answer(std::string body, std::vector<Header> headers = {}) {
  HttpReply reply;
  reply.status = 200;
  reply.url = "https://blog.example.org/rss";
  reply.body = std::move(body);
  reply.headers = std::move(headers);
  return reply;
}

HttpReply status(int code) {
  HttpReply reply = answer("");
  reply.status = code;
  return reply;
}

Batch read(const Source& from, const HttpReply& reply, const Cursor& since = {}) {
  auto batch = from.read(reply, since, now());
  EXPECT_TRUE(batch) << (batch ? "" : batch.error().what);
  return batch.value_or(Batch{});
}

HttpRequest request(const Source& of, const Cursor& since = {}) { return **of.next(since, now()); }

TEST(FeedSource, TurnsEachItemIntoAMention) {
  const Batch batch = read(*source(), answer(rss(kItem)));

  ASSERT_THAT(batch.mentions, SizeIs(1));
  const Mention& m = batch.mentions[0];
  EXPECT_EQ(m.source, "blog");
  EXPECT_EQ(m.id, "1");
  EXPECT_EQ(m.url, "https://blog.example.org/1");
  EXPECT_EQ(m.kind, "article");
  EXPECT_EQ(m.title, "Late");
  EXPECT_EQ(m.text, "Three weeks");
  EXPECT_EQ(m.lang, "fr");
  EXPECT_EQ(m.created, *parse_rfc3339("2026-11-21T09:00:00Z"));
}

TEST(FeedSource, AsksWithBothValidatorsAsTheServerWroteThem) {
  const auto blog = source();

  const Batch batch =
      read(*blog, answer(rss(kItem), {{"ETag", "W/\"a b\""}, {"last-modified", "yesterday, more or less"}}));

  const HttpRequest again = request(*blog, batch.next);
  EXPECT_THAT(again.headers, Contains(Pair("If-None-Match", "W/\"a b\"")));
  EXPECT_THAT(again.headers, Contains(Pair("If-Modified-Since", "yesterday, more or less")));
  EXPECT_THAT(request(*blog).headers, ElementsAre(Pair("Accept", HasSubstr("application/atom+xml"))));
}

std::string at(int second) { return concat("Sun, 22 Nov 2026 06:37:", std::to_string(second), " GMT"); }

// What is sent back once a page, dated as told, was answered whole at each of these seconds.
std::vector<Header> sent_after(std::string_view etag, const std::vector<std::pair<std::string, int>>& dated_and_answered) {
  const auto blog = source();
  Cursor mark;
  for (const auto& [modified, second] : dated_and_answered) {
    HttpReply reply = answer(rss(kItem), {{"Date", at(second)}, {"Last-Modified", modified}});
    if (!etag.empty()) reply.headers.emplace_back("ETag", etag);
    mark = read(*blog, reply, mark).next;
  }
  std::vector<Header> headers = request(*blog, mark).headers;
  std::erase_if(headers, [](const Header& h) { return h.first == "Accept"; });
  return headers;
}

// A page that changes while it is answered may come old under the validators of the new one.
TEST(FeedSource, ComparesNothingWithAPageOfThisMinuteUntilItCameTwice) {
  for (const std::string etag : {"", "\"1\""}) {
    EXPECT_THAT(sent_after(etag, {{at(29), 29}}), IsEmpty());
    EXPECT_THAT(sent_after(etag, {{at(29), 31}}), IsEmpty());
    EXPECT_THAT(sent_after(etag, {{at(29), 29}, {at(29), 30}}), IsEmpty()) << "a second change within the second";
    EXPECT_THAT(sent_after(etag, {{at(29), 29}, {at(29), 31}}), Contains(Pair("If-Modified-Since", at(29))));
    EXPECT_THAT(sent_after(etag, {{"Sun, 22 Nov 2026 06:36:29 GMT", 29}}),
                Contains(Pair("If-Modified-Since", "Sun, 22 Nov 2026 06:36:29 GMT")));
  }
  EXPECT_THAT(sent_after("\"1\"", {{at(29), 29}, {at(29), 31}}), Contains(Pair("If-None-Match", "\"1\"")));
}

TEST(FeedSource, SendsTheTagAloneBackWhereThePageIsAlwaysOfThePresent) {
  EXPECT_THAT(sent_after("\"1\"", {{at(29), 29}, {at(31), 31}}), ElementsAre(Pair("If-None-Match", "\"1\"")));
  EXPECT_THAT(sent_after("", {{at(29), 29}, {at(31), 31}, {at(33), 33}}), IsEmpty());
}

TEST(FeedSource, RefusesNotModifiedForAPageItDidNotCompareWith) {
  const auto blog = source();
  const Cursor young = read(*blog, answer(rss(kItem), {{"Date", at(29)}, {"Last-Modified", at(29)}})).next;

  EXPECT_FALSE(blog->read(status(304), young, now()));
}

TEST(FeedSource, TakesNotModifiedForSuccessAndKeepsItsBookmark) {
  const auto blog = source();
  const Cursor bookmark = read(*blog, answer(rss(kItem), {{"ETag", "\"1\""}})).next;

  const Batch batch = read(*blog, status(304), bookmark);

  EXPECT_THAT(batch.mentions, IsEmpty());
  EXPECT_EQ(batch.next, bookmark);
}

TEST(FeedSource, RefusesNotModifiedWhenItComparedNothing) { EXPECT_FALSE(source()->read(status(304), {}, now())); }

TEST(FeedSource, SkipsABodyThatItHasReadBefore) {
  const auto blog = source();
  const Batch first = read(*blog, answer(rss(kItem)));

  const Batch again = read(*blog, answer(rss(kItem)), first.next);
  const Batch changed =
      read(*blog, answer(rss(concat(kItem, "<item><guid>2</guid><title>b</title></item>"))), again.next);

  EXPECT_THAT(again.mentions, IsEmpty());
  EXPECT_THAT(changed.mentions, SizeIs(2));
}

TEST(FeedSource, ForgetsValidatorsWhenAnotherAddressIsConfigured) {
  const Cursor bookmark = read(*source(), answer(rss(kItem), {{"ETag", "\"1\""}})).next;
  SourceSettings elsewhere = settings();
  elsewhere.url = "https://blog.example.org/atom";

  const HttpRequest asked = request(*source(elsewhere), bookmark);

  EXPECT_THAT(asked.headers, Not(Contains(Pair("If-None-Match", "\"1\""))));
}

TEST(FeedSource, StartsAnewFromABookmarkThatItCannotRead) {
  EXPECT_THAT(request(*source(), {"{torn"}).headers, SizeIs(1));
}

TEST(FeedSource, CallsTheFirstPollHistoryAndNoOther) {
  const auto blog = source();
  const Batch first = read(*blog, answer(rss("")));
  const Batch second = read(*blog, answer(rss(kItem)), first.next);

  EXPECT_TRUE(first.history);
  EXPECT_FALSE(second.history);
}

TEST(FeedSource, KeepsAnEmptyItemAsideAndTakesTheNext) {
  const Batch batch = read(*source(), answer(rss(concat("<item><odd>x</odd></item>", kItem))));

  EXPECT_THAT(batch.mentions, SizeIs(1));
  ASSERT_THAT(batch.rejected, SizeIs(1));
  EXPECT_EQ(batch.rejected[0].bytes, "<odd>x</odd>");
  EXPECT_THAT(batch.rejected[0].reason, HasSubstr("without id"));
}

TEST(FeedSource, TakesAnIdOnceAPage) {
  const Batch batch =
      read(*source(),
           answer(rss("<item><guid>1</guid><title>new</title></item><item><guid>1</guid><title>old</title></item>")));

  ASSERT_THAT(batch.mentions, SizeIs(1));
  EXPECT_EQ(batch.mentions[0].title, "new");
  EXPECT_THAT(batch.rejected, IsEmpty());
}

TEST(FeedSource, LeavesOutADateThatLiesTooFarAhead) {
  const Batch batch =
      read(*source(),
           answer(rss("<item><guid>1</guid><title>a</title><pubDate>Tue, 24 Nov 2026 09:00:00 GMT</pubDate></item>"
                      "<item><guid>2</guid><title>b</title><pubDate>Sun, 22 Nov 2026 09:00:00 GMT</pubDate></item>")));

  ASSERT_THAT(batch.mentions, SizeIs(2));
  EXPECT_EQ(batch.mentions[0].created, std::nullopt);
  EXPECT_TRUE(batch.mentions[1].created);
}

TEST(FeedSource, ShowsAnItemOfPicturesByItsLink) {
  const Batch batch =
      read(*source(), answer(rss("<item><link>/p</link><description>&lt;img src=p.png&gt;</description></item>")));

  ASSERT_THAT(batch.mentions, SizeIs(1));
  EXPECT_EQ(batch.mentions[0].title, "https://blog.example.org/p");
}

TEST(FeedSource, KeepsTheBookmarkWhenAPageComesInsteadOfAFeed) {
  const auto batch = source()->read(answer("<html><body>Please log in</body></html>"), {}, now());

  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().kind, ErrorKind::bad_data);
}

TEST(FeedSource, WaitsAsLongAsTheFeedAndItsServerAsk) {
  EXPECT_EQ(read(*source(), answer(rss(kItem))).poll_in, minutes(30));
  EXPECT_EQ(read(*source(), answer(rss(kItem), {{"Cache-Control", "public, max-age=7200"}})).poll_in, hours(2));
  EXPECT_EQ(read(*source(), answer(rss(kItem), {{"Expires", "Sat, 21 Nov 2026 13:00:00 GMT"}})).poll_in, hours(1));
  EXPECT_EQ(read(*source(), answer(rss(kItem), {{"Cache-Control", "max-age=99999999999999"}})).poll_in, hours(24));
}

TEST(FeedSource, TakesItsKindOfMentionFromTheSettings) {
  SourceSettings reviews = settings();
  reviews.params["kind"] = "review";
  SourceSettings odd = settings();
  odd.params["kind"] = "poem";

  const Batch batch = read(*source(reviews), answer(rss(kItem)));

  EXPECT_EQ(batch.mentions.at(0).kind, "review");
  EXPECT_FALSE(open_feed(odd));
}

TEST(FeedSource, IsRefusedWithoutAWebAddress) {
  SourceSettings local = settings();
  local.url = "feed.xml";

  const auto opened = open_feed(local);

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::bad_config);
  EXPECT_THAT(opened.error().what, HasSubstr("\"blog\": url"));
}

TEST(CheckStatus, SaysWhatTheLoopShouldDo) {
  const auto kind = [](int code) { return check_status(status(code)).error().kind; };

  for (const int good : {200, 206, 304}) EXPECT_TRUE(check_status(status(good)));
  EXPECT_EQ(kind(401), ErrorKind::denied);
  EXPECT_EQ(kind(403), ErrorKind::denied);
  EXPECT_EQ(kind(404), ErrorKind::bad_data);
  EXPECT_EQ(kind(410), ErrorKind::gone);
  EXPECT_EQ(kind(429), ErrorKind::rate_limited);
  for (const int later : {408, 425, 500, 503}) EXPECT_EQ(kind(later), ErrorKind::transient);
  EXPECT_EQ(kind(302), ErrorKind::bad_data);
}

TEST(CheckStatus, PassesOnHowLongToWait) {
  HttpReply busy = status(429);
  busy.retry_after = seconds(90);

  EXPECT_EQ(check_status(busy).error().retry_in, Duration(seconds(90)));
}

TEST(CheckStatus, CallsABrowserChallengeBlocked) {
  HttpReply challenge = status(503);
  challenge.headers.emplace_back("cf-mitigated", "challenge");

  EXPECT_EQ(check_status(challenge).error().kind, ErrorKind::denied);
}

TEST(OpenSource, NamesAKindThatDoesNotExist) {
  SourceSettings unknown = settings();
  unknown.kind = "no-such-network";

  const auto opened = open_source(unknown);

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::bad_config);
  EXPECT_THAT(opened.error().what, HasSubstr("no-such-network"));
}

TEST(OpenSource, OpensAFeedAsSomethingToAskOverHttp) {
  const auto opened = open_source(settings());

  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->http);
  EXPECT_FALSE(opened->local);
}

}  // namespace
}  // namespace vigie
