// What streams make of the messages they get, and how they go on where they stopped.

#include "collectors/stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/sse.h"
#include "tests/support/fake_http.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Time kNow = *parse_rfc3339("2026-11-21T12:00:00Z");

std::unique_ptr<Stream> opened(std::string kind, std::map<std::string, std::string> params = {}) {
  SourceSettings settings;
  settings.id = "s";
  settings.kind = std::move(kind);
  settings.params = std::move(params);
  settings.secrets = {{"token", "canary-5521"}};
  Result<std::unique_ptr<Stream>> stream = open_stream(settings);
  EXPECT_TRUE(stream) << stream.error().what;
  return std::move(*stream);
}

std::string v2(int seq, std::string_view rest) {
  return concat(R"({"payload":{"seq":)", std::to_string(seq), R"(,"did":"did:plc:a","time":"2026-11-21T11:00:00Z",)",
                rest, "}}");
}

std::string post(int seq, std::string_view record) {
  return v2(seq, concat(R"("operation":"create","collection":"app.bsky.feed.post","rkey":"k1","record":)", record));
}

TEST(Jetstream, ReadsAPostAndRemembersItsPlace) {
  const auto stream = opened("jetstream");
  LiveBatch batch;

  const Result<void> read = stream->frame(
      post(41,
           R"({"text":"hi","langs":["fr"],"createdAt":"2026-11-21T10:59:00Z","reply":{"parent":{"uri":"at://p"}}})"),
      batch);

  ASSERT_TRUE(read) << read.error().what;
  ASSERT_EQ(batch.mentions.size(), 1u);
  const Mention& m = batch.mentions[0];
  EXPECT_EQ(m.id, "at://did:plc:a/app.bsky.feed.post/k1");
  EXPECT_EQ(m.url, "https://bsky.app/profile/did:plc:a/post/k1");
  EXPECT_EQ(m.lang, "fr");
  EXPECT_EQ(m.parent, "at://p");
  EXPECT_EQ(m.created, *parse_rfc3339("2026-11-21T10:59:00Z"));
  EXPECT_THAT(stream->connect(batch.next).url, HasSubstr("subscribeEvents?collections=app.bsky.feed.post&cursor=41"));
}

TEST(Jetstream, DoesNotBelieveAClockThatIsADayOff) {
  const auto stream = opened("jetstream");
  LiveBatch batch;

  ASSERT_TRUE(stream->frame(post(1, R"({"text":"hi","createdAt":"2031-01-01T00:00:00Z"})"), batch));

  EXPECT_EQ(batch.mentions[0].created, *parse_rfc3339("2026-11-21T11:00:00Z"));
}

TEST(Jetstream, KeepsAMalformedPostAsideAndTakesTheNext) {
  const auto stream = opened("jetstream");
  LiveBatch batch;

  for (const char* record : {R"({"text":"one"})", R"({"text":7})", R"({"text":"three"})"})
    ASSERT_TRUE(stream->frame(post(1, record), batch));

  EXPECT_EQ(batch.mentions.size(), 2u);
  ASSERT_EQ(batch.rejected.size(), 1u);
  EXPECT_THAT(batch.rejected[0].reason, HasSubstr("text: expected a string"));
}

TEST(Jetstream, HonoursDeletesAndClosedAccounts) {
  const auto stream = opened("jetstream");
  LiveBatch batch;

  ASSERT_TRUE(stream->frame(v2(1, R"("operation":"delete","collection":"app.bsky.feed.post","rkey":"k1")"), batch));
  ASSERT_TRUE(stream->frame(v2(2, R"("active":false,"status":"takendown")"), batch));
  ASSERT_TRUE(stream->frame(v2(3, R"("active":true)"), batch));
  ASSERT_TRUE(stream->frame(v2(4, R"("operation":"delete","collection":"app.bsky.feed.like","rkey":"k1")"), batch));

  EXPECT_THAT(batch.gone, ElementsAre("at://did:plc:a/app.bsky.feed.post/k1"));
  EXPECT_THAT(batch.gone_under, ElementsAre("at://did:plc:a/"));
}

TEST(Jetstream, LetsNoIdReachBeyondItsAccount) {
  const auto stream = opened("jetstream");
  LiveBatch batch;
  const std::string nobody = R"({"payload":{"seq":1,"did":"","active":false}})";
  const std::string everyone =
      R"({"payload":{"seq":1,"did":"did:plc:a/b","operation":"delete","collection":"app.bsky.feed.post","rkey":"../x"}})";

  ASSERT_TRUE(stream->frame(nobody, batch));
  ASSERT_TRUE(stream->frame(everyone, batch));

  EXPECT_THAT(batch.gone_under, IsEmpty());
  EXPECT_THAT(batch.gone, IsEmpty());
}

TEST(Jetstream, FallsBackToTheFirstVersionAndFindsItsWayBack) {
  const auto stream = opened("jetstream");
  LiveBatch batch;
  HttpReply unknown;
  unknown.status = 404;
  const Cursor first = stream->after_refusal(unknown, {}).value();

  ASSERT_TRUE(
      stream->frame(R"({"did":"did:plc:a","time_us":1763700000000000,"kind":"commit","commit":{"operation":"create",)"
                    R"("collection":"app.bsky.feed.post","rkey":"k","record":{"text":"x"}}})",
                    batch));
  const Cursor back = stream->after_refusal(unknown, batch.next).value();

  EXPECT_THAT(stream->connect(first).url, HasSubstr("/subscribe?wantedCollections=app.bsky.feed.post"));
  EXPECT_EQ(batch.mentions.size(), 1u);
  EXPECT_THAT(stream->connect(batch.next).url, HasSubstr("cursor=1763699995000000"));
  EXPECT_THAT(stream->connect(back).url,
              HasSubstr("subscribeEvents?collections=app.bsky.feed.post&cursor=1763699995000000"));
}

TEST(Jetstream, GoesOnByTimeThenLiveWhenItsPlaceIsTooOld) {
  const auto stream = opened("jetstream");
  LiveBatch batch;
  ASSERT_TRUE(stream->frame(post(41, R"({"text":"hi"})"), batch));
  HttpReply too_old;
  too_old.status = 400;
  too_old.body = R"({"error":"CursorTooOld"})";

  const Cursor by_time = stream->after_refusal(too_old, batch.next).value();
  const Cursor live = stream->after_refusal(too_old, by_time).value();

  EXPECT_THAT(stream->connect(by_time).url, HasSubstr("cursor=1795258795000000"));
  EXPECT_THAT(stream->connect(live).url, Not(HasSubstr("cursor")));
  EXPECT_FALSE(stream->after_refusal(too_old, live));
}

TEST(Jetstream, TakesNothingElseForAnEvent) {
  const auto stream = opened("jetstream");
  LiveBatch batch;

  for (const char* bytes : {"", "{", "[]", "{}", R"({"payload":{}})", R"({"kind":"commit"})"})
    EXPECT_FALSE(stream->frame(bytes, batch)) << bytes;
}

std::string status(std::string_view id, std::string_view more = "") {
  return concat(R"({"id":")", id,
                R"(","content":"<p>Acme <b>x</b></p>","visibility":"public","created_at":"2026-11-20T10:00:00Z",)",
                R"("account":{"acct":"jane","id":"7","followers_count":3},"reblog":null)", more, "}");
}

