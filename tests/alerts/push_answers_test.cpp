// What each service answers beside the usual, and how what it is sent is addressed and signed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/own_words.h"
#include "base/text.h"
#include "tests/alerts/push_bench.h"
#include "tests/alerts/servers.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf, testing::ElementsAre, testing::HasSubstr, testing::Not, testing::StartsWith;

Result<Sent> answered(EndpointSettings to, int status, const std::string& body) {
  PushChannel channel(std::move(to));
  channel.answer = [&](const HttpRequest&) { return reply(status, body); };
  return channel.send(pushed_story());
}

std::string parameter(const std::string& form, const std::string& name) {
  for (const std::string_view part : split(form, '&')) {
    if (part.starts_with(name + "=")) return url_decode(part.substr(name.size() + 1), true);
  }
  return "";
}

TEST(Ntfy, PostsToTheRootWithItsTokenApart) {
  PushChannel channel(push_endpoint("ntfy"));
  channel.answer = [](const HttpRequest&) { return reply(200, R"({"id":"xE73"})"); };

  const auto sent = channel.send(pushed_story());

  ASSERT_TRUE(sent) << sent.error().what;
  EXPECT_EQ(sent->remote_id, "xE73");
  EXPECT_EQ(channel.asked().url, "https://ntfy.example.org");
  EXPECT_THAT(channel.asked().secret_headers, ElementsAre(Header{"Authorization", "Bearer token-of-ours"}));
}

TEST(Ntfy, WaitsForTheNextDayWhenTheDaysMessagesAreSpent) {
  const auto sent = answered(push_endpoint("ntfy"), 429, R"({"code":42908,"http":429,"error":"daily limit reached"})");

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::rate_limited);
  EXPECT_EQ(sent.error().retry_in, hours(5) + minutes(49) + seconds(30)) << "from 18:10:30 to midnight UTC";
}

TEST(PushAnswers, ThatAreGarbageLeaveTheOutcomeOpen) {
  for (const std::string kind : {"ntfy", "gotify", "pushover", "pagerduty", "ovh", "twilio"}) {
    const auto sent = answered(push_endpoint(kind), 200, "<html>Welcome to the hotel's network</html>");

    ASSERT_FALSE(sent) << kind;
    EXPECT_EQ(to_text(sent.error().kind), "transient") << kind;
    EXPECT_TRUE(sent.error().maybe_done) << kind;
  }
}

TEST(Gotify, PostsWithTheApplicationsToken) {
  PushChannel channel(push_endpoint("gotify"));
  channel.answer = [](const HttpRequest&) { return reply(200, R"({"id":25,"appid":5})"); };

  const auto sent = channel.send(pushed_story());

  ASSERT_TRUE(sent) << sent.error().what;
  EXPECT_EQ(sent->remote_id, "25");
  EXPECT_EQ(channel.asked().url, "https://gotif.example.org/message");
  EXPECT_EQ(sent_header(channel.asked(), "X-Gotify-Key"), "token-of-ours");
}

TEST(Pushover, KeepsItsKeysOutOfWhatIsStored) {
  PushChannel channel(push_endpoint("pushover"));
  channel.answer = [](const HttpRequest&) { return reply(200, R"({"status":1,"request":"647d2300"})"); };

  const auto stored = channel.render(pushed_story());
  ASSERT_TRUE(channel.send(pushed_story()));

  EXPECT_THAT(*stored, AllOf(Not(HasSubstr("token-of-ours")), Not(HasSubstr("uQiRzpo4"))));
  EXPECT_EQ(parameter(channel.asked().body, "token"), "token-of-ours");
  EXPECT_EQ(parameter(channel.asked().body, "user"), "uQiRzpo4DXghDmr9QzzfQu27cmVRsG");
  EXPECT_EQ(parameter(channel.asked().body, "priority"), "1");
}

