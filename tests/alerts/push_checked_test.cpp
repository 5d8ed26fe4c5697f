// Our messages before judges that we did not write: npm's standardwebhooks, svix, cloudevents, http_ece and ajv, and
// Debian's Alertmanager. Each test leaves, saying so, where its judge is absent.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "alerts/web_push.h"
#include "base/http_client.h"
#include "base/metrics.h"
#include "base/secret.h"
#include "tests/alerts/push_bench.h"
#include "tests/alerts/servers.h"

namespace vigie {
namespace {

using namespace test;
using testing::HasSubstr;

bool have_judges() {
  static const bool found = have_program("node") &&
                            std::filesystem::exists(source_path("tests/node/node_modules/svix")) &&
                            std::filesystem::exists(source_path("tests/node/node_modules/http_ece"));
  return found;
}

// What the judges say to each of these questions, in order.
std::vector<json::Document> judged(const std::string& questions) {
  const Finished done = run({"node", source_path("tests/node/check_push.mjs").string()}, {.input = questions});
  EXPECT_EQ(done.status, 0) << done.err;
  std::vector<json::Document> verdicts;
  for (const std::string_view line : split(done.out, '\n')) {
    if (auto parsed = json::parse(line)) verdicts.push_back(*std::move(parsed));
  }
  return verdicts;
}

#define VIGIE_JUDGES_OR_SKIP() \
  if (!have_judges())          \
  GTEST_SKIP() << "no node, or tests/node/node_modules is absent: npm ci --ignore-scripts in tests/node"

// --- Webhook
// ----------------------------------------------------------------------------------------------------------

constexpr const char* kNew = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* kOld = "whsec_b2xkZXIxMjM0NTY3ODlhYmNkZWYwMTIz";
constexpr const char* kOther = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

std::string webhook_question(const HttpRequest& request, const std::string& secret, const std::string& body,
                             const std::string& timestamp) {
  json::Writer out;
  out.begin_object()
      .member("as", "webhook")
      .member("secret", secret)
      .member("body", body)
      .key("headers")
      .begin_object();
  for (const char* prefix : {"webhook-", "svix-"}) {
    out.member(concat(prefix, "id"), sent_header(request, "webhook-id"));
    out.member(concat(prefix, "timestamp"), timestamp);
    out.member(concat(prefix, "signature"), sent_header(request, "webhook-signature"));
  }
  return out.end_object().end_object().take() + "\n";
}

TEST(CheckedWebhook, IsSignedByEverySecretWhileTheyAreReplaced) {
  VIGIE_JUDGES_OR_SKIP();
  EndpointSettings to = test::endpoint("webhook", "en");
  to.url = "https://hooks.example.org/x";
  to.secret = kNew;
  to.old_secrets = {kOld};
  PushChannel channel(to);
  channel.clock.set(SystemClock().now());
  ASSERT_TRUE(channel.send(sample_story()));
  const HttpRequest& request = channel.asked();
  const std::string body = request.body, now = sent_header(request, "webhook-timestamp");
  const std::string late = std::to_string(std::stoll(now) - 301), early = std::to_string(std::stoll(now) + 301);

  const auto verdicts =
      judged(webhook_question(request, kNew, body, now) + webhook_question(request, kOld, body, now) +
             webhook_question(request, kOther, body, now) + webhook_question(request, kNew, body + " ", now) +
             webhook_question(request, kNew, body, late) + webhook_question(request, kNew, body, early));

  ASSERT_EQ(verdicts.size(), 6u);
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const bool good = i < 2;  // another secret, a byte more, another time: no
    EXPECT_EQ(verdicts[i].root().boolean_or("standardwebhooks", !good), good) << i;
    EXPECT_EQ(verdicts[i].root().boolean_or("svix", !good), good) << i;
  }
}

TEST(CheckedWebhook, IsACloudEventWhateverItTells) {
  VIGIE_JUDGES_OR_SKIP();
  EndpointSettings to = test::endpoint("webhook", "en");
  to.secret = kNew;
  PushChannel channel(to);
  const std::map<std::string, std::string> types = {{"first", "org.vigie.incident.opened.v1"},
                                                    {"worse", "org.vigie.incident.updated.v1"},
                                                    {"reopened", "org.vigie.incident.reopened.v1"},
                                                    {"acked", "org.vigie.incident.acknowledged.v1"},
                                                    {"escalate", "org.vigie.incident.escalated.v1"},
                                                    {"resolved", "org.vigie.incident.resolved.v1"},
                                                    {"over", "org.vigie.incident.resolved.v1"},
                                                    {"repeat", "org.vigie.incident.repeated.v1"},
                                                    {"blind", "org.vigie.incident.updated.v1"},
                                                    {"assigned", "org.vigie.incident.escalated.v1"},
                                                    {"merged", "org.vigie.incident.resolved.v1"},
                                                    {"delayed", "org.vigie.incident.opened.v1"},
                                                    {"digest", "org.vigie.digest.v1"},
                                                    {"budget", "org.vigie.digest.v1"},
                                                    {"test", "org.vigie.test.v1"}};
  std::string questions;
  for (const std::string& purpose : kStoryPurposes) {
    const auto body = channel.render(sample_story(purpose, "en"));
    ASSERT_TRUE(body) << body.error().what;
    EXPECT_LT(body->size(), 20u << 10);
    questions +=
        json::Writer().begin_object().member("as", "cloudevent").member("body", *body).end_object().take() + "\n";
  }
  questions += R"({"as":"cloudevent","body":"{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"x\"}"})"
               "\n";

