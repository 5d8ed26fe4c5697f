// What every way of telling people owes, each kind found by its name: what the remote does becomes the right kind of
// error, and no secret shows. A new kind without a bench here fails the first test.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>

#include "base/log.h"
#include "tests/alerts/servers.h"
#include "tests/contract/notifier_bench.h"
#include "tests/support/fake_http.h"

namespace vigie {
namespace {

using namespace test;

using testing::HasSubstr, testing::Not;

class WebhookBench final : public Bench {
 public:
  std::optional<Result<Sent>> send(Remote remote) override {
    test::FakeHttp http([&](const HttpRequest& request) { return answer(remote, request); });
    EndpointSettings to = test::endpoint("webhook");
    to.url = std::string("https://hooks.example.org/services/") + kUrlToken;
    to.secret = kWebhookSecret;
    return parts_.send("webhook", http, to);
  }
  std::map<Remote, ErrorKind> owed() const override {
    return {{Remote::knows_us_not, ErrorKind::denied},       {Remote::forbids, ErrorKind::denied},
            {Remote::does_not_exist, ErrorKind::bad_data},   {Remote::is_gone, ErrorKind::gone},
            {Remote::asks_to_wait, ErrorKind::rate_limited}, {Remote::breaks, ErrorKind::transient},
            {Remote::does_not_answer, ErrorKind::transient}};
  }

 private:
  // A careless remote repeats all that it was sent.
  static Result<HttpReply> answer(Remote remote, const HttpRequest& request) {
    const std::string echo = "you sent " + request.url + " signed with " + kWebhookSecret;
    switch (remote) {
      case Remote::takes_it: return test::reply(200, echo);
      case Remote::knows_us_not: return test::reply(401, echo);
      case Remote::forbids: return test::reply(403, echo);
      case Remote::does_not_exist: return test::reply(404, echo);
      case Remote::is_gone: return test::reply(410, echo);
      case Remote::breaks: return test::reply(503, echo);
      case Remote::does_not_answer: return fail(ErrorKind::transient, "GET " + request.url + ": timed out");
      case Remote::asks_to_wait: break;
    }
    auto limited = test::reply(429, echo);
    limited->retry_after = seconds(40);
    return limited;
  }
  Parts parts_;
};

class EmailBench final : public Bench {
 public:
  std::optional<Result<Sent>> send(Remote remote) override {
    const std::map<Remote, std::vector<std::string>> options = {
        {Remote::takes_it, {}},
        {Remote::knows_us_not, {"--refuse", "auth:535"}},
        {Remote::forbids, {"--refuse", "mail:530"}},
        {Remote::does_not_exist, {"--refuse", "rcpt:550"}},
        {Remote::is_gone, {"--refuse", "data:554"}},
        {Remote::asks_to_wait, {"--refuse", "rcpt:451"}},
        {Remote::breaks, {"--refuse", "data:452"}},
    };
    parts_.mail = {"127.0.0.1", test::free_port(), "none", "", "", "Vigie <vigie@example.org>"};
    std::unique_ptr<test::SmtpServer> server;
    if (remote != Remote::does_not_answer) {
      server = std::make_unique<test::SmtpServer>(inbox_, options.at(remote));
      parts_.mail.port = server->port;
    }
    if (remote == Remote::knows_us_not) {
      parts_.mail.user = "vigie";
      parts_.mail.password = kPassword;
    }
    test::FakeHttp http([](const HttpRequest&) { return test::reply(500, ""); });
    return parts_.send("email", http, test::endpoint("email"));
  }
  std::map<Remote, ErrorKind> owed() const override {
    return {{Remote::knows_us_not, ErrorKind::denied},      {Remote::forbids, ErrorKind::denied},
            {Remote::does_not_exist, ErrorKind::bad_data},  {Remote::is_gone, ErrorKind::bad_data},
            {Remote::asks_to_wait, ErrorKind::transient},   {Remote::breaks, ErrorKind::transient},
            {Remote::does_not_answer, ErrorKind::transient}};
  }