TEST(Pushover, TellsAWrongTokenFromAWrongMessage) {
  EXPECT_EQ(answered(push_endpoint("pushover"), 400,
                     R"({"token":"invalid","errors":["application token is invalid"],"status":0})")
                .error()
                .kind,
            ErrorKind::denied);
  EXPECT_EQ(answered(push_endpoint("pushover"), 400, R"({"message":"cannot be blank","status":0})").error().kind,
            ErrorKind::bad_data);
  EXPECT_EQ(answered(push_endpoint("pushover"), 429, R"({"status":0})").error().retry_in, hours(1));
}

TEST(PagerDuty, OpensTakesAndEndsOneIncident) {
  PushChannel channel(push_endpoint("pagerduty"));
  channel.answer = [](const HttpRequest&) { return reply(202, R"({"status":"success"})"); };
  std::vector<std::string> told;

  for (const char* purpose : {"first", "worse", "acked", "escalate", "resolved"}) {
    ASSERT_TRUE(channel.send(pushed_story(purpose)));
    const auto event = json::parse(channel.asked().body);
    told.push_back(concat(event->root().text_or("event_action", ""), " ", event->root().text_or("dedup_key", "")));
    EXPECT_EQ(event->root().text_or("routing_key", ""), "0123456789abcdef0123456789abcdef");
  }
  Story again = pushed_story("reopened");
  again.epoch = 1;
  ASSERT_TRUE(channel.send(again));

  const std::string key = "vigie-c3155696cb036933-0";
  EXPECT_THAT(
      told, ElementsAre("trigger " + key, "trigger " + key, "acknowledge " + key, "trigger " + key, "resolve " + key));
  EXPECT_EQ(json::parse(channel.asked().body)->root().text_or("dedup_key", ""), "vigie-c3155696cb036933-1");
  EXPECT_EQ(json::parse(channel.asked().body)->root().text_or("payload.severity", ""), "error");
  EXPECT_THAT(*channel.render(again), Not(HasSubstr("0123456789abcdef0123456789abcdef"))) << "the key is not stored";
}

TEST(Alertmanager, HearsOfWhatStaysOpenBeforeItLetsGo) {
  PushChannel channel(push_endpoint("alertmanager"));
  const auto ends = [&](const std::string& purpose) {
    return json::parse(*channel.render(pushed_story(purpose)))->root()[0].text_or("endsAt", "");
  };

  EXPECT_EQ(ends("first"), "2026-11-22T06:10:00Z") << "three times the four hours after which it is told again";
  EXPECT_EQ(ends("acked"), "2026-11-28T18:32:00Z") << "who took it is not reminded";
  EXPECT_EQ(ends("resolved"), "2026-11-21T20:25:00Z");
}

TEST(Alertmanager, IsGivenItsPasswordApart) {
  EndpointSettings to = push_endpoint("alertmanager");
  to.account = "vigie";
  PushChannel channel(to);

  ASSERT_TRUE(channel.send(pushed_story()));

  EXPECT_EQ(channel.asked().url, "https://alert.example.org/api/v2/alerts");
  EXPECT_EQ(sent_header(channel.asked(), "Authorization"), "Basic dmlnaWU6dG9rZW4tb2Ytb3Vycw==");
}

// --- Text messages
// ----------------------------------------------------------------------------------------------------

EndpointSettings ovh() {
  EndpointSettings to = push_endpoint("ovh");
  to.secrets = {
      {"app_key", "AppKey0123456789"}, {"app_secret", "AppSecret-9f8e7d6c"}, {"consumer_key", "Consumer-4b5a"}};
  return to;
}