  const auto verdicts = judged(questions);

  ASSERT_EQ(verdicts.size(), kStoryPurposes.size() + 1);
  for (std::size_t i = 0; i < kStoryPurposes.size(); ++i) {
    EXPECT_TRUE(verdicts[i].root().boolean_or("ok", false)) << verdicts[i].root().text_or("error", "");
    EXPECT_EQ(verdicts[i].root().text_or("type", ""), types.at(kStoryPurposes[i]));
  }
  EXPECT_FALSE(verdicts.back().root().boolean_or("ok", true)) << "the judge takes an event without a source";
}

// --- Web Push
// ---------------------------------------------------------------------------------------------------------

// The receiver of RFC 8291, 5.
constexpr const char* kSubscription =
    R"({"endpoint":"https://push.example.org/send/1","keys":{"auth":"BTBZMqHH6r4Tts7J_aSIgg",)"
    R"("p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"}})";
constexpr const char* kReceiverKey = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";

TEST(CheckedWebPush, IsOpenedByTheBrowserAlone) {
  VIGIE_JUDGES_OR_SKIP();
  EndpointSettings to = push_endpoint("webpush");
  to.from = "push@example.org";
  to.secrets = {{"subscription", kSubscription}, {"vapid", "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"}};
  PushChannel channel(to);
  channel.answer = [](const HttpRequest&) { return reply(201, ""); };
  const auto sent = channel.send(pushed_story());
  ASSERT_TRUE(sent) << sent.error().what;
  EXPECT_FALSE(sent->verified);
  const HttpRequest& request = channel.asked();
  const auto question = [&](std::string body) {
    json::Writer out;
    out.begin_object()
        .member("as", "webpush")
        .member("private_key", kReceiverKey)
        .key("subscription")
        .raw(kSubscription);
    out.member("authorization", sent_header(request, "Authorization"))
        .member("body_base64", to_base64(body))
        .end_object();
    return out.take() + "\n";
  };
  std::string tampered = request.body;
  tampered.back() = static_cast<char>(tampered.back() ^ 1);

  const auto verdicts = judged(question(request.body) + question(tampered));

  ASSERT_EQ(verdicts.size(), 2u);
  const json::Value verdict = verdicts[0].root();
  EXPECT_EQ(verdict.text_or("plain", verdict.text_or("error", "")), *channel.render(pushed_story()));
  EXPECT_EQ(verdict.text_or("claims.aud", ""), "https://push.example.org");
  EXPECT_EQ(verdict.text_or("claims.sub", ""), "mailto:push@example.org");
  EXPECT_LE(verdict.integer_or("claims.exp", 0), to_epoch(channel.clock.now() + kDay));
  EXPECT_FALSE(verdicts[1].root().boolean_or("ok", true));
  EXPECT_EQ(request.url, "https://push.example.org/send/1");
  EXPECT_EQ(sent_header(request, "Content-Encoding"), "aes128gcm");
  EXPECT_EQ(sent_header(request, "Topic"), "c3155696cb036933");
  EXPECT_EQ(sent_header(request, "Urgency"), "high");
  EXPECT_EQ(sent_header(request, "TTL"), "14400");
}

