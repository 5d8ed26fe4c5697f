// What each of these channels is sent, byte for byte: tests/alerts/data/KIND/PURPOSE.LANGUAGE.json.
// VIGIE_UPDATE_GOLDEN=1 writes them again; look at what changed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include "alerts/gsm7.h"
#include "alerts/text_message.h"
#include "base/text.h"
#include "tests/alerts/often.h"
#include "tests/alerts/push_bench.h"
#include "tests/support/files.h"

namespace vigie {
namespace {

using namespace test;
using testing::HasSubstr, testing::Not;

bool has_message(const std::string& kind, const std::string& purpose) {
  const bool of_incidents = kind == "pagerduty" || kind.starts_with("alertmanager");
  return (purpose != "digest" && purpose != "budget") || !of_incidents;
}

class PushGolden : public testing::TestWithParam<std::string> {};

TEST_P(PushGolden, IsWhatItWas) {
  const std::string kind = GetParam();
  for (const std::string& purpose : kStoryPurposes) {
    for (const std::string language : {"fr", "en"}) {
      if (!has_message(kind, purpose)) continue;
      PushChannel channel(push_endpoint(kind));

      const auto payload = channel.render(pushed_story(purpose, language, true, channel_traits(kind).brief));

      ASSERT_TRUE(payload) << kind << " " << purpose << ": " << payload.error().what;
      const auto path = source_path(concat("tests/alerts/data/", kind, "/", purpose, ".", language, ".json"));
      if (std::getenv("VIGIE_UPDATE_GOLDEN") != nullptr) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << *payload << "\n";
      }
      EXPECT_EQ(*payload + "\n", read_bytes(path)) << path;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kind, PushGolden, testing::ValuesIn(kPushKinds), [](const auto& kind) { return kind.param; });

TEST(PushChannels, LeaveADigestToOthersWhereOnlyIncidentsHaveAPlace) {
  for (const std::string kind : {"pagerduty", "alertmanager", "alertmanager_webhook"}) {
    PushChannel channel(push_endpoint(kind));

    const auto payload = channel.render(pushed_story("digest"));

    ASSERT_FALSE(payload) << kind;
    EXPECT_EQ(payload.error().kind, ErrorKind::bad_config);
    EXPECT_THAT(payload.error().what, HasSubstr("lead it to another endpoint"));
  }
}

// --- Limits, for whatever text
// ----------------------------------------------------------------------------------------

// Any bytes, any length: letters of all scripts, controls, what other markups would read, and what is no text at all.
rc::Gen<std::string> any_text() {
  return rc::gen::map(rc::gen::tuple(rc::gen::container<std::string>(rc::gen::arbitrary<char>()),
                                     rc::gen::inRange(0, 12), rc::gen::inRange(1, 400)),
                      [](const std::tuple<std::string, int, int>& drawn) {
                        static const std::vector<std::string> kPieces = {
                            "é",    "œ",  "漢字", "👩‍👩‍👧‍👦", "€", "{", "\u202e", "@everyone ", "\n",
                            "шум ", "\\", "word "};
                        const auto& [bytes, piece, count] = drawn;
                        std::string text = bytes;
                        for (int i = 0; i < count; ++i) text += kPieces[static_cast<std::size_t>(piece)];
                        return text;
                      });
}

Story any_story() {
  Story story = known_story(*rc::gen::elementOf(kStoryPurposes), *rc::gen::element<std::string>("fr", "en"));
  story.severity = *rc::gen::inRange(1, 6);
  for (std::string* text : {&story.title, &story.lead, &story.since, &story.changed, &story.brief, &story.brand_name,
                            &story.next, &story.late, &story.badge}) {
    if (*rc::gen::arbitrary<bool>()) *text = *any_text();
  }
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
    story.quotes.push_back({*any_text(), *any_text(), "voir", concat("https://s.example/", *any_text())});
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) story.rising.push_back(*any_text());
  if (*rc::gen::inRange(0, 4) == 0) story.rows.assign(40, {*any_text(), *any_text()});
  if (*rc::gen::arbitrary<bool>())
    story.links.push_back({"wall", *any_text(), concat("https://w.example/", *any_text())});
  return story;
}

std::string payload_of(const std::string& kind, Story story) {
  if (!has_message(kind, story.purpose)) story.incident = "c3155696cb036933";
  PushChannel channel(push_endpoint(kind));
  const auto payload = channel.render(story);
  if (!payload) RC_FAIL(payload.error().what);
  return *payload;
}

void holds_for_any_story(const std::function<void(const Story&)>& property) {
  holds_often(
      [&] {
        const Story story = any_story();
        showing([&] { property(story); }, [&] { return to_json(story); });
      },
      {.shrink = false});
}

// The value of one parameter of a form.
std::string parameter(const std::string& form, const std::string& name) {
  for (const std::string_view part : split(form, '&')) {
    if (part.starts_with(name + "=")) return url_decode(part.substr(name.size() + 1), true);
  }
  return "";
}

TEST(PushLimits, OfNtfyHold) {
  holds_for_any_story([](const Story& story) {
    const std::string payload = payload_of("ntfy", story);
    const auto body = json::parse(payload);
    RC_ASSERT(body.has_value());
    RC_ASSERT(body->root().text_or("message", "").size() <= 4096u);
    RC_ASSERT(!body->root().text_or("message", "").empty());
    RC_ASSERT(count_code_points(body->root().text_or("title", "")) <= 60u);
    RC_ASSERT(body->root().at("actions").size() <= 3u);
  });
}

TEST(PushLimits, OfGotifyHold) {
  holds_for_any_story([](const Story& story) {
    const std::string payload = payload_of("gotify", story);
    const auto body = json::parse(payload);
    RC_ASSERT(body.has_value());
    RC_ASSERT(payload.size() <= (12u << 10));
    RC_ASSERT(!body->root().text_or("message", "").empty());
  });
}

TEST(PushLimits, OfPushoverHold) {
  holds_for_any_story([](const Story& story) {
    const std::string form = payload_of("pushover", story);
    RC_ASSERT(count_code_points(parameter(form, "message")) <= 1024u);
    RC_ASSERT(!parameter(form, "message").empty());
    RC_ASSERT(is_valid_utf8(parameter(form, "message")));
    RC_ASSERT(count_code_points(parameter(form, "title")) <= 250u);
    RC_ASSERT(parameter(form, "url").size() <= 512u);
    RC_ASSERT(count_code_points(parameter(form, "url_title")) <= 100u);
  });
}

TEST(PushLimits, OfWebPushHold) {
  holds_for_any_story([](const Story& story) {
    const std::string payload = payload_of("webpush", story);
    RC_ASSERT(json::parse(payload).has_value());
    RC_ASSERT(payload.size() <= 3993u);
  });
}

TEST(PushLimits, OfPagerDutyHold) {
  holds_for_any_story([](const Story& story) {
    const std::string payload = payload_of("pagerduty", story);
    const auto body = json::parse(payload);
    RC_ASSERT(body.has_value());
    RC_ASSERT(payload.size() <= 512'000u);
    RC_ASSERT(!body->root().text_or("payload.summary", "").empty());
    RC_ASSERT(count_code_points(body->root().text_or("payload.summary", "")) <= 1024u);
    RC_ASSERT(body->root().text_or("dedup_key", "").size() <= 255u);
  });
}

TEST(PushLimits, OfAlertmanagerHold) {
  holds_for_any_story([](const Story& story) {
    for (const std::string kind : {"alertmanager", "alertmanager_webhook"}) {
      const auto body = json::parse(payload_of(kind, story));
      RC_ASSERT(body.has_value());
      const json::Value alert = kind == "alertmanager" ? body->root()[0] : body->root().at("alerts")[0];
      for (const std::string_view part : {"labels", "annotations"}) {
        for (std::size_t i = 0; i < alert.at(part).size(); ++i) {
          RC_ASSERT(alert.at(part)[i].type() == json::Type::string);
          RC_ASSERT(!alert.at(part)[i].raw().empty());
          RC_ASSERT(count_code_points(alert.at(part)[i].raw()) <= 1000u);
        }
      }
    }
  });
}

TEST(PushLimits, OfTextMessagesHold) {
  holds_for_any_story([](const Story& story) {
    const std::string job = payload_of("ovh", story);
    const auto body = json::parse(job);
    RC_ASSERT(body.has_value());
    const std::string from_ovh = body->root().text_or("message", "");
    const std::string from_twilio = parameter(payload_of("twilio", story), "Body");
    for (const std::string& text : {from_ovh, from_twilio}) {
      RC_ASSERT(!text.empty());
      RC_ASSERT(is_gsm7(text));
      RC_ASSERT(gsm7_length(text) <= kTextMessage);
    }
  });
}

// --- What strangers write stays text
// ----------------------------------------------------------------------------------

TEST(PushChannels, LetNoStrangerSpeakForThem) {
  for (const std::string& kind : kPushKinds) {
    const std::string payload = payload_of(kind, hostile_story());

    EXPECT_THAT(payload, Not(HasSubstr("javascript:"))) << kind;
    EXPECT_THAT(payload, Not(HasSubstr("\u202e"))) << kind;
    EXPECT_THAT(payload, Not(HasSubstr("@everyone"))) << kind;
    EXPECT_TRUE(is_valid_utf8(payload)) << kind;
  }
}

TEST(PushChannels, SayNothingOfPeoplesWordsWhereTheyAreOff) {
  for (const std::string& kind : kPushKinds) {
    EXPECT_THAT(payload_of(kind, pushed_story("first", "en", false)), Not(HasSubstr("personne ne r"))) << kind;
  }
}

}  // namespace
}  // namespace vigie
