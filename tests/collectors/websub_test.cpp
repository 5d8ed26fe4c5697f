#include "collectors/websub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/secret.h"
#include "collectors/feed.h"
#include "tests/support/fake_http.h"

namespace vigie {
namespace {

using testing::HasSubstr;

const Time kNow = *parse_rfc3339("2026-11-21T12:00:00Z");

HubSubscription asked() {
  HubSubscription s;
  s.id = "0123456789abcdef0123456789abcdef";
  s.secret = "canary-5521";
  s.offer = {"https://hub.example/", "https://blog.example/feed"};
  s.asked = kNow;
  return s;
}

HubOffer offered_by(const std::string& body, std::vector<Header> headers) {
  SourceSettings settings;
  settings.id = "blog";
  settings.kind = "feed";
  settings.url = "https://blog.example/feed";
  HttpReply reply = *test::reply(200, body, std::move(headers));
  reply.url = settings.url;
  const Batch batch = open_source(settings)->http->read(reply, {}, kNow).value();
  return hub_of(batch.next).value_or(HubOffer{});
}

TEST(WebSub, FindsTheHubInHeadersFirstThenInTheFeed) {
  const std::string atom =
      R"(<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="https://in.feed/"/><link rel="self" href="https://self.feed/"/></feed>)";
  const std::string rss =
      R"(<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>t</title><atom:link rel="hub" href="https://in.rss/"/></channel></rss>)";

  EXPECT_EQ(offered_by(atom, {}), (HubOffer{"https://in.feed/", "https://self.feed/"}));
  EXPECT_EQ(offered_by(atom, {{"Link", R"(<https://a.b/>; rel=next, </hub>; title="a, b"; rel="x hub")"},
                              {"link", "<https://s.h/>; rel=self"}}),
            (HubOffer{"https://blog.example/hub", "https://s.h/"}));
  EXPECT_EQ(offered_by(rss, {}), (HubOffer{"https://in.rss/", "https://blog.example/feed"}));
  EXPECT_EQ(offered_by("<rss version='2.0'><channel><title>t</title></channel></rss>", {}), HubOffer{});
  EXPECT_EQ(offered_by(rss, {{"Link", "<javascript:x>; rel=hub, <"}}).hub, "https://in.rss/");
}

TEST(WebSub, AsksTheHubWithACallbackOfItsOwn) {
  const HttpRequest request = subscribe_request(asked(), "https://wall.example/");

  EXPECT_EQ(request.url, "https://hub.example/");
  EXPECT_EQ(request.body,
            "hub.mode=subscribe&hub.topic=https%3A%2F%2Fblog.example%2Ffeed&hub.callback=https%3A%2F%2Fwall.example%"
            "2Fwebsub%2F"
            "0123456789abcdef0123456789abcdef&hub.secret=canary-5521&hub.lease_seconds=864000");
}

TEST(WebSub, ConfirmsOnlyWhatItAskedForAndOnce) {
  HubSubscription s = asked();

  EXPECT_FALSE(confirm(s, "subscribe", "https://other.example/", "100", kNow));
  EXPECT_FALSE(confirm(s, "unsubscribe", s.offer.topic, "100", kNow));
  EXPECT_TRUE(confirm(s, "subscribe", s.offer.topic, "86400", kNow));
  EXPECT_EQ(s.until, kNow + kDay);
  EXPECT_FALSE(confirm(s, "subscribe", s.offer.topic, "86400", kNow));
  EXPECT_FALSE(confirm(s, "denied", s.offer.topic, "", kNow));
}

TEST(WebSub, BoundsTheLeaseAHubGrants) {
  for (const auto& [granted, lease] : std::vector<std::pair<std::string, Duration>>{{"1", minutes(5)},
                                                                                    {"999999999", 30 * kDay},
                                                                                    {"99999999999999999999", 10 * kDay},
                                                                                    {"-1", 10 * kDay},
                                                                                    {"", 10 * kDay}}) {
    HubSubscription s = asked();
    ASSERT_TRUE(confirm(s, "subscribe", s.offer.topic, granted, kNow));
    EXPECT_EQ(s.lease, lease) << granted;
  }
}

TEST(WebSub, RenewsAtFourFifthsOfTheLease) {
  HubSubscription s = asked();
  ASSERT_TRUE(confirm(s, "subscribe", s.offer.topic, "864000", kNow));

  EXPECT_FALSE(is_due(s, kNow + 8 * kDay - seconds(1)));
  EXPECT_TRUE(is_due(s, kNow + 8 * kDay));
  s.asked_again = true;
  s.asked = kNow + 8 * kDay;
  EXPECT_FALSE(is_due(s, kNow + 8 * kDay + minutes(1)));
  EXPECT_TRUE(is_due(s, kNow + 8 * kDay + hours(1)));
}

TEST(WebSub, AsksAgainAfterSilenceAndLongAfterARefusal) {
  HubSubscription s = asked();

  EXPECT_FALSE(is_due(s, kNow + minutes(59)));
  EXPECT_TRUE(is_due(s, kNow + hours(1)));
  ASSERT_TRUE(confirm(s, "denied", s.offer.topic, "", kNow));
  EXPECT_FALSE(is_due(s, kNow + hours(23)));
  EXPECT_TRUE(is_due(s, kNow + hours(24)));
}

TEST(WebSub, IsKeptOverARestart) {
  HubSubscription s = asked();
  ASSERT_TRUE(confirm(s, "subscribe", s.offer.topic, "864000", kNow));

  const std::optional<HubSubscription> again = subscription_from(to_json(s));

  ASSERT_TRUE(again);
  EXPECT_EQ(to_json(*again), to_json(s));
  EXPECT_FALSE(subscription_from(""));
  EXPECT_FALSE(subscription_from("{}"));
}

TEST(WebSub, TrustsSignedNewsAlone) {
  const std::string body = "<feed/>";

  for (const char* algorithm : {"sha1", "sha256", "sha384", "sha512"}) {
    const std::string good = to_hex(*hmac_by_name(algorithm, "s", body));
    EXPECT_TRUE(is_signed(concat(algorithm, "=", good), "s", body)) << algorithm;
    EXPECT_FALSE(is_signed(concat(algorithm, "=", good), "t", body)) << algorithm;
    EXPECT_FALSE(is_signed(concat(algorithm, "=", good), "s", "<feed />")) << algorithm;
  }
  EXPECT_FALSE(is_signed("", "s", body));
  EXPECT_FALSE(is_signed("md5=00", "s", body));
  EXPECT_FALSE(is_signed("sha256=", "s", body));
}

}  // namespace
}  // namespace vigie