std::unique_ptr<Stream> hashtag() { return opened("mastodon-stream", {{"host", "m.example"}, {"hashtag", "acme"}}); }

TEST(MastodonStream, ReadsPostsEditsAndDeletes) {
  const auto stream = hashtag();
  LiveBatch batch;

  ASSERT_TRUE(stream->frame(concat("event: update\ndata: ", status("114000000000000001")), batch));
  ASSERT_TRUE(stream->frame(
      concat("event: status.update\ndata: ", status("114000000000000000", R"(,"edited_at":"2026-11-21T10:00:00Z")")),
      batch));
  ASSERT_TRUE(stream->frame("event: delete\ndata: 113", batch));
  ASSERT_TRUE(stream->frame("event: filters_changed\ndata: x", batch));

  ASSERT_EQ(batch.mentions.size(), 2u);
  EXPECT_EQ(batch.mentions[0].text, "Acme x");
  EXPECT_EQ(batch.mentions[0].author.handle, "jane@m.example");
  EXPECT_TRUE(batch.mentions[1].updated);
  EXPECT_THAT(batch.gone, ElementsAre("113"));
  EXPECT_EQ(batch.next.value, R"({"id":"114000000000000001"})");
}

TEST(MastodonStream, KeepsNoBoostAndNothingThatWasNotMeantForEveryone) {
  const auto stream = hashtag();
  LiveBatch batch;

  ASSERT_TRUE(
      stream->frame(concat("event: update\ndata: ", R"({"id":"1","visibility":"private","content":"x"})"), batch));
  ASSERT_TRUE(stream->frame(concat("event: update\ndata: ", R"({"id":"2","reblog":{"id":"1"},"content":"x"})"), batch));
  ASSERT_TRUE(stream->frame(concat("event: update\ndata: ", R"({"id":"../3","content":"x"})"), batch));

  EXPECT_THAT(batch.mentions, IsEmpty());
  EXPECT_EQ(batch.rejected.size(), 1u);
}

TEST(MastodonStream, CatchesUpOldestFirstAndAsksTheLastMinutesAgain) {
  const auto stream = hashtag();
  const Cursor mark{R"({"id":"114000000000000000"})"};

  const HttpRequest first = *stream->catch_up(mark);
  const Batch page =
      stream
          ->caught(*test::reply(200, concat("[", status("114000000000000009"), ",", status("114000000000000005"), "]")),
                   mark, kNow)
          .value();
  const HttpRequest second = *stream->catch_up(page.next);
  const Batch end = stream->caught(*test::reply(200, "[]"), page.next, kNow).value();

  EXPECT_THAT(first.url, HasSubstr("https://m.example/api/v1/timelines/tag/acme?limit=40&min_id=113999960678400000"));
  EXPECT_EQ(page.mentions.size(), 2u);
  EXPECT_TRUE(page.more);
  EXPECT_FALSE(page.history);
  EXPECT_THAT(second.url, HasSubstr("min_id=114000000000000009"));
  EXPECT_FALSE(end.more);
  EXPECT_EQ(end.next.value, R"({"id":"114000000000000009"})");
}