 private:
  test::TempDir inbox_;
  Parts parts_;
};

class FileBench final : public Bench {
 public:
  std::optional<Result<Sent>> send(Remote remote) override {
    EndpointSettings to = test::endpoint("file");
    to.folder = dir_.file("mails");
    if (remote == Remote::forbids) to.folder = dir_.write("not-a-folder", "");
    if (remote != Remote::takes_it && remote != Remote::forbids) return std::nullopt;
    test::FakeHttp http([](const HttpRequest&) { return test::reply(500, ""); });
    return parts_.send("file", http, to);
  }
  std::map<Remote, ErrorKind> owed() const override { return {{Remote::forbids, ErrorKind::denied}}; }

 private:
  test::TempDir dir_;
  Parts parts_;
};

const AddBench kOurs[] = {{"webhook", [] { return std::unique_ptr<Bench>(std::make_unique<WebhookBench>()); }},
                          {"email", [] { return std::unique_ptr<Bench>(std::make_unique<EmailBench>()); }},
                          {"file", [] { return std::unique_ptr<Bench>(std::make_unique<FileBench>()); }}};

class NotifierContract : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "email" && !test::have_aiosmtpd()) GTEST_SKIP() << "Debian's python3-aiosmtpd is not installed";
    const auto made = benches().find(GetParam());
    ASSERT_NE(made, benches().end()) << "a notifier kind without a bench: add one beside this file";
    bench_ = made->second();
  }
  std::unique_ptr<Bench> bench_;
};

TEST_P(NotifierContract, DeliversWhatTheRemoteTakes) {
  const auto sent = bench_->send(Remote::takes_it);

  ASSERT_TRUE(sent && *sent) << (*sent).error().what;
  EXPECT_FALSE((*sent)->remote_id.empty());
}

TEST_P(NotifierContract, SaysWhatToDoAfterEachFailure) {
  for (const auto& [remote, kind] : bench_->owed()) {
    const auto sent = bench_->send(remote);

    ASSERT_TRUE(sent) << static_cast<int>(remote);
    ASSERT_FALSE(*sent) << static_cast<int>(remote);
    EXPECT_EQ(to_text(sent->error().kind), to_text(kind)) << sent->error().what;
    EXPECT_THAT(sent->error().what, HasSubstr(GetParam() + " on-call: ")) << "an error names the endpoint";
    EXPECT_TRUE(kind != ErrorKind::rate_limited || sent->error().retry_in) << "asked to wait, it must say how long";
  }
}

TEST_P(NotifierContract, NeverShowsASecret) {
  for (const auto& [remote, name] : kRemotes) {
    const auto sent = bench_->send(remote);
    const std::string shown = !sent ? "" : *sent ? (*sent)->remote_id : sent->error().what;

    for (const char* secret : {kWebhookSecret, kWebhookSecret + 6, kPassword, kUrlToken})
      EXPECT_THAT(shown, Not(HasSubstr(secret))) << name;
  }
}

TEST_P(NotifierContract, RefusesADocumentThatIsNotOne) {
  Parts parts;
  parts.mail = {"127.0.0.1", 1, "none", "", "", "Vigie <vigie@example.org>"};
  test::FakeHttp http([](const HttpRequest&) { return test::reply(200, ""); });
  EndpointSettings to = test::endpoint(GetParam());
  const test::TempDir dir;
  to.folder = dir.path().string();
  to.url = "https://hooks.example.org/x";
  to.secret = kWebhookSecret;
  Notification owed = test::notification();
  owed.document = "{\"version\":7}";

  const auto sent = test::deliver(**make_notifier(GetParam(), {http, parts.clock, parts.mail, ""}), owed, to);

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::bad_data);
}

INSTANTIATE_TEST_SUITE_P(Kind, NotifierContract, testing::ValuesIn(notifier_kinds()),
                         [](const auto& kind) { return kind.param; });

TEST(NotifierKinds, AreNamedWhenOneIsUnknown) {
  Parts parts;
  test::FakeHttp http([](const HttpRequest&) { return test::reply(200, ""); });

  const auto notifier = make_notifier("pigeon", {http, parts.clock, parts.mail, ""});

  ASSERT_FALSE(notifier);
  EXPECT_EQ(notifier.error().kind, ErrorKind::bad_config);
  EXPECT_THAT(notifier.error().what, HasSubstr("discord, email, file, "));
}

}  // namespace
}  // namespace vigie
