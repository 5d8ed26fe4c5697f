// What each chat is asked, and what its answers mean: their own, beside those that every channel owes
// (tests/contract/).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/alerts/chat_sample.h"

namespace vigie {
namespace {

using namespace test;

using testing::AllOf, testing::HasSubstr, testing::Not, testing::StartsWith;

constexpr const char* kSlackTook = R"({"ok":true,"channel":"C0123456789","ts":"1763748600.001100"})";

FakeHttp::Answer says(int status, std::string body, std::optional<Duration> retry_after = std::nullopt) {
  return [=](const HttpRequest&) {
    auto answer = reply(status, body);
    answer->retry_after = retry_after;
    return answer;
  };
}

Result<Sent> answered(const std::string& kind, int status, const std::string& body,
                      std::optional<Duration> retry_after = std::nullopt) {
  return ChatBench(kind, says(status, body, retry_after)).deliver(sample_story());
}

json::Document parsed(const std::string& payload) { return *json::parse(payload); }

void expect_failure(const Result<Sent>& sent, ErrorKind kind, const std::string& told) {
  ASSERT_FALSE(sent) << told;
  EXPECT_EQ(to_text(sent.error().kind), to_text(kind)) << sent.error().what;
  EXPECT_THAT(sent.error().what, HasSubstr(told));
}

// Garbage with 200: a sign-in page of a proxy, say. It may have been posted, so it is tried again and said to be
// unsure.
TEST(EveryChatThatAnswersWithSomething, TakesGarbageForAnOutcomeThatIsNotKnown) {
  for (const std::string kind : {"slack", "mattermost", "discord", "telegram", "matrix", "googlechat", "rocketchat"}) {
    for (const char* garbage : {"<html>sign in</html>", "", "{}", "[1,2", "null"}) {
      const auto sent = answered(kind, 200, garbage);

      ASSERT_FALSE(sent) << kind << ": " << garbage;
      EXPECT_EQ(to_text(sent.error().kind), "transient") << kind << ": " << sent.error().what;
      EXPECT_TRUE(sent.error().maybe_done) << kind;
    }
  }
}

TEST(EveryChat, IsAskedOnceAndNotRedirected) {
  for (const std::string& kind : kChats) {
    ChatBench bench(kind, says(307, ""));

    EXPECT_FALSE(bench.deliver(sample_story())) << kind;

    ASSERT_EQ(bench.http.asked.size(), 1u) << kind;
    EXPECT_FALSE(bench.http.asked[0].follow_redirects) << kind;
    EXPECT_THAT(header_of(bench.http.asked[0], "Content-Type"), StartsWith("application/json")) << kind;
  }
}

TEST(EveryChat, SaysWhatIsMissingInItsSettings) {
  for (const std::string& kind : kChats) {
    ChatBench bench(kind);
    bench.to.url.clear();
    bench.to.to.clear();
    bench.to.secret.clear();

    const auto sent = bench.deliver(sample_story());

    ASSERT_FALSE(sent) << kind;
    EXPECT_EQ(sent.error().kind, ErrorKind::bad_config) << kind;
    EXPECT_TRUE(bench.http.asked.empty()) << kind;
  }
}

TEST(EveryChat, LeavesOutButtonsThatOnlyThisHouseCouldFollow) {
  Story story = sample_story();
  for (Story::Link& one : story.links) one.url = "http://localhost:8081/incidents/1";
  for (const std::string kind : {"slack", "telegram"}) {
    const std::string payload = *ChatBench(kind).render(story);

    EXPECT_THAT(payload, AllOf(Not(HasSubstr("inline_keyboard")), Not(HasSubstr("\"button\"")))) << kind;
    EXPECT_THAT(payload, HasSubstr("http://localhost:8081/incidents/1")) << "as a link in the text: " << kind;
  }
  EXPECT_THAT(*ChatBench("discord").render(story), Not(HasSubstr("\"url\":")));
}

TEST(Slack, PostsByTokenAndKeepsTheTimeStamp) {
  ChatBench bench("slack", says(200, kSlackTook));

  const auto sent = bench.deliver(sample_story());

  ASSERT_TRUE(sent) << sent.error().what;
  EXPECT_EQ(sent->remote_id, "1763748600.001100");
  EXPECT_EQ(bench.http.asked[0].url, "https://slack.com/api/chat.postMessage");
  EXPECT_EQ(header_of(bench.http.asked[0], "Authorization"), "Bearer canary-password-5521");
  EXPECT_EQ(parsed(bench.http.asked[0].body).root().text_or("channel", ""), "C0123456789");
}

TEST(Slack, AnswersInTheThreadOfTheFirstMessage) {
  ChatBench bench("slack");

  const auto update = parsed(*bench.render(sample_story("worse"), "1763748600.001100"));
  const auto escalation = parsed(*bench.render(sample_story("escalate"), "1763748600.001100"));
  const auto first = parsed(*bench.render(sample_story("first")));

  EXPECT_EQ(update.root().text_or("thread_ts", ""), "1763748600.001100");
  EXPECT_FALSE(update.root().boolean_or("reply_broadcast", false));
  EXPECT_TRUE(escalation.root().boolean_or("reply_broadcast", false)) << "somebody is waited for";
  EXPECT_FALSE(first.root().at("thread_ts"));
}

TEST(Slack, ByWebhookHasNeitherChannelNorThread) {
  ChatBench bench("slack", says(200, "ok"));
  bench.to.secret.clear();
  bench.to.url = "https://hooks.slack.com/services/T0/B0/x";

  const auto sent = bench.deliver(sample_story());
  const auto update = bench.render(sample_story("worse"), bench.owed.id);

  ASSERT_TRUE(sent) << sent.error().what;
  EXPECT_EQ(sent->remote_id, bench.owed.id);
  EXPECT_EQ(bench.http.asked[0].url, bench.to.url);
  EXPECT_FALSE(parsed(*update).root().at("thread_ts"));
  EXPECT_FALSE(parsed(*update).root().at("channel"));
}

TEST(Slack, TellsFromItsAnswerWhatItsStatusDoesNot) {
  const auto refused = [](const std::string& error) {
    return answered("slack", 200, R"({"ok":false,"error":")" + error + "\"}");
  };