// --- PagerDuty
// --------------------------------------------------------------------------------------------------------

TEST(CheckedPagerDuty, SendsEventsOfItsSchema) {
  VIGIE_JUDGES_OR_SKIP();
  PushChannel channel(push_endpoint("pagerduty"));
  channel.answer = [](const HttpRequest&) { return reply(202, R"({"status":"success"})"); };
  std::string questions;
  for (const std::string& purpose : kStoryPurposes) {
    if (purpose == "digest" || purpose == "budget") continue;
    for (const Story& story : {sample_story(purpose), hostile_story(purpose)}) {
      if (story.incident.empty() && purpose != "test") continue;
      ASSERT_TRUE(channel.send(story)) << purpose;
      questions += json::Writer()
                       .begin_object()
                       .member("as", "pagerduty")
                       .member("body", channel.asked().body)
                       .end_object()
                       .take() +
                   "\n";
    }
  }
  questions += R"({"as":"pagerduty","body":"{\"routing_key\":\"x\",\"event_action\":\"trigger\"}"})"
               "\n";

  const auto verdicts = judged(questions);

  ASSERT_GE(verdicts.size(), 10u);
  for (std::size_t i = 0; i + 1 < verdicts.size(); ++i)
    EXPECT_TRUE(verdicts[i].root().boolean_or("ok", false)) << verdicts[i].root().text_or("error", "");
  EXPECT_FALSE(verdicts.back().root().boolean_or("ok", true)) << "the judge takes what is no event";
}

// --- Alertmanager
// -----------------------------------------------------------------------------------------------------

bool have_alertmanager() { return have_program("prometheus-alertmanager"); }

// Debian's Alertmanager, which posts what it has to say to `receiver`.
class RealAlertmanager {
 public:
  explicit RealAlertmanager(const std::string& receiver) : port(free_port()) {
    const std::string config =
        dir_.write("am.yml", concat("route:\n  receiver: hook\n  group_by: [alertname, brand, incident]\n"
                                    "  group_wait: 0s\n  group_interval: 1s\n  repeat_interval: 1h\n"
                                    "receivers:\n- name: hook\n  webhook_configs:\n  - url: ",
                                    receiver, "\n    send_resolved: true\n"));
    process_ = std::make_unique<Process>(std::vector<std::string>{
        "prometheus-alertmanager", "--config.file=" + config, "--storage.path=" + dir_.file("data"),
        concat("--web.listen-address=127.0.0.1:", std::to_string(port)), "--cluster.listen-address="});
  }
  bool up() { return process_->answers(port); }
  std::string err() const { return process_->err(); }

  const int port;

 private:
  TempDir dir_;
  std::unique_ptr<Process> process_;
};

class CheckedAlertmanager : public testing::Test {
 protected:
  void SetUp() override {
    if (!have_alertmanager()) GTEST_SKIP() << "Debian's prometheus-alertmanager is not installed";
  }

  std::unique_ptr<HttpClient> client(const std::vector<int>& ports) {
    HttpOptions options;
    for (const int port : ports) options.allow_private.push_back(concat("127.0.0.1:", std::to_string(port)));
    options.extra_ports = ports;
    return make_http_client(options, clock_, metrics_);
  }

