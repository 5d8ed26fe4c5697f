// Messages of chats judged by what others wrote: npm's @slack/types, discord-api-types, adaptivecards and
// telegram-test-api (tests/node/).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "base/http_client.h"
#include "base/metrics.h"
#include "tests/alerts/chat_sample.h"
#include "tests/alerts/servers.h"
#include "tests/alerts/story_any.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using namespace test;

using testing::HasSubstr;

bool have_judges() {
  return have_program("node") && std::filesystem::exists(source_path("tests/node/node_modules/adaptivecards")) &&
         std::filesystem::exists(source_path("tests/node/node_modules/telegram-test-api"));
}

Finished judged(const std::string& folder, const std::vector<std::string>& options = {}) {
  std::vector<std::string> command = {"node", source_path("tests/node/check_chats.mjs").string(), folder};
  command.insert(command.end(), options.begin(), options.end());
  return run(command);
}

class ChatOracles : public testing::Test {
 protected:
  void SetUp() override {
    if (!have_judges()) GTEST_SKIP() << "no node, or not its packages: npm ci --ignore-scripts in tests/node";
  }
};

TEST_F(ChatOracles, AcceptEveryMessageThatWasLookedAt) {
  const auto found = judged(source_path("tests/alerts/data").string());

  EXPECT_EQ(found.status, 0) << found.out << found.err;
  EXPECT_THAT(found.out, HasSubstr(R"("kind":"teams","messages":32)"));
}

TEST_F(ChatOracles, SeeAMistakeInEachOfThem) {
  const auto found = judged(source_path("tests/alerts/data").string(), {"--spoil"});

  EXPECT_EQ(found.status, 0) << found.out << found.err;
}

TEST_F(ChatOracles, AcceptMessagesOfAnyText) {
  const TempDir folder;
  rc::detail::TestParams fifty = rc::detail::configuration().testParams;
  fifty.maxSuccess = 50;
  int count = 0;
  for (const std::string kind : {"slack", "discord", "teams"}) {
    std::filesystem::create_directories(folder.path() / kind);
    ChatBench bench(kind);
    const rc::detail::TestResult written = rc::detail::checkTestable(
        [&] {
          std::ofstream(folder.path() / kind / (std::to_string(++count) + ".json")) << *bench.render(any_story());
        },
        rc::detail::TestMetadata{}, fifty);
    EXPECT_TRUE(written.is<rc::detail::SuccessResult>());
  }

  const auto found = judged(folder.path().string());

  EXPECT_EQ(found.status, 0) << found.out << found.err;
}

TEST_F(ChatOracles, PlayTheBotApiForATelegramMessage) {
  PortServer server({"node", source_path("tests/node/telegram_server.mjs").string()});
  ASSERT_NE(server.port, 0) << server.err();
  const std::string address = "127.0.0.1:" + std::to_string(server.port);
  const SystemClock clock;
  Metrics metrics;
  HttpOptions options;
  options.allow_private = {address};
  options.extra_ports = {server.port};
  const auto http = make_http_client(options, clock, metrics);
  ChatBench bench("telegram");
  bench.to.url = "http://" + address;
  const std::string payload = *bench.render(sample_story());
  const MailSettings mail;
  const auto notifier = *make_notifier("telegram", {*http, clock, mail, "https://avis.example.org"});

  const auto sent = notifier->send(payload, {bench.owed, bench.to, "", ""});

  ASSERT_TRUE(sent) << sent.error().what;
  EXPECT_EQ(sent->remote_id, "1");
  ASSERT_TRUE(server.says("\"bot\""));
  const auto said = server.said();
  EXPECT_EQ(said.at(1).root().text_or("bot", ""), bench.to.secret);
  EXPECT_THAT(said.at(1).root().text_or("message.text", ""), testing::StartsWith("<b>🟠 Acme"));
}

// Debian's apprise sends to both, too: what it asks for stands in what we ask for, under the same names and of the same
// types. What a webhook's own settings say, it says again: name, picture and Rocket.Chat's channel.
TEST(Apprise, NamesTheSameFields) {
  const Finished asked = run({kPython, source_path("tests/alerts/apprise_fields.py").string()});
  if (asked.status == 77) GTEST_SKIP() << asked.err;
  const std::set<std::string> dress = {"icon_url", "username", "avatar"};
  std::size_t chats = 0;

  for (const std::string_view line : split(asked.out, '\n')) {
    const auto theirs = json::parse(line);
    if (!theirs) continue;
    const std::string kind = theirs->root().text_or("chat", "");
    ChatBench bench(kind);
    if (kind == "mattermost") bench.to.to = "crisis";
    const auto ours = json::parse(*bench.render(sample_story()));
    const json::Value fields = theirs->root().at("fields");
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::string name(fields.key_at(i));
      if (dress.count(name) > 0 || (kind == "rocketchat" && name == "channel")) continue;
      ASSERT_TRUE(ours->root().find(name)) << kind << ": " << name;
      EXPECT_EQ(ours->root().find(name).type(), fields[i].type()) << kind << ": " << name;
    }
    ++chats;
  }

  EXPECT_EQ(chats, 2u) << asked.out << asked.err;
}

}  // namespace
}  // namespace vigie