TEST(Ovh, SignsAsTheirDocumentationSays) {
  PushChannel channel(ovh());
  channel.answer = [](const HttpRequest&) {
    return reply(200, R"({"ids":[7],"validReceivers":["+33612345678"],"invalidReceivers":[]})");
  };
  ASSERT_TRUE(channel.send(pushed_story()));
  const HttpRequest& request = channel.asked();

  // Worked out once more, by other means.
  const Finished python = run({kPython, "-c",
                               "import hashlib,sys; b=sys.stdin.buffer.read(); "
                               "print('$1$'+hashlib.sha1(b'AppSecret-9f8e7d6c+Consumer-4b5a+POST+'+sys.argv[1].encode()"
                               "+b'+'+b+b'+'+sys.argv[2].encode()).hexdigest())",
                               request.url, sent_header(request, "X-Ovh-Timestamp")},
                              {.input = request.body});

  EXPECT_EQ(request.url, "https://eu.api.ovh.com/1.0/sms/sms-ab12345-1/jobs");
  EXPECT_EQ(sent_header(request, "X-Ovh-Timestamp"), std::to_string(to_epoch(channel.clock.now())));
  EXPECT_EQ(sent_header(request, "X-Ovh-Signature") + "\n", python.out) << python.err;
  EXPECT_EQ(sent_header(request, "X-Ovh-Application"), "AppKey0123456789");
  EXPECT_EQ(sent_header(request, "X-Ovh-Consumer"), "Consumer-4b5a");
}

TEST(Ovh, TakesARefusedNumberForAFailure) {
  const auto sent = answered(ovh(), 200, R"({"ids":[],"validReceivers":[],"invalidReceivers":["+33612345678"]})");

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::bad_data);
  EXPECT_THAT(sent.error().what, HasSubstr("the number was refused"));
}

TEST(Twilio, SendsAFormInTheAccountsName) {
  PushChannel channel(push_endpoint("twilio"));
  channel.answer = [](const HttpRequest&) { return reply(201, R"({"sid":"SM1","status":"queued"})"); };

  const auto sent = channel.send(pushed_story("first", "fr", true, true));

  ASSERT_TRUE(sent) << sent.error().what;
  EXPECT_EQ(sent->remote_id, "SM1");
  EXPECT_FALSE(sent->verified) << "it stands in a queue";
  EXPECT_EQ(channel.asked().url,
            "https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json");
  EXPECT_THAT(sent_header(channel.asked(), "Authorization"), StartsWith("Basic "));
  EXPECT_EQ(parameter(channel.asked().body, "From"), "+15005550006");
  EXPECT_EQ(parameter(channel.asked().body, "Body"),
            concat("Vigie Acme : messages négatifs x6 (livraison), 212 en 1 h 30, attendu 35, à prendre avant 19:25 ",
                   pushed_story("first", "fr", true, true).link("ack")->url));
}

TEST(Twilio, SendsThroughAMessagingService) {
  EndpointSettings to = push_endpoint("twilio");
  to.from = "MG0123456789abcdef0123456789abcdef";
  PushChannel channel(to);

  const std::string form = *channel.render(pushed_story());

  EXPECT_EQ(parameter(form, "MessagingServiceSid"), to.from);
  EXPECT_EQ(parameter(form, "From"), "");
}

// --- Webhook
// ----------------------------------------------------------------------------------------------------------

TEST(WebhookBody, IsCutToItsWordsWhenTheFactsAreTooMany) {
  EndpointSettings to = test::endpoint("webhook", "en");
  PushChannel channel(to);
  channel.owed().document = concat(R"({"version":1,"long":")", std::string(30'000, 'x'), "\"}");

  const auto body = channel.render(pushed_story("first", "en"));

  ASSERT_TRUE(body) << body.error().what;
  EXPECT_LT(body->size(), 20u << 10);
  const auto event = json::parse(*body);
  EXPECT_TRUE(event->root().boolean_or("data.truncated", false));
  EXPECT_EQ(event->root().text_or("data.title", ""), "Acme: negative posts 6× usual (delivery)");
  EXPECT_EQ(event->root().text_or("data.url", ""), "https://vigie.example.org/incidents/c3155696cb036933");
}

}  // namespace
}  // namespace vigie
