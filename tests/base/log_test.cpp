#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/json.h"
#include "base/time.h"

namespace vigie {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

using namespace std::string_literals;

// Lines written while it lives. Restores what it changed.
class Log : public testing::Test {
 protected:
  Log() {
    log::set_sink([this](std::string_view line) { lines.emplace_back(line); });
  }
  ~Log() override {
    log::set_sink({});
    log::set_json(false);
    log::set_level(log::Level::info);
  }

  std::vector<std::string> lines;
};

TEST_F(Log, WritesLogfmtForPeople) {
  log::info("collect", "polled", {{"source", "hn"}, {"items", "12"}, {"note", "two words"}, {"none", ""}});

  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], testing::StartsWith("ts="));
  EXPECT_THAT(lines[0],
              EndsWith(R"( level=info part=collect msg="polled" source=hn items=12 note="two words" none="")"));
  EXPECT_TRUE(parse_rfc3339(lines[0].substr(3, lines[0].find(' ') - 3))) << lines[0];
}

TEST_F(Log, WritesJsonLinesForMachines) {
  log::set_json(true);

  log::warn("serve", "odd \"request\"\n", {{"path", "/<x>"}});

  ASSERT_EQ(lines.size(), 1u);
  const auto line = json::parse(lines[0]);
  ASSERT_TRUE(line) << lines[0];
  EXPECT_EQ(line->root().text_or("level", ""), "warn");
  EXPECT_EQ(line->root().text_or("msg", ""), "odd \"request\"\n");
  EXPECT_EQ(line->root().text_or("path", ""), "/<x>");
}

TEST_F(Log, LeavesOutWhatIsBelowItsLevel) {
  log::write(log::Level::debug, "a", "fine detail");
  log::set_level(log::Level::error);
  log::warn("a", "not so bad");
  log::error("a", "bad");

  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("msg=\"bad\""));
}

TEST_F(Log, NeverWritesASecretInAnyField) {
  log::add_secret("hunter2/\"x\"");
  log::add_secret("hunter2");
  log::add_secret("abc");  // too short to be one: it would black out ordinary words

  log::error("notify", "POST https://x/?key=hunter2%2F%22x%22 failed",
             {{"header", "Bearer hunter2/\"x\""}, {"hunter2", "abc"}});

  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], Not(HasSubstr("hunter2")));
  EXPECT_THAT(lines[0], HasSubstr("?key=[secret] failed"));
  EXPECT_THAT(lines[0], HasSubstr("Bearer [secret]\""));
  EXPECT_THAT(lines[0], HasSubstr("=abc"));
  EXPECT_EQ(log::redact("a hunter2hunter2 b"), "a [secret][secret] b");
}

TEST_F(Log, EscapesWhatWouldForgeALineOrSteerATerminal) {
  log::info("a", "x\nlevel=error\r\t\x1b[31m\x7F\0end"s,
            {{"c1",
              "\xC2\x9B"
              "31m"},
             {"bidi", "a\u202Eb\u2066"},
             {"bad", "\xFF"},
             {"k\ney=", "v"}});

  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr(R"(msg="x\nlevel=error\r\t\x1b[31m\x7f\x00end")"));
  EXPECT_THAT(lines[0], HasSubstr(R"(c1="\xc2\x9b31m")"));
  EXPECT_THAT(lines[0], HasSubstr(R"(bidi="a\xe2\x80\xaeb\xe2\x81\xa6")"));
  EXPECT_THAT(lines[0], HasSubstr("bad=\"\uFFFD\""));
  EXPECT_THAT(lines[0], HasSubstr("k_ey_=v"));
  EXPECT_EQ(lines[0].find('\n'), std::string::npos);
}

TEST_F(Log, KeepsLinesOfManyThreadsWhole) {
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([] {
      for (int i = 0; i < 200; ++i) log::info("t", "line", {{"n", "1"}});
    });
  }
  for (std::thread& writer : writers) writer.join();

  EXPECT_EQ(lines.size(), 800u);
  for (const std::string& line : lines) ASSERT_THAT(line, EndsWith("part=t msg=\"line\" n=1"));
}

}  // namespace
}  // namespace vigie
