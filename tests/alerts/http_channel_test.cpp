#include "alerts/http_channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/alerts/sample.h"
#include "tests/support/fake_http.h"

namespace vigie {
namespace {

using testing::HasSubstr, testing::Not;

constexpr const char* kToken = "B7f3Kq9ZtokenOfOurs";

HttpReply answer(int status, std::string body = "", std::optional<Duration> retry_after = std::nullopt) {
  HttpReply reply = *test::reply(status, std::move(body));
  reply.retry_after = retry_after;
  return reply;
}

EndpointSettings hook() {
  EndpointSettings settings = test::endpoint("chat");
  settings.url = std::string("https://chat.example.org/hooks/T0/") + kToken;
  settings.secret = "xoxb-secret-of-ours";
  return settings;
}

TEST(HttpChannel, AsksOnceWithoutFollowingAndTakesLittle) {
  test::FakeHttp http([](const HttpRequest&) { return test::reply(302, ""); });

  const auto reply = post(http, {.url = "https://chat.example.org/x", .body = "{}"});

  ASSERT_TRUE(reply);
  const HttpRequest& request = http.asked.at(0);
  EXPECT_EQ(reply->status, 302);
  EXPECT_EQ(request.method, "POST");
  EXPECT_FALSE(request.follow_redirects);
  EXPECT_LE(request.max_bytes, 64u << 10);
  EXPECT_EQ(request.timeout, limits::kNotification);
  EXPECT_EQ(request.headers.at(0).second, "application/json; charset=utf-8");
}

TEST(HttpChannel, TellsWhatEachStatusAsksFor) {
  const std::vector<std::pair<int, ErrorKind>> owed = {
      {302, ErrorKind::transient}, {308, ErrorKind::bad_data},     {400, ErrorKind::bad_data},
      {401, ErrorKind::denied},    {403, ErrorKind::denied},       {404, ErrorKind::bad_data},
      {408, ErrorKind::transient}, {410, ErrorKind::gone},         {413, ErrorKind::bad_data},
      {425, ErrorKind::transient}, {429, ErrorKind::rate_limited}, {503, ErrorKind::transient}};

  for (const auto& [status, kind] : owed) {
    const auto judged = judge_status(answer(status, "why"));

    ASSERT_FALSE(judged) << status;
    EXPECT_EQ(to_text(judged.error().kind), to_text(kind)) << status;
    EXPECT_THAT(judged.error().what, HasSubstr(std::to_string(status)));
    EXPECT_THAT(judged.error().what, HasSubstr("saying: why"));
  }
  EXPECT_TRUE(judge_status(answer(202)));
  EXPECT_TRUE(judge_status(answer(204)));
}

TEST(HttpChannel, KnowsThatABrokenGatewayMayHaveLetTheMessageThrough) {
  EXPECT_TRUE(judge_status(answer(502)).error().maybe_done);
  EXPECT_TRUE(judge_status(answer(504)).error().maybe_done);
  EXPECT_FALSE(judge_status(answer(503)).error().maybe_done);
  EXPECT_FALSE(judge_status(answer(429)).error().maybe_done);
}

TEST(HttpChannel, ReadsEveryFormOfAWaitAndKeepsItBetweenASecondAndAnHour) {
  EXPECT_EQ(asked_to_wait(answer(429, "", seconds(30))), seconds(30));
  EXPECT_EQ(asked_to_wait(answer(429, R"({"retry_after": 1.337, "global": false})")), Duration(1337000));
  EXPECT_EQ(asked_to_wait(answer(429, R"({"ok":false,"parameters":{"retry_after":2282}})")), seconds(2282));
  EXPECT_EQ(asked_to_wait(answer(429, R"({"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500})")), Duration(2500000));
  EXPECT_EQ(asked_to_wait(answer(429, R"({"retry_after": 64.57})", seconds(65))), seconds(65));
  EXPECT_EQ(asked_to_wait(answer(429, R"({"retry_after": 0.02})")), seconds(1));
  EXPECT_EQ(asked_to_wait(answer(429, R"({"retry_after": 1e300})")), hours(1));
  EXPECT_EQ(asked_to_wait(answer(429, R"({"retry_after": -5})")), std::nullopt);
  EXPECT_EQ(asked_to_wait(answer(429, "<html>slow down</html>")), std::nullopt);
  EXPECT_EQ(judge_status(answer(429)).error().retry_in, seconds(1));
}

TEST(HttpChannel, ShowsNoPartOfASecretAddress) {
  const EndpointSettings to = hook();
  for (const std::string& said : {"POST " + to.url + ": timed out", std::string("no hook /hooks/T0/") + kToken,
                                  std::string("token ") + kToken + " is unknown", "used " + to.secret,
                                  std::string(95, 'x') + " you sent " + kToken}) {
    const auto sent = named("chat", to, fail(judge_status(answer(400, said)).error()));

    ASSERT_FALSE(sent);
    EXPECT_THAT(sent.error().what, testing::StartsWith("chat on-call: answered 400"));
    EXPECT_THAT(sent.error().what, Not(HasSubstr(std::string(kToken).substr(0, 5)))) << said;
    EXPECT_THAT(sent.error().what, Not(HasSubstr("secret-of-ours"))) << said;
  }
}

TEST(HttpChannel, ShowsAnAddressThatIsNoSecret) {
  EndpointSettings to = hook();
  to.url = "https://matrix.example.org/base";

  const auto sent = named("matrix", to, fail(ErrorKind::transient, "PUT " + to.url + ": timed out"), UrlIs::known);

  EXPECT_THAT(sent.error().what, HasSubstr("https://matrix.example.org/base"));
}

TEST(HttpChannel, TakesWhatItDoesNotUnderstandForAnOutcomeThatIsNotKnown) {
  const Error error = not_understood(answer(200, "<html>sign in</html>"));

  EXPECT_EQ(error.kind, ErrorKind::transient);
  EXPECT_TRUE(error.maybe_done);
  EXPECT_THAT(error.what, HasSubstr("sign in"));
}

}  // namespace
}  // namespace vigie
