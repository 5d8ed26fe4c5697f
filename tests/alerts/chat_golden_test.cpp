// Every message of every chat as it was looked at: tests/alerts/data/CHAT/PURPOSE.LANGUAGE.json. VIGIE_UPDATE_GOLDEN=1
// writes them anew; look at what changed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "alerts/mail_view.h"
#include "alerts/text_message.h"
#include "tests/alerts/chat_limits.h"
#include "tests/alerts/chat_sample.h"

namespace vigie {
namespace {

using namespace test;

using testing::HasSubstr, testing::IsEmpty, testing::Not;

// A text as JSON, readable: nothing is escaped that need not be.
std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (c == '\n') {
      out.append("\\n");
    } else {
      out.push_back(c);
    }
  }
  return out + '"';
}

void write_pretty(std::string& out, const json::Value& value, std::size_t depth) {
  const bool object = value.type() == json::Type::object;
  if (!object && value.type() != json::Type::array) {
    out.append(value.type() == json::Type::string ? json_text(value.raw())
               : value.type() == json::Type::null ? "null"
                                                  : std::string(value.raw()));
    return;
  }
  out.push_back(object ? '{' : '[');
  for (std::size_t i = 0; i < value.size(); ++i) {
    out.append(i == 0 ? "\n" : ",\n").append(2 * depth + 2, ' ');
    if (object) out.append(json_text(value.key_at(i))).append(": ");
    write_pretty(out, value[i], depth + 1);
  }
  if (value.size() > 0) out.append("\n").append(2 * depth, ' ');
  out.push_back(object ? '}' : ']');
}

std::string pretty(const std::string& payload) {
  const auto document = json::parse(payload);
  std::string out;
  write_pretty(out, document->root(), 0);
  return out + "\n";
}

void expect_as_looked_at(const std::string& name, const std::string& payload) {
  const std::filesystem::path path = source_path("tests/alerts/data/" + name);
  const std::string written = pretty(payload);
  if (std::getenv("VIGIE_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << written;
  }
  EXPECT_EQ(written, read_bytes(path)) << name;
}

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