  expect_failure(refused("invalid_auth"), ErrorKind::denied, "set `secret`");
  expect_failure(refused("not_in_channel"), ErrorKind::denied, "invite the app");
  expect_failure(refused("is_archived"), ErrorKind::gone, "archived");
  expect_failure(refused("invalid_blocks"), ErrorKind::bad_data, "invalid_blocks");
  expect_failure(refused("msg_too_long"), ErrorKind::bad_data, "msg_too_long");
  expect_failure(refused("service_unavailable"), ErrorKind::transient, "service_unavailable");
  expect_failure(refused("ratelimited"), ErrorKind::rate_limited, "ratelimited");
  EXPECT_EQ(answered("slack", 200, R"({"ok":false,"error":"ratelimited"})", seconds(30)).error().retry_in, seconds(30));
  EXPECT_EQ(answered("slack", 429, R"({"ok":false,"error":"ratelimited"})", seconds(12)).error().retry_in, seconds(12));
}

TEST(Slack, SaysThatItsOwnErrorsMayHavePosted) {
  for (const char* error : {"internal_error", "fatal_error"}) {
    const auto sent = answered("slack", 200, std::string(R"({"ok":false,"error":")") + error + "\"}");

    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().kind, ErrorKind::transient);
    EXPECT_TRUE(sent.error().maybe_done) << error;
  }
  EXPECT_FALSE(answered("slack", 200, R"({"ok":false,"error":"invalid_auth"})").error().maybe_done);
}