TEST(MastodonStream, NeverGoesBackBehindItsBookmark) {
  const auto stream = hashtag();
  const Cursor mark{R"({"id":"114000000000000000"})"};

  const Batch nothing = stream->caught(*test::reply(200, "[]"), mark, kNow).value();

  EXPECT_EQ(nothing.next, mark);
}

TEST(MastodonStream, TakesTheNewestPageAsHistoryAtFirst) {
  const auto stream = hashtag();

  const Batch page =
      stream->caught(*test::reply(200, concat("[", status("9"), ",", status("5"), "]")), {}, kNow).value();

  EXPECT_THAT(stream->catch_up({})->url, Not(HasSubstr("min_id")));
  EXPECT_TRUE(page.history);
  EXPECT_FALSE(page.more);
  EXPECT_EQ(page.next.value, R"({"id":"9"})");
}

TEST(MastodonStream, EndsOnAServerThatRepeatsItsPage) {
  const auto stream = hashtag();
  const std::string same = concat("[", status("9"), "]");
  Cursor cursor{R"({"id":"4"})"};
  int pages = 0;

  for (bool more = true; more && pages < 10; ++pages) {
    const Batch page = stream->caught(*test::reply(200, same), cursor, kNow).value();
    cursor = page.next;
    more = page.more;
  }

  EXPECT_LE(pages, 2);
}

TEST(MastodonStream, HearsMentionsOfTheAccountWhenNoHashtagIsGiven) {
  const auto stream = opened("mastodon-stream", {{"host", "m.example"}});
  LiveBatch batch;

  ASSERT_TRUE(stream->frame(concat(R"(event: notification
data: {"id":"77","type":"mention","status":)",
                                   status("5"), "}"),
                            batch));
  ASSERT_TRUE(stream->frame("event: notification\ndata: {\"id\":\"78\",\"type\":\"favourite\"}", batch));

  EXPECT_THAT(stream->connect({}).url, HasSubstr("/api/v1/streaming/user/notification"));
  EXPECT_EQ(batch.mentions.size(), 1u);
  EXPECT_EQ(batch.next.value, R"({"id":"77"})");
}

TEST(MastodonStream, ShowsItsTokenToNobodyButTheServer) {
  const HttpRequest request = hashtag()->connect({});

  EXPECT_THAT(request.url, Not(HasSubstr("canary")));
  ASSERT_EQ(request.secret_headers.size(), 1u);
  EXPECT_EQ(request.secret_headers[0].second, "Bearer canary-5521");
}

TEST(StreamOptions, SayWhatTheyMustBe) {
  const auto problem = [](std::string kind, std::map<std::string, std::string> params) {
    SourceSettings settings;
    settings.kind = std::move(kind);
    settings.params = std::move(params);
    const auto stream = open_stream(settings);
    return stream ? "" : stream.error().what;
  };

  EXPECT_THAT(problem("jetstream", {{"host", "a/b"}}), HasSubstr("host: expected"));
  EXPECT_THAT(problem("mastodon-stream", {{"host", ""}}), HasSubstr("host: expected"));
  EXPECT_THAT(problem("mastodon-stream", {{"host", "m.example"}, {"hashtag", "two words"}}),
              HasSubstr("hashtag: expected"));
  EXPECT_THAT(problem("mastodon-stream", {{"host", "m.example"}, {"tls", "none"}}), HasSubstr("in the clear"));
}

TEST(ServerSentEvents, AreCutWhereverTheBytesBreak) {
  const std::string bytes =
      ":)\n\r\nevent: update\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\n:thump\n\nevent: x\n\ndata: last\n\n";

  for (std::size_t size = 1; size < bytes.size(); ++size) {
    SseCutter cutter;
    std::vector<std::string> events;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
      ASSERT_TRUE(cutter.append(std::string_view(bytes).substr(at, size)));
      while (auto event = cutter.next()) events.push_back(*event);
    }

    ASSERT_EQ(events.size(), 2u) << size;
    EXPECT_EQ(read_sse(events[0]).event, "update");
    EXPECT_EQ(read_sse(events[0]).data, "{\"a\":\n1}");
    EXPECT_EQ(read_sse(events[1]).data, "last");
  }
}

TEST(ServerSentEvents, MayNotGrowWithoutEnd) {
  SseCutter cutter;
  Result<void> taken;

  for (int i = 0; i < 100 && taken; ++i) {
    taken = cutter.append(concat("data: ", std::string(100'000, 'x'), "\n"));
    EXPECT_FALSE(cutter.next());
  }

  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().what, HasSubstr("larger than"));
}

}  // namespace
}  // namespace vigie
