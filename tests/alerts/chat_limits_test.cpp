// Whatever is written, a message keeps within its chat and mentions nobody.

#include "tests/alerts/chat_limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/alerts/chat_sample.h"
#include "tests/alerts/often.h"
#include "tests/alerts/story_any.h"

namespace vigie {
namespace {

using namespace test;

using testing::HasSubstr, testing::IsEmpty;

class EveryChatLimit : public testing::TestWithParam<std::string> {};

TEST_P(EveryChatLimit, HoldsForAnyText) {
  ChatBench bench(GetParam());

  holds_often(
      [&] {
        const Story story = any_story();
        const auto payload = bench.render(story, "1763748600.0011");
        const auto faults = payload ? faults_of(GetParam(), *payload) : std::vector{payload.error().what};
        if (!faults.empty()) RC_FAIL(concat(faults.front(), "\n", to_json(story)));
      },
      {.shrink = false});
}

TEST_P(EveryChatLimit, KeepsTheFirstPartsWhenThereIsNoRoom) {
  ChatBench bench(GetParam());
  Story story = sample_story("digest");
  for (int i = 0; i < 400; ++i) story.rows.push_back({std::string(40, '&') + std::to_string(i), std::string(150, '<')});

  const auto payload = bench.render(story);

  ASSERT_TRUE(payload);
  EXPECT_THAT(faults_of(GetParam(), *payload), IsEmpty());
  EXPECT_THAT(*payload, HasSubstr("1 incident gard"));
  EXPECT_THAT(*payload, HasSubstr("1 incident en cours"));
}

TEST_P(EveryChatLimit, CutsATitleOfEmojiAndNothingElse) {
  ChatBench bench(GetParam());
  Story story = sample_story();
  story.title.clear();
  for (int i = 0; i < 200; ++i) story.title += "💥";
  for (Story::Link& one : story.links) one.label = story.title;

  const auto payload = bench.render(story);

  ASSERT_TRUE(payload);
  EXPECT_THAT(faults_of(GetParam(), *payload), IsEmpty());
  EXPECT_THAT(*payload, HasSubstr("ACME-C315"));
  EXPECT_THAT(*payload, HasSubstr("212\u202f000"));
}

INSTANTIATE_TEST_SUITE_P(Kind, EveryChatLimit, testing::ValuesIn(kChats), [](const auto& kind) { return kind.param; });

}  // namespace
}  // namespace vigie