TEST(Slack, KnowsAWebhookThatIsNoMore) {
  const auto hook = [](int status, const std::string& body) {
    ChatBench bench("slack", says(status, body));
    bench.to.secret.clear();
    bench.to.url = "https://hooks.slack.com/services/T0/B0/x";
    return bench.deliver(sample_story());
  };

  expect_failure(hook(404, "no_service"), ErrorKind::gone, "no_service");
  expect_failure(hook(400, "invalid_token"), ErrorKind::denied, "no longer valid");
  expect_failure(hook(400, "invalid_payload"), ErrorKind::bad_data, "invalid_payload");
  expect_failure(hook(403, "action_prohibited"), ErrorKind::denied, "action_prohibited");
  expect_failure(hook(410, "channel_is_archived"), ErrorKind::gone, "channel_is_archived");
  expect_failure(hook(500, "rollup_error"), ErrorKind::transient, "rollup_error");
}

TEST(Teams, SaysThatAcceptedIsNotShown) {
  const auto accepted = answered("teams", 202, "");
  const auto done = answered("teams", 200, "posted");

  ASSERT_TRUE(accepted && done);
  EXPECT_FALSE(accepted->verified);
  EXPECT_TRUE(done->verified);
  EXPECT_FALSE(accepted->remote_id.empty());
}

TEST(Teams, TakesAPageForNoAnswerOfAWorkflow) {
  const auto sent = answered("teams", 200, "<html>sign in</html>");

  expect_failure(sent, ErrorKind::transient, "sign in");
  EXPECT_TRUE(sent.error().maybe_done);
}

TEST(Teams, KeepsAllFiveWindows) {
  const auto paces = channel_traits("teams").paces;

  ASSERT_EQ(paces.size(), 5u);
  EXPECT_EQ(paces[0].count, 4);
  EXPECT_EQ(paces[2].count, 100);
  EXPECT_EQ(paces[2].per, hours(1));
  EXPECT_EQ(paces[4].per, kDay);
}

TEST(Teams, KnowsAWorkflowThatIsNoMore) {
  expect_failure(answered("teams", 404, R"({"error":{"code":"WorkflowNotFound"}})"), ErrorKind::gone,
                 "workflow is gone");
  expect_failure(answered("teams", 401, R"({"error":{"code":"DirectApiAuthorizationRequired"}})"), ErrorKind::denied,
                 "copy it again");
  expect_failure(answered("teams", 400, R"({"error":{"code":"TriggerInputSchemaMismatch"}})"), ErrorKind::bad_data,
                 "TriggerInputSchemaMismatch");
}

TEST(Mattermost, MayNameAnotherChannel) {
  ChatBench bench("mattermost", says(200, "ok"));
  bench.to.to = "alertes";

  ASSERT_TRUE(bench.deliver(sample_story()));

  EXPECT_EQ(parsed(bench.http.asked[0].body).root().text_or("channel", ""), "alertes");
  EXPECT_FALSE(parsed(*ChatBench("mattermost").render(sample_story())).root().at("channel"));
}

TEST(Discord, WaitsForTheMessageAndMentionsNobody) {
  ChatBench bench("discord", says(200, R"({"id":"1170000000000000001","type":0})"));
  bench.to.to = "990000000000000007";

  const auto sent = bench.deliver(sample_story());

  ASSERT_TRUE(sent) << sent.error().what;
  EXPECT_EQ(sent->remote_id, "1170000000000000001");
  EXPECT_EQ(bench.http.asked[0].url, bench.to.url + "?wait=true&thread_id=990000000000000007");
  const auto payload = parsed(bench.http.asked[0].body);
  EXPECT_EQ(payload.root().array("allowed_mentions.parse")->size(), 0u);
}

TEST(Discord, SaysWhichPartIsRefused) {
  expect_failure(
      answered("discord", 400,
               R"({"message":"Invalid Form Body","code":50035,"errors":{"embeds":{"0":{"description":)"
               R"({"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 4096 or fewer in length."}]}}}}})"),
      ErrorKind::bad_data, "50035 embeds.0.description: Must be 4096 or fewer");
  expect_failure(answered("discord", 404, R"({"message":"Unknown Webhook","code":10015})"), ErrorKind::gone,
                 "webhook is gone");
  expect_failure(answered("discord", 401, R"({"message":"Invalid Webhook Token","code":50027})"), ErrorKind::denied,
                 "Invalid Webhook Token");
}