  // As the sender does it, to a real address; the story happens now.
  Result<Sent> push(HttpClient& http, const std::string& kind, const std::string& url, Story story) {
    story.opened = clock_.now() - minutes(10);
    story.now = clock_.now();
    if (story.tone == Story::Tone::good) story.ended = clock_.now();
    EndpointSettings to = test::endpoint(kind, "en");
    to.url = url;
    to.secret.clear();
    auto made = make_notifier(kind, {http, clock_, mail_, "https://avis.example.org"});
    const Notification owed = notification();
    const Outgoing out{owed, to, "", ""};
    TRY(const std::string payload, (*made)->render(story, out));
    return (*made)->send(payload, out);
  }

  SystemClock clock_;
  Metrics metrics_;
  MailSettings mail_;
};

// The next JSON line that a receiver of tests/support/receiver.py was posted.
json::Document posted(PortServer& receiver, std::size_t index) {
  receiver.says(concat("posted ", std::to_string(index + 1), "\n"));
  auto lines = receiver.said();
  return lines.size() > index + 1 ? std::move(lines[index + 1]) : json::Document();
}

std::vector<std::string> keys_of(const json::Value& value) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < value.size(); ++i) keys.emplace_back(value.key_at(i));
  std::sort(keys.begin(), keys.end());
  return keys;
}

TEST_F(CheckedAlertmanager, TakesAnAlertAndItsEndAndPostsTheShapeThatWePostOurselves) {
  PortServer receiver({kPython, source_path("tests/support/receiver.py").string()});
  ASSERT_NE(receiver.port, 0) << receiver.err();
  const std::string hook = concat("http://127.0.0.1:", std::to_string(receiver.port), "/");
  RealAlertmanager alertmanager(hook);
  ASSERT_TRUE(alertmanager.up()) << alertmanager.err();
  const auto http = client({alertmanager.port, receiver.port});
  const std::string url = concat("http://127.0.0.1:", std::to_string(alertmanager.port));

  const auto opened = push(*http, "alertmanager", url, pushed_story("first", "en"));
  ASSERT_TRUE(opened) << opened.error().what;
  const json::Document firing = posted(receiver, 0);
  const auto ended = push(*http, "alertmanager", url, pushed_story("resolved", "en"));
  ASSERT_TRUE(ended) << ended.error().what;
  const json::Document over = posted(receiver, 1);
  ASSERT_TRUE(push(*http, "alertmanager_webhook", hook, pushed_story("first", "en")));
  const json::Document ours = posted(receiver, 2);
  ASSERT_TRUE(push(*http, "alertmanager_webhook", hook, pushed_story("resolved", "en")));
  const json::Document our_end = posted(receiver, 3);

  const json::Value theirs = firing.root();
  EXPECT_EQ(theirs.text_or("status", ""), "firing");
  EXPECT_EQ(theirs.text_or("alerts.0.labels.brand", ""), "acme");
  EXPECT_EQ(theirs.text_or("alerts.0.labels.severity", ""), "high");
  EXPECT_EQ(over.root().text_or("status", ""), "resolved");
  EXPECT_EQ(over.root().at("alerts").size(), 1u);

  // The same names, levels and values where both say the same thing.
  EXPECT_EQ(keys_of(ours.root()), keys_of(theirs));
  EXPECT_EQ(keys_of(ours.root().at("alerts")[0]), keys_of(theirs.at("alerts")[0]));
  EXPECT_EQ(keys_of(ours.root().at("commonLabels")), keys_of(theirs.at("commonLabels")));
  EXPECT_EQ(keys_of(ours.root().at("groupLabels")), keys_of(theirs.at("groupLabels")));
  for (const char* same : {"version", "status", "groupKey", "alerts.0.endsAt", "alerts.0.labels.alertname",
                           "alerts.0.annotations.summary", "alerts.0.generatorURL"})
    EXPECT_EQ(ours.root().text_or(same, "ours"), theirs.text_or(same, "theirs")) << same;
  EXPECT_EQ(our_end.root().text_or("status", ""), "resolved");
  EXPECT_EQ(ours.root().text_or("alerts.0.fingerprint", "").size(), theirs.text_or("alerts.0.fingerprint", "").size());
}

