#include "alerts/links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/alerts/often.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

const Time kNow = test::at("2026-11-21T18:10:00Z");

Links links() { return Links(std::string(32, 'k'), "https://avis.example.org/"); }

ActionLink a_link(std::string action = "ack") {
  return {std::move(action), "0123456789abcdef", "mail-1", "person-1", "5f1e2d3c4b5a69788796a5b4c3d2e1f0",
          kNow + 7 * kDay};
}

std::string token_of(const std::string& url) { return url.substr(url.rfind('/') + 1); }

TEST(Links, ComeBackWhole) {
  const std::string url = links().url(a_link());
  ASSERT_TRUE(url.starts_with("https://avis.example.org/a/")) << url;

  const auto read = links().read(token_of(url), kNow);

  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->action, "ack");
  EXPECT_EQ(read->subject, "0123456789abcdef");
  EXPECT_EQ(read->endpoint, "mail-1");
  EXPECT_EQ(read->person, "person-1");
}

TEST(Links, ToUnsubscribeStandElsewhereAndNeverGetOld) {
  const std::string url = links().url(a_link("unsubscribe"));

  EXPECT_TRUE(url.starts_with("https://avis.example.org/u/")) << url;
  EXPECT_TRUE(links().read(token_of(url), kNow + 400 * kDay));
}

TEST(Links, GetOld) {
  const auto read = links().read(token_of(links().url(a_link())), kNow + 7 * kDay);

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::gone);
}

TEST(Links, OfAnotherInstallationAreRefused) {
  const std::string token = token_of(Links(std::string(32, 'x'), "https://avis.example.org").url(a_link()));

  const auto read = links().read(token, kNow);

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::bad_data);
}

// `counting`: how many of its characters count; of the last one, some bits may not.
void is_refused_once_changed(std::string token, std::size_t counting) {
  const auto at = *rc::gen::inRange<std::size_t>(0, counting);
  const char other = *rc::gen::elementOf(std::string("ABCabc012-_"));
  RC_PRE(token[at] != other);
  token[at] = other;

  RC_ASSERT(!links().read(token, kNow).has_value());
}

TEST(Links, AreRefusedWhenAnyCharacterIsChanged) {
  const std::string token = token_of(links().url(a_link()));

  test::holds_often([&] { is_refused_once_changed(token, token.size() - 1); });
}

TEST(Links, AreRefusedWhenTheyAreAnythingElse) {
  test::holds_often([](const std::string& token) { RC_ASSERT(!links().read(token, kNow).has_value()); });
}

TEST(Links, AreShortWhereEveryCharacterCounts) {
  for (const char* action : {"ack", "mute", "mute_until_morning", "false_alarm"}) {
    const std::string url = links().short_url(a_link(action));
    EXPECT_EQ(url.size(), std::string("https://avis.example.org/a/").size() + 24) << url;

    const auto read = links().read(token_of(url), kNow);

    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->action, action);
    EXPECT_EQ(read->notification, "5f1e2d3c4b5a") << "by which the rest is found";
    EXPECT_EQ(read->subject, "");
    EXPECT_GE(read->expires, a_link().expires);
    EXPECT_LT(read->expires, a_link().expires + hours(1));
    EXPECT_FALSE(links().read(token_of(url), read->expires)) << "too old";
    EXPECT_FALSE(Links(std::string(32, 'x'), "https://a.example").read(token_of(url), kNow)) << "another's";
  }
  EXPECT_EQ(links().short_url(a_link("unsubscribe")), "") << "it must outlive the message";
  ActionLink unknown = a_link();
  unknown.notification = "not hexadecimal";
  EXPECT_EQ(links().short_url(unknown), "");
}

TEST(Links, AreRefusedWhenAnyCharacterOfAShortOneIsChanged) {
  const std::string token = token_of(links().short_url(a_link()));

  test::holds_often([&] { is_refused_once_changed(token, token.size()); });
}

TEST(Links, UsedTwiceAreOneAct) {
  EXPECT_EQ(act_id(a_link()), act_id(a_link()));
  EXPECT_NE(act_id(a_link()), act_id(a_link("false_alarm")));
}

TEST(Links, OfferWhatStillMakesSense) {
  const auto kinds = [](const std::string& purpose) {
    std::vector<std::string> found;
    for (const auto& [kind, url] : actions_for(test::notification(purpose), links(), kNow + kDay))
      found.push_back(kind);
    return found;
  };

  EXPECT_THAT(kinds("first"), testing::ElementsAre("ack", "mute", "mute_until_morning", "false_alarm", "unsubscribe"));
  EXPECT_THAT(kinds("resolved"), testing::ElementsAre("false_alarm", "unsubscribe"));
  Notification digest = test::notification();
  digest.subject_kind = "digest";
  EXPECT_THAT(actions_for(digest, links(), kNow), testing::IsEmpty());
}

}  // namespace
}  // namespace vigie
