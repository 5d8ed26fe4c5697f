// Every message of every chat as it was looked at: tests/alerts/data/CHAT/PURPOSE.LANGUAGE.json. VIGIE_UPDATE_GOLDEN=1
// writes them anew; look at what changed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "alerts/mail_view.h"
#include "alerts/text_message.h"
#include "tests/alerts/chat_limits.h"
#include "tests/alerts/chat_sample.h"
#include "tests/alerts/golden.h"

namespace vigie {
namespace {

using namespace test;

using testing::HasSubstr, testing::IsEmpty, testing::Not;

void expect_as_looked_at(const std::string& name, const std::string& payload) { expect_golden(name, pretty(payload)); }

class EveryChat : public testing::TestWithParam<std::string> {};

TEST_P(EveryChat, SaysEachThingAsItWasLookedAt) {
  for (const std::string& purpose : kStoryPurposes) {
    for (const std::string language : {"fr", "en"}) {
      ChatBench bench(GetParam());
      const auto payload = bench.render(sample_story(purpose, language));

      ASSERT_TRUE(payload) << payload.error().what;
      EXPECT_THAT(faults_of(GetParam(), *payload), IsEmpty()) << purpose;
      expect_as_looked_at(GetParam() + "/" + purpose + "." + language + ".json", *payload);
    }
  }
}

TEST_P(EveryChat, SaysItWithoutQuotesWhereTheyAreSwitchedOff) {
  ChatBench bench(GetParam());

  const auto payload = bench.render(sample_story("first", "fr", false));

  ASSERT_TRUE(payload) << payload.error().what;
  EXPECT_THAT(*payload, Not(HasSubstr("Commande pass")));
  EXPECT_THAT(*payload, Not(HasSubstr("sentatifs"))) << "no title above nothing";
  expect_as_looked_at(GetParam() + "/first-without-quotes.fr.json", *payload);
}

TEST_P(EveryChat, LeavesHostileWordsAsWords) {
  ChatBench bench(GetParam());

  const auto payload = bench.render(hostile_story());

  ASSERT_TRUE(payload) << payload.error().what;
  EXPECT_THAT(faults_of(GetParam(), *payload), IsEmpty());
  EXPECT_THAT(*payload, Not(HasSubstr("javascript:")));
  expect_as_looked_at(GetParam() + "/hostile.fr.json", *payload);
}

TEST_P(EveryChat, SaysTheSameOnEveryTry) {
  ChatBench bench(GetParam());

  EXPECT_EQ(*bench.render(sample_story()), *bench.render(sample_story()));
}

TEST(OneIncident, ReadsAsOneStoryByMailInAChatAndOnAPhone) {
  const std::map<std::string, std::vector<std::string>> kOfBoth = {
      {"fr", {"Acme", "livraison", "×6", "212", "35", "19:25"}}, {"en", {"Acme", "delivery", "6×", "212", "35", "18:25"}}};
  for (const auto& [language, facts] : kOfBoth) {
    const Story story = sample_story("first", language);
    const std::string mail = concat(story.subject, "\n", render_mail(story, "cid:chart")->text);
    const std::string chat = *ChatBench("slack").render(story);
    const std::string phone = text_message(sample_story("first", language, true, true), endpoint("ovh", language));

    for (const std::string& fact : facts) {
      EXPECT_THAT(mail, HasSubstr(fact)) << language;
      EXPECT_THAT(chat, HasSubstr(fact)) << language;
      EXPECT_THAT(phone, HasSubstr(fact == "×6" ? "x6" : fact == "6×" ? "6x" : fact)) << language << ": " << phone;
    }
    const std::string since = language == "fr" ? "depuis 17:40" : "since 16:40";
    EXPECT_THAT(mail, HasSubstr(since));
    EXPECT_THAT(chat, HasSubstr(since));
  }
}

INSTANTIATE_TEST_SUITE_P(Kind, EveryChat, testing::ValuesIn(kChats), [](const auto& kind) { return kind.param; });

}  // namespace
}  // namespace vigie
