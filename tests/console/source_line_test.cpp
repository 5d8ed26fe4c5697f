#include "console/source_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "model/notice.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Time kNow = parse_rfc3339("2026-11-21T14:20:00Z").value();

SourceHealth health(const std::string& state) {
  SourceHealth h;
  h.source = "forum";
  h.state = state;
  h.last_try = h.last_success = kNow - minutes(3);
  h.mentions = 1204;
  return h;
}

TEST(SourceLine, SaysThatAllIsWell) {
  EXPECT_EQ(source_line(health("ok"), Wording::load("console", "en").value(), kNow),
            "fine: last answer 3\u00A0min ago, 1,204 mentions");
}

TEST(SourceLine, SaysSinceWhenItFailsAndWhenItIsTriedNext) {
  SourceHealth h = health("failing");
  h.failing_since = kNow - hours(2);
  h.error = "answered 503";
  h.next_try = kNow + minutes(10);

  EXPECT_THAT(source_line(h, Wording::load("console", "en").value(), kNow),
              HasSubstr("failing since 21\u00A0Nov 12:20: answered 503; next try 21\u00A0Nov 14:30"));
}

TEST(SourceLine, SaysThatItWasNeverAsked) {
  EXPECT_THAT(source_line(SourceHealth{}, Wording::load("console", "en").value(), kNow), HasSubstr("not asked yet"));
}

// Every notice the collector writes has its sentence in both languages, with every slot filled.
TEST(SourceNotices, AreSentencesInBothLanguages) {
  const Notices all = {
      {"token_refused", {{"since", "2026-11-21T14:05:00Z"}, {"secret", "token"}}},
      {"refused", {{"since", "2026-11-21T14:05:00Z"}}},
      {"misconfigured", {{"since", "2026-11-21T14:05:00Z"}}},
      {"missing", {{"since", "2026-11-21T14:05:00Z"}}},
      {"unreadable", {{"since", "2026-11-21T14:05:00Z"}, {"n", "10"}, {"source", "forum"}}},
      {"given_up", {{"days", "30"}}},
      {"gone", {{"since", "2026-11-21T14:05:00Z"}}},
      {"spend_near", {{"used", "8"}, {"max", "10"}, {"per", "month"}, {"until", "2026-12-01T00:00:00Z"}}},
      {"spend_reached", {{"used", "10"}, {"max", "10"}, {"per", "day"}, {"until", "2026-12-01T00:00:00Z"}}},
      {"silent", {{"days", "3"}}},
      {"clock", {{"minutes", "42"}, {"theirs", "2026-11-21T14:05:00Z"}}},
      {"moved", {{"url", "https://new.example.org/"}, {"since", "2026-11-21T14:05:00Z"}}},
      {"backfill", {{"done", "12"}, {"total", "30"}}},
      {"behind", {}},
      {"held", {{"n", "12"}, {"until", "2026-11-22T14:05:00Z"}}},
      {"late_deletions", {{"hours", "31"}}},
      {"waiting", {{"until", "2026-11-21T14:35:00Z"}}}};
  SourceHealth h = health("ok");
  h.notices = to_json(all);

  for (const char* language : {"en", "fr"}) {
    const std::vector<std::string> sentences = source_notices(h, Wording::load("console", language).value());
    ASSERT_EQ(sentences.size(), all.size());
    for (const std::string& sentence : sentences) {
      EXPECT_THAT(sentence, Not(HasSubstr("{")));
      EXPECT_THAT(sentence, Not(HasSubstr("source.notice")));
    }
  }
}

TEST(SourceNotices, FillTimesAsTheReaderWritesThem) {
  SourceHealth h = health("ok");
  h.notices = to_json(Notices{{"backfill", {{"done", "12"}, {"total", "30"}}}});

  EXPECT_THAT(source_notices(h, Wording::load("console", "en").value()), ElementsAre("back-filling: 12 of 30 days"));
}

TEST(SourceNotices, SurviveDamage) {
  SourceHealth h = health("ok");
  h.notices = "{broken";

  EXPECT_THAT(source_notices(h, Wording::load("console", "en").value()), IsEmpty());
}

}  // namespace
}  // namespace vigie
