#include "app/cmd_score.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/cmd_detect.h"
#include "app/cmd_replay.h"

namespace vigie {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

struct Ran {
  int status;
  std::string out, err;
};

template <class Command>
Ran run(const std::string& input, Command command) {
  std::istringstream in(input);
  std::ostringstream out, err;
  const int status = command(in, out, err);
  return {status, out.str(), err.str()};
}

Ran score(const std::string& input, bool why = false) {
  return run(input, [why](auto& in, auto& out, auto& err) { return cmd_score({"", why}, in, out, err); });
}

Ran detect(const std::string& input) {
  return run(input, [](auto& in, auto& out, auto& err) { return detect_series(in, out, err); });
}

Ran replayed(const std::string& input) {
  return run(input, [](auto& in, auto& out, auto& err) { return replay(in, out, err, 1); });
}

TEST(ScoreCommand, PrintsOneLineForEachText) {
  const Ran ran = score("1\tI love this, thanks!\n2\tService nul, à fuir\tfr\treview\n");

  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, MatchesRegex("1\tpos\t0\\.[0-9]+\t0\\.[0-9]+\t0\\.[0-9]+\t0\\.[0-9]+\ten\n"
                                    "2\tneg\t0\\.[0-9]+\t0\\.[0-9]+\t0\\.[0-9]+\t0\\.[0-9]+\tfr\n"));
}

TEST(ScoreCommand, GivesReasonsWhenAsked) {
  EXPECT_THAT(score("1\tTerrible service\n", true).out, HasSubstr("Terrible "));
}

TEST(ScoreCommand, StopsAtALineItCannotRead) {
  const Ran without_text = score("1\tok\nlonely\n"), domain = score("1\tok\ten\tnovel\n");

  EXPECT_EQ(without_text.status, 2);
  EXPECT_EQ(without_text.err, "vigie: line 2: expected ID, a tab and a text, found no tab\n");
  EXPECT_EQ(domain.err, "vigie: line 1: expected the domain tweet or review, found \"novel\"\n");
}

TEST(ScoreCommand, RepairsBytesThatAreNoText) { EXPECT_EQ(score("1\tgreat \xFF\xFE\n").status, 0); }

TEST(DetectCommand, PrintsOneScoreForEachPoint) {
  const Ran ran = detect("timestamp,value\n2014-04-01 00:00:00,18.3\n2014-04-01 00:05:00,1e3\n");

  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "0.000000\n0.000000\n");
}

TEST(DetectCommand, StopsAtALineItCannotRead) {
  EXPECT_EQ(detect("2014-04-01 00:00:00,abc\n").err, "vigie: line 1: expected a number, found \"abc\"\n");
  EXPECT_THAT(detect("yesterday,1\n").err, HasSubstr("expected a time YYYY-MM-DD HH:MM:SS, found \"yesterday\""));
  EXPECT_EQ(detect("nothing\n").status, 2);
}

// Five days of two mentions an hour, one in ten negative; then twelve angry authors in an hour.
std::string crisis() {
  std::string out;
  int number = 0;
  const auto add = [&](int time, bool negative, const char* text) {
    ++number;
    out += "{\"id\":\"" + std::to_string(number) + "\",\"brand\":\"acme\",\"source\":\"s\",\"author\":\"a" +
           std::to_string(number) + "\",\"event\":" + std::to_string(time) +
           ".5,\"ingest\":" + std::to_string(time + 3) + ".0,\"p_neg\":" + (negative ? "0.9" : "0.1") +
           ",\"p_pos\":0.05,\"text\":\"" + text + "\"}\n";
  };
  const int start = 1767571200;
  for (int i = 0; i < 240; ++i) add(start + i * 1800, i % 10 == 0, "acme is on the corner");
  for (int i = 0; i < 12; ++i) add(start + 240 * 1800 + i * 300, true, "acme charged me twice");
  return out;
}

TEST(ReplayCommand, PrintsOneLineForANewIncident) {
  const Ran ran = replayed(crisis());

  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(
      ran.out,
      MatchesRegex("\\{\"brand\":\"acme\",\"time\":17680[0-9]+,\"kind\":\"negative\",\"topic\":\"billing\"\\}\n"));
}

TEST(ReplayCommand, PrintsTheSameBytesTwice) { EXPECT_EQ(replayed(crisis()).out, replayed(crisis()).out); }

TEST(ReplayCommand, CountsAMentionThatComesTwiceOnce) {
  std::istringstream lines(crisis());
  std::string twice, line;
  while (std::getline(lines, line)) twice += line + "\n" + line + "\n";
  EXPECT_EQ(replayed(twice).out, replayed(crisis()).out);
}

TEST(ReplayCommand, StopsAtALineItCannotRead) {
  EXPECT_THAT(replayed("{\"brand\":\"acme\",\"event\":1,\"ingest\":1}\n").err, StartsWith("vigie: line 1: p_neg"));
  EXPECT_THAT(replayed("{\"brand\":\"acme\",\"event\":1e30,\"ingest\":1,\"p_neg\":1}\n").err,
              HasSubstr("event: expected seconds since 1970, found 1e30"));
  EXPECT_EQ(replayed("not json\n").status, 2);
}

}  // namespace
}  // namespace vigie