TEST(Discord, WaitsTheFractionThatItAsksFor) {
  const auto sent = answered(
      "discord", 429, R"({"message":"You are being rate limited.","retry_after":64.57,"global":false})", seconds(64));

  expect_failure(sent, ErrorKind::rate_limited, "rate limited");
  EXPECT_EQ(sent.error().retry_in, Duration(64'570'000));
}

TEST(Telegram, PostsInTheTopicAndAnswersTheFirstMessage) {
  ChatBench bench("telegram", says(200, R"({"ok":true,"result":{"message_id":815,"date":1}})"));
  bench.to.to = "-1001234567890:42";

  const auto payload = bench.render(sample_story("worse"), "700", "812");
  const auto sent = bench.send(*payload);

  ASSERT_TRUE(sent) << sent.error().what;
  EXPECT_EQ(sent->remote_id, "815");
  const auto asked = parsed(*payload);
  EXPECT_EQ(bench.http.asked[0].url, "https://api.telegram.org/botcanary-password-5521/sendMessage");
  EXPECT_EQ(asked.root().integer_or("chat_id", 0), -1001234567890);
  EXPECT_EQ(asked.root().integer_or("message_thread_id", 0), 42);
  EXPECT_EQ(asked.root().integer_or("reply_parameters.message_id", 0), 700);
  EXPECT_TRUE(asked.root().boolean_or("link_preview_options.is_disabled", false));
}

TEST(Telegram, RefusesAnAddressThatIsNoChat) {
  for (const char* to : {"", "acme", "@", "12:x", "12:3:4", "+33612345678", ":7"}) {
    ChatBench bench("telegram");
    bench.to.to = to;

    const auto payload = bench.render(sample_story());

    ASSERT_FALSE(payload) << to;
    EXPECT_EQ(payload.error().kind, ErrorKind::bad_config);
  }
}

TEST(Telegram, TellsTheNewNumberOfAGroupThatMoved) {
  expect_failure(
      answered(
          "telegram", 400,
          R"({"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat",)"
          R"("parameters":{"migrate_to_chat_id":-1009876543210}})"),
      ErrorKind::denied, "set `to` to \"-1009876543210\"");
}

TEST(Telegram, UnderstandsItsErrors) {
  const auto refused = [](int code, const std::string& why) {
    return answered("telegram", code,
                    R"({"ok":false,"error_code":)" + std::to_string(code) + R"(,"description":")" + why + "\"}");
  };

  expect_failure(refused(400, "Bad Request: chat not found"), ErrorKind::gone, "check `to`");
  expect_failure(refused(400, "Bad Request: can't parse entities"), ErrorKind::bad_data, "parse entities");
  expect_failure(refused(401, "Unauthorized"), ErrorKind::denied, "token");
  expect_failure(refused(403, "Forbidden: bot was blocked by the user"), ErrorKind::denied, "blocked by the user");
  EXPECT_TRUE(refused(400, "Bad Request: message is not modified")) << "it stands there already";
}

TEST(Telegram, WaitsAsLongAsItsBodyAsks) {
  const auto sent = answered("telegram", 429,
                             R"({"ok":false,"error_code":429,"description":"Too Many Requests: retry after 2282",)"
                             R"("parameters":{"retry_after":2282}})");

  expect_failure(sent, ErrorKind::rate_limited, "Too Many Requests");
  EXPECT_EQ(sent.error().retry_in, seconds(2282));
}

TEST(Matrix, NamesTheTransactionAfterTheNotification) {
  ChatBench bench("matrix", says(200, R"({"event_id":"$abc:example.org"})"));
  bench.to.url = "https://matrix.example.org/";

  const auto sent = bench.deliver(sample_story());

  ASSERT_TRUE(sent) << sent.error().what;
  EXPECT_EQ(sent->remote_id, "$abc:example.org");
  EXPECT_EQ(bench.http.asked[0].method, "PUT");
  EXPECT_EQ(
      bench.http.asked[0].url,
      "https://matrix.example.org/_matrix/client/v3/rooms/%21room%3Aexample.org/send/m.room.message/" + bench.owed.id);
  EXPECT_EQ(header_of(bench.http.asked[0], "Authorization"), "Bearer canary-password-5521");
  EXPECT_TRUE(channel_traits("matrix").idempotent);
}

