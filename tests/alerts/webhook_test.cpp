#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/webhook_signature.h"
#include "base/http_client.h"
#include "base/metrics.h"
#include "tests/alerts/golden.h"
#include "tests/alerts/sample.h"
#include "tests/alerts/servers.h"
#include "tests/alerts/story_sample.h"
#include "tests/support/fake_http.h"

namespace vigie {
namespace {

using test::FakeHttp, test::notification;
using testing::ElementsAre, testing::HasSubstr, testing::Not;

constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

EndpointSettings hook(std::string url, std::string secret = kSecret) {
  EndpointSettings settings = test::endpoint("webhook", "en");
  settings.url = std::move(url);
  settings.secret = std::move(secret);
  return settings;
}

std::string header(const HttpRequest& request, std::string_view name) {
  for (const auto& headers : {request.headers, request.secret_headers}) {
    for (const Header& one : headers) {
      if (one.first == name) return one.second;
    }
  }
  return "";
}

// The first is the one that the reference libraries test themselves with.
TEST(WebhookSignature, IsThatOfThePublishedVectors) {
  EXPECT_EQ(*sign_webhook(kSecret, "msg_p5jXN8AQM9LWM0D4loKWxJek", from_epoch(1614265330), R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  EXPECT_EQ(
      *sign_webhook(
          kSecret, "msg_vigie_0001", from_epoch(1763755200),
          R"({"type":"incident.opened","timestamp":"2025-11-21T20:00:00Z","data":{"brand":"Acmé","topic":"livraison"}})"),
      "v1,GTRI0iqGO3dNfuPuzHM7PYvU4byYbBgnqc4BcKQVeuE=");
}

TEST(WebhookSignature, ChangesWithEveryPartOfWhatItSigns) {
  const std::string signature = *sign_webhook(kSecret, "id", from_epoch(1), "body");

  EXPECT_NE(*sign_webhook(kSecret, "id2", from_epoch(1), "body"), signature);
  EXPECT_NE(*sign_webhook(kSecret, "id", from_epoch(2), "body"), signature);
  EXPECT_NE(*sign_webhook(kSecret, "id", from_epoch(1), "body "), signature);
}

TEST(WebhookSignature, RefusesASecretThatIsNotOneWithoutShowingIt) {
  for (const char* wrong :
       {"", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64 at all!!!!!!!!!!!!!!"}) {
    const auto signature = sign_webhook(wrong, "id", from_epoch(1), "body");

    ASSERT_FALSE(signature) << wrong;
    EXPECT_EQ(signature.error().kind, ErrorKind::bad_config);
    EXPECT_THAT(signature.error().what, Not(HasSubstr("base64 at all")));
  }
}

class Webhook : public testing::Test {
 protected:
  Result<Sent> send(HttpClient& http, const EndpointSettings& to, const std::string& purpose = "first") {
    return test::deliver(**make_notifier("webhook", {http, clock_, mail_, "https://avis.example.org"}),
                         test::notification(purpose), to);
  }
  MailSettings mail_;
  SystemClock clock_;  // receivers refuse a signature that is more than five minutes old
};

TEST_F(Webhook, PostsAnEventThatIsBothCloudEventAndStandardWebhook) {
  FakeHttp http([](const HttpRequest&) { return test::reply(204, ""); });

  ASSERT_TRUE(send(http, hook("https://hooks.example.org/x")));

  const HttpRequest& request = http.asked.at(0);
  const auto body = json::parse(request.body);
  const json::Value event = body->root();
  EXPECT_EQ(request.method, "POST");
  EXPECT_FALSE(request.follow_redirects);
  EXPECT_THAT(header(request, "Content-Type"), testing::StartsWith("application/cloudevents+json"));
  EXPECT_EQ(header(request, "webhook-id"), notification().id);
  EXPECT_EQ(event.text_or("specversion", ""), "1.0");
  EXPECT_EQ(event.text_or("id", ""), notification().id);
  EXPECT_EQ(event.text_or("source", ""), "/vigie/acme");
  EXPECT_EQ(event.text_or("type", ""), "org.vigie.incident.opened.v1");
  EXPECT_EQ(event.text_or("subject", ""), notification().subject_id);
  EXPECT_EQ(event.text_or("time", ""), "2026-11-21T18:10:00Z");
  EXPECT_EQ(event.text_or("timestamp", ""), "2026-11-21T18:10:00Z");
  EXPECT_EQ(event.text_or("sequence", ""), "0000000001");
  EXPECT_EQ(event.number_or("data.signal.observed", 0), 212);
  EXPECT_EQ(event.text_or("data.quotes.0.author", ""), "@client-0042");
  EXPECT_LT(request.body.size(), 20u << 10);
}

TEST_F(Webhook, KeepsPeoplesOwnWordsToItselfWhereItIsAskedTo) {
  FakeHttp http([](const HttpRequest&) { return test::reply(204, ""); });
  EndpointSettings to = hook("https://hooks.example.org/x");
  to.quotes = false;

  ASSERT_TRUE(send(http, to));

  const auto body = json::parse(http.asked.at(0).body);
  EXPECT_FALSE(body->root().at("data.quotes"));
  EXPECT_EQ(body->root().number_or("data.signal.observed", 0), 212);
}

TEST_F(Webhook, NamesWhatHappened) {
  FakeHttp http([](const HttpRequest&) { return test::reply(200, ""); });
  std::vector<std::string> types;

  for (const char* purpose : {"first", "worse", "acked", "resolved", "reopened"})
    ASSERT_TRUE(send(http, hook("https://hooks.example.org/x"), purpose));
  for (const HttpRequest& request : http.asked) types.push_back(json::parse(request.body)->root().text_or("type", ""));

  EXPECT_THAT(types, ElementsAre("org.vigie.incident.opened.v1", "org.vigie.incident.updated.v1",
                                 "org.vigie.incident.acknowledged.v1", "org.vigie.incident.resolved.v1",
                                 "org.vigie.incident.reopened.v1"));
}

// tests/alerts/data/webhook: facts for programs, the same in every language. What has no room is told in words.
TEST_F(Webhook, SaysEachThingAsItWasLookedAt) {
  FakeHttp http([](const HttpRequest&) { return test::reply(200, ""); });
  const auto webhook = *make_notifier("webhook", {http, clock_, mail_, "https://avis.example.org"});
  const auto event = [&](const std::string& language, std::string document) {
    Notification owed = notification();
    owed.document = std::move(document);
    const EndpointSettings to = hook("https://hooks.example.org/x");
    const Audience reader{language, language == "fr" ? "Europe/Paris" : "Europe/London", true, {}, {}, "", false};
    return test::pretty(*webhook->render(*tell(owed.document, reader), {owed, to, "", ""}));
  };

  for (const std::string& purpose : test::kStoryPurposes) {
    const std::string document = test::sample_words(purpose);
    test::expect_golden("webhook/" + purpose + ".json", event("en", document));
    EXPECT_EQ(event("fr", document), event("en", document)) << purpose;
  }
  DigestInput many = test::sample_digest("digest");
  many.held.assign(50, many.held[0]);
  for (const std::string language : {"fr", "en"})
    test::expect_golden("webhook/in-short." + language + ".json", event(language, make_digest(many)));
}

TEST_F(Webhook, WaitsAsLongAsItIsAskedButNotForDays) {
  const auto wait_after = [&](std::optional<Duration> asked) {
    FakeHttp http([&](const HttpRequest&) {
      auto answer = test::reply(429, "");
      answer->retry_after = asked;
      return answer;
    });
    return send(http, hook("https://hooks.example.org/x")).error().retry_in;
  };

  EXPECT_EQ(wait_after(seconds(30)), seconds(30));
  EXPECT_EQ(wait_after(hours(20)), hours(1));
  EXPECT_EQ(wait_after(std::nullopt), seconds(1));
}

TEST_F(Webhook, DoesNotFollowARedirect) {
  FakeHttp http([](const HttpRequest&) { return test::reply(308, "", {{"Location", "http://127.0.0.1/"}}); });

  const auto sent = send(http, hook("https://hooks.example.org/x"));

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::bad_data);
  EXPECT_EQ(http.asked.size(), 1u);
}

class VerifiedWebhook : public Webhook {
 protected:
  Result<Sent> send_to(const test::PortServer& receiver, const std::string& secret = kSecret) {
    HttpOptions options;
    const std::string port = std::to_string(receiver.port);
    options.allow_private = {"127.0.0.1:" + port};
    options.extra_ports = {receiver.port};
    const auto http = make_http_client(options, clock_, metrics_);
    return send(*http, hook("http://127.0.0.1:" + port + "/hook", secret));
  }
  static std::vector<std::string> command(std::vector<std::string> options = {}) {
    std::vector<std::string> out = {"node", test::source_path("tests/node/verify_webhook.mjs").string(), kSecret};
    out.insert(out.end(), options.begin(), options.end());
    return out;
  }
  Metrics metrics_;
};

TEST_F(VerifiedWebhook, IsAcceptedByTheReferenceLibrary) {
  VIGIE_NODE_OR_SKIP();
  test::PortServer receiver(command());
  ASSERT_NE(receiver.port, 0) << receiver.err();

  const auto sent = send_to(receiver);

  ASSERT_TRUE(sent) << sent.error().what;
  ASSERT_TRUE(receiver.says("\"ok\":true"));
  EXPECT_EQ(receiver.said().at(1).root().text_or("id", ""), notification().id);
  EXPECT_EQ(receiver.said().at(1).root().text_or("type", ""), "application/cloudevents+json; charset=utf-8");
}

TEST_F(VerifiedWebhook, WithAnotherSecretIsRefusedForGood) {
  VIGIE_NODE_OR_SKIP();
  test::PortServer receiver(command());

  const auto sent = send_to(receiver, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx");

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::bad_data);
  EXPECT_TRUE(receiver.says("\"ok\":false"));
}

TEST_F(VerifiedWebhook, CanBeSentAgainAfterAFailure) {
  VIGIE_NODE_OR_SKIP();
  test::PortServer receiver(command({"--fail", "2:429:7"}));

  const auto first = send_to(receiver);
  const auto second = send_to(receiver);
  const auto third = send_to(receiver);

  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().kind, ErrorKind::rate_limited);
  EXPECT_EQ(first.error().retry_in, seconds(7));
  EXPECT_FALSE(second);
  EXPECT_TRUE(third);
  receiver.says("\"status\":204");
  const auto said = receiver.said();
  ASSERT_EQ(said.size(), 4u);
  EXPECT_EQ(said[1].root().text_or("body", "a"), said[3].root().text_or("body", "b")) << "the same bytes on every try";
}

}  // namespace
}  // namespace vigie