TEST_F(CheckedAlertmanager, HoldsOneAlertOfAnIncidentThatGrowsGraver) {
  PortServer receiver({kPython, source_path("tests/support/receiver.py").string()});
  RealAlertmanager alertmanager(concat("http://127.0.0.1:", std::to_string(receiver.port), "/"));
  ASSERT_TRUE(alertmanager.up()) << alertmanager.err();
  const auto http = client({alertmanager.port});
  const std::string url = concat("http://127.0.0.1:", std::to_string(alertmanager.port));

  ASSERT_TRUE(push(*http, "alertmanager", url, pushed_story("first", "en")));
  Story graver = pushed_story("worse", "en");
  graver.severity = 5;
  graver.tone = Story::Tone::critical;
  ASSERT_TRUE(push(*http, "alertmanager", url, graver));
  const auto active = fetch(*http, get(url + "/api/v2/alerts", {{"active", "true"}}));

  ASSERT_TRUE(active) << active.error().what;
  const auto alerts = json::parse(active->body);
  ASSERT_TRUE(alerts) << active->body;
  ASSERT_EQ(alerts->root().size(), 1u) << active->body;
  EXPECT_EQ(alerts->root()[0].text_or("labels.severity", ""), "critical");
}

TEST_F(CheckedAlertmanager, SaysWhyItRefuses) {
  PortServer receiver({kPython, source_path("tests/support/receiver.py").string()});
  RealAlertmanager alertmanager(concat("http://127.0.0.1:", std::to_string(receiver.port), "/"));
  ASSERT_TRUE(alertmanager.up()) << alertmanager.err();
  const auto http = client({alertmanager.port});

  const auto sent = push(*http, "alertmanager",
                         concat("http://127.0.0.1:", std::to_string(alertmanager.port), "/wrong"), pushed_story());

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::bad_data);
  EXPECT_THAT(sent.error().what, HasSubstr("alertmanager on-call: answered 404"));
}

// --- ntfy and Gotify, as Debian's apprise speaks to them
// -----------------------------------------------------------------

TEST(CheckedNames, OfNtfyAndGotifyAreThoseOfAnotherClient) {
  if (!std::filesystem::exists("/usr/bin/apprise")) GTEST_SKIP() << "Debian's apprise is not installed";
  PortServer receiver({kPython, source_path("tests/support/receiver.py").string()});
  ASSERT_NE(receiver.port, 0) << receiver.err();
  const std::string at = concat("127.0.0.1:", std::to_string(receiver.port));
  for (const std::string& address : {concat("ntfy://", at, "/acme-alerts"), concat("gotify://", at, "/token123")}) {
    const Finished sent = run({"/usr/bin/apprise", "-t", "Title", "-b", "Body", address});
    ASSERT_EQ(sent.status, 0) << sent.err;
  }

  const std::vector<std::string> kinds = {"ntfy", "gotify"};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const json::Document theirs = posted(receiver, i);
    const auto ours = json::parse(*PushChannel(push_endpoint(kinds[i])).render(pushed_story()));
    ASSERT_GE(theirs.root().size(), 3u) << kinds[i];
    for (std::size_t key = 0; key < theirs.root().size(); ++key) {
      const json::Value found = ours->root().find(theirs.root().key_at(key));
      ASSERT_TRUE(found) << kinds[i] << " " << theirs.root().key_at(key);
      EXPECT_EQ(to_text(found.type()), to_text(theirs.root()[key].type())) << theirs.root().key_at(key);
    }
  }
}

}  // namespace
}  // namespace vigie