TEST(Matrix, AnswersInTheThreadAndForOldClientsToTheLastMessage) {
  const auto update =
      parsed(*ChatBench("matrix").render(sample_story("worse"), "$root:example.org", "$last:example.org"));
  const json::Value relation = update.root().find("m.relates_to");

  EXPECT_EQ(relation.text_or("rel_type", ""), "m.thread");
  EXPECT_EQ(relation.text_or("event_id", ""), "$root:example.org");
  EXPECT_EQ(relation.find("m.in_reply_to").text_or("event_id", ""), "$last:example.org");
  EXPECT_TRUE(relation.boolean_or("is_falling_back", false));
}

TEST(Matrix, RingsOnlyForWhatAsksSomebody) {
  const auto type = [](const std::string& purpose) {
    return parsed(*ChatBench("matrix").render(sample_story(purpose))).root().text_or("msgtype", "");
  };

  EXPECT_EQ(type("first"), "m.text");
  EXPECT_EQ(type("escalate"), "m.text");
  EXPECT_EQ(type("resolved"), "m.notice");
  EXPECT_EQ(type("acked"), "m.notice");
}

TEST(Matrix, WaitsAsItsOldAndNewFormsAsk) {
  const auto old =
      answered("matrix", 429, R"({"errcode":"M_LIMIT_EXCEEDED","error":"Too many","retry_after_ms":2500})");
  const auto with_header = answered("matrix", 429, R"({"errcode":"M_LIMIT_EXCEEDED"})", seconds(9));

  expect_failure(old, ErrorKind::rate_limited, "M_LIMIT_EXCEEDED");
  EXPECT_EQ(old.error().retry_in, Duration(2'500'000));
  EXPECT_EQ(with_header.error().retry_in, seconds(9));
  expect_failure(answered("matrix", 413, R"({"errcode":"M_TOO_LARGE"})"), ErrorKind::bad_data, "M_TOO_LARGE");
}

TEST(Matrix, AsksForARoomAndNotAnAlias) {
  ChatBench bench("matrix");
  bench.to.to = "#acme:example.org";

  EXPECT_THAT(bench.render(sample_story()).error().what, HasSubstr("!room:example.org"));
}

TEST(GoogleChat, NamesTheRequestAfterTheNotificationAndTheThreadAfterTheIncident) {
  ChatBench bench("googlechat",
                  says(200, R"({"name":"spaces/S/messages/M.M","thread":{"name":"spaces/S/threads/T"}})"));
  bench.to.url = "https://chat.googleapis.com/v1/spaces/S/messages?key=k&token=t";

  const auto sent = bench.deliver(sample_story());

  ASSERT_TRUE(sent) << sent.error().what;
  EXPECT_EQ(sent->remote_id, "spaces/S/messages/M.M");
  EXPECT_EQ(bench.http.asked[0].url,
            bench.to.url + "&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD&requestId=" + bench.owed.id);
  EXPECT_EQ(parsed(bench.http.asked[0].body).root().text_or("thread.threadKey", ""), "vigie-c3155696cb036933");
  EXPECT_TRUE(channel_traits("googlechat").idempotent);
  EXPECT_FALSE(parsed(*bench.render(sample_story("digest"))).root().at("thread").at("threadKey").raw() == "vigie-");
}

TEST(RocketChat, SaysWithTwoHundredToo) {
  EXPECT_TRUE(answered("rocketchat", 200, R"({"success":true})"));
  expect_failure(answered("rocketchat", 200, R"({"success":false,"error":"error-invalid-channel"})"),
                 ErrorKind::bad_data, "error-invalid-channel");
}

}  // namespace
}  // namespace vigie
