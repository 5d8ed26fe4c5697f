#include "collectors/push.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/secret.h"

namespace vigie {
namespace {

using testing::HasSubstr;
using testing::Not;

const Time kNow = *parse_rfc3339("2026-11-21T12:00:00Z");
constexpr std::string_view kSecret = "canary-5521-of-some-length";

SourceSettings shop(std::map<std::string, std::string> params = {}) {
  SourceSettings settings;
  settings.id = "shop";
  settings.kind = "push";
  settings.params = std::move(params);
  settings.secrets = {{"secret", std::string(kSecret)}};
  return settings;
}

ServerRequest signed_request(std::string body, std::string type = "application/json") {
  ServerRequest request;
  request.method = "POST";
  request.headers = {{"Content-Type", std::move(type)},
                     {"X-Signature", concat("sha256=", to_hex(hmac_sha256(kSecret, body)))}};
  request.body = std::move(body);
  return request;
}

ServerRequest standard_request(std::string_view key, std::int64_t at, std::string body) {
  ServerRequest request;
  request.method = "POST";
  const std::string stamp = std::to_string(at);
  request.headers = {
      {"webhook-id", "msg_1"},
      {"webhook-timestamp", stamp},
      {"webhook-signature", concat("v1,AAAA v1,", to_base64(hmac_sha256(key, concat("msg_1.", stamp, ".", body))))}};
  request.body = std::move(body);
  return request;
}

Result<Batch> pushed(const ServerRequest& request, const SourceSettings& settings = shop()) {
  const auto push = open_push(settings);
  EXPECT_TRUE(push) << push.error().what;
  return (*push)->read(request, kNow);
}

std::string why_not(const Result<Batch>& batch) { return batch ? "it was taken" : batch.error().what; }

TEST(Push, TakesOneMentionAListOrLines) {
  const std::string one = R"({"id":"1","text":"a"})", two = R"({"id":"2","text":"b"})";

  EXPECT_EQ(pushed(signed_request(one))->mentions.size(), 1u);
  EXPECT_EQ(pushed(signed_request(concat("[", one, ",", two, "]")))->mentions.size(), 2u);
  EXPECT_EQ(pushed(signed_request(concat(one, "\n", two, "\n")))->mentions.size(), 2u);
  EXPECT_EQ(pushed(signed_request(concat(one, "\n", two), "application/x-ndjson; charset=utf-8"))->mentions.size(), 2u);
  EXPECT_EQ(pushed(signed_request("id,text\n1,a\n2,\"b\nc\"\n", "text/csv"))->mentions.size(), 2u);
}

TEST(Push, TakesAMail) {
  const Result<Batch> batch =
      pushed(signed_request("Message-ID: <1@x>\r\nSubject: Lost\r\n\r\nparcel", "message/rfc822"));

  ASSERT_TRUE(batch) << batch.error().what;
  ASSERT_EQ(batch->mentions.size(), 1u);
  EXPECT_EQ(batch->mentions[0].id, "1@x");
  EXPECT_EQ(batch->mentions[0].source, "shop");
}

TEST(Push, CallsEveryMentionItsOwnWhateverItSays) {
  const Result<Batch> batch = pushed(signed_request(R"({"id":"1","source":"other","text":"a","url":"javascript:x"})"));

  EXPECT_EQ(batch->mentions[0].source, "shop");
  EXPECT_EQ(batch->mentions[0].url, "");
}

TEST(Push, KeepsTheNeighboursOfAMalformedMention) {
  const Result<Batch> batch =
      pushed(signed_request(R"([{"id":"1","text":"a"},{"text":"no id"},7,{"id":"3","text":"c"}])"));

  EXPECT_EQ(batch->mentions.size(), 2u);
  ASSERT_EQ(batch->rejected.size(), 2u);
  EXPECT_THAT(batch->rejected[0].reason, HasSubstr("[1] id"));
}

TEST(Push, RefusesWhatHoldsNoMentionAndSaysWhy) {
  EXPECT_THAT(why_not(pushed(signed_request(R"([{"text":"no id"}])"))), HasSubstr("id"));
  EXPECT_THAT(why_not(pushed(signed_request("{"))), HasSubstr("not JSON"));
  EXPECT_THAT(why_not(pushed(signed_request("7"))), HasSubstr("expected a mention"));
  EXPECT_THAT(why_not(pushed(signed_request("  "))), HasSubstr("empty"));
  EXPECT_THAT(why_not(pushed(signed_request(std::string(100'000, '[')))), HasSubstr("not JSON"));
}

TEST(Push, ReadsAnothersFormByItsMap) {
  const SourceSettings settings = shop({{"items", "data.tickets"},
                                        {"content", "ticket"},
                                        {"map.id", "number | string"},
                                        {"map.text", "body | html"},
                                        {"map.author.name", "from.name"},
                                        {"map.created", "at | time epoch"}});

  const Result<Batch> batch = pushed(
      signed_request(
          R"({"data":{"tickets":[{"number":7,"body":"<p>late</p>","from":{"name":"client-0042"},"at":1763700000},{"body":"x"}]}})"),
      settings);

  ASSERT_TRUE(batch) << batch.error().what;
  ASSERT_EQ(batch->mentions.size(), 1u);
  EXPECT_EQ(batch->mentions[0].id, "7");
  EXPECT_EQ(batch->mentions[0].text, "late");
  EXPECT_EQ(batch->mentions[0].kind, "ticket");
  EXPECT_EQ(batch->mentions[0].author.name, "client-0042");
  EXPECT_EQ(batch->rejected.size(), 1u);
}

TEST(PushSignature, IsCheckedBeforeAnythingIsRead) {
  ServerRequest unsigned_one = signed_request("{");
  unsigned_one.headers.pop_back();
  ServerRequest changed = signed_request(R"({"id":"1","text":"a"})");
  changed.body += " ";
  ServerRequest weak = signed_request("{}");
  weak.headers[1].second = concat("sha1=", to_hex(hmac_sha256(kSecret, "{}")));

  for (const ServerRequest& request : {unsigned_one, changed, weak}) {
    const Result<Batch> batch = pushed(request);
    ASSERT_FALSE(batch);
    EXPECT_EQ(to_text(batch.error().kind), "denied");
    EXPECT_THAT(batch.error().what, Not(HasSubstr("canary")));
  }
}

TEST(PushSignature, HoldsForFiveMinutes) {
  const std::string body = R"({"id":"1","text":"a"})";
  const auto at = [&](std::int64_t offset) {
    return pushed(standard_request(kSecret, to_epoch(kNow) + offset, body)).has_value();
  };

  EXPECT_TRUE(at(0));
  EXPECT_TRUE(at(-299));
  EXPECT_FALSE(at(-301));
  EXPECT_FALSE(at(301));
  EXPECT_FALSE(at(INT64_MAX / 4));
}

TEST(PushSignature, CoversTheTimestampWhenOneIsSent) {
  const std::string stamp = std::to_string(to_epoch(kNow)), body = R"({"id":"1","text":"a"})";
  ServerRequest good = signed_request(body);
  good.headers[1].second = concat("sha256=", to_hex(hmac_sha256(kSecret, concat(stamp, ".", body))));
  good.headers.emplace_back("X-Timestamp", stamp);
  ServerRequest moved = good;
  moved.headers[2].second = std::to_string(to_epoch(kNow) + 1);
  ServerRequest bare = signed_request(body);
  bare.headers.emplace_back("X-Timestamp", stamp);

  EXPECT_TRUE(pushed(good));
  EXPECT_FALSE(pushed(moved));
  EXPECT_FALSE(pushed(bare));
}

TEST(PushSignature, TakesAStandardWebhooksSecret) {
  const std::string key(24, 'k');
  SourceSettings settings = shop();
  settings.secrets["secret"] = concat("whsec_", to_base64(key));

  EXPECT_TRUE(pushed(standard_request(key, to_epoch(kNow), R"({"id":"1","text":"a"})"), settings));
  EXPECT_FALSE(pushed(standard_request("other", to_epoch(kNow), R"({"id":"1","text":"a"})"), settings));
}

TEST(PushOptions, SayWhatTheyMustBe) {
  const auto problem = [](SourceSettings settings) {
    const auto push = open_push(settings);
    return push ? "" : push.error().what;
  };
  SourceSettings short_secret = shop();
  short_secret.secrets["secret"] = "short";

  EXPECT_THAT(problem(short_secret), HasSubstr("secrets.secret: expected"));
  EXPECT_THAT(problem(shop({{"content", "poem"}})), HasSubstr("content: expected"));
  EXPECT_THAT(problem(shop({{"map.text", "body"}})), HasSubstr("map.id: expected"));
  EXPECT_THAT(problem(shop({{"map.id", "a | nonsense"}})), HasSubstr("map.id: "));
  EXPECT_THAT(problem(shop({{"items", "a[[["}})), HasSubstr("items: "));
}

}  // namespace
}  // namespace vigie
