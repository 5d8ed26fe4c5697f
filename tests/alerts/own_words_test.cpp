#include "alerts/own_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "base/text.h"
#include "tests/alerts/push_bench.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using namespace test;
using testing::HasSubstr, testing::Not;

class OwnWords : public testing::Test {
 protected:
  OwnWords() {
    log::set_sink([this](std::string_view line) { logged_ += line; });
  }
  ~OwnWords() override { log::set_sink({}); }

  EndpointSettings with(const std::string& text, const std::string& kind = "ntfy") {
    EndpointSettings to = push_endpoint(kind);
    to.template_file = dir_.write("words.txt", text);
    return to;
  }

  TempDir dir_;
  std::string logged_;
};

TEST_F(OwnWords, NameThePartsOfTheStory) {
  const auto said = own_words(pushed_story("first", "en"),
                              with("{{brand_name}}: {{lead}}\n{{#quotes}}- {{text}}\n{{/quotes}}{{link.open.url}}\n"),
                              Markup::plain, 4000);

  ASSERT_TRUE(said) << logged_;
  EXPECT_THAT(*said, testing::StartsWith("Acme: 212 in 1 h 30 min, expected 35 (20 to 55)\n- “Commande passée le 12"));
  EXPECT_TRUE(said->ends_with("\nhttps://vigie.example.org/incidents/c3155696cb036933"));
}

TEST_F(OwnWords, KeepTheOperatorsMarkupAndEscapeStrangers) {
  const auto said = own_words(hostile_story(), with("<b>{{title}}</b>\n{{#quotes}}{{text}} {{url}}\n{{/quotes}}"),
                              Markup::telegram, 4000);

  ASSERT_TRUE(said) << logged_;
  EXPECT_THAT(*said, testing::StartsWith("<b>Acme &lt;"));
  EXPECT_THAT(*said, Not(HasSubstr("<script>")));
  EXPECT_THAT(*said, Not(HasSubstr("@all")));
  EXPECT_THAT(*said, Not(HasSubstr("javascript:")));
  EXPECT_THAT(*said, HasSubstr(" https://social.example/ok"));
}

TEST_F(OwnWords, ThatFailGiveWayToTheShippedOnesAndSayWhy) {
  const std::string shipped = *PushChannel(push_endpoint("ntfy")).render(pushed_story());
  for (const char* wrong : {"{{#quotes}}", "", "{{changed}}", "{{{title}}}"}) {
    logged_.clear();

    EXPECT_EQ(*PushChannel(with(wrong)).render(pushed_story()), shipped) << wrong;

    EXPECT_THAT(logged_, HasSubstr("a template failed")) << wrong;
    EXPECT_THAT(logged_, HasSubstr("endpoint=on-call")) << wrong;
  }
  EndpointSettings absent = push_endpoint("ntfy");
  absent.template_file = dir_.file("no-such-file");
  EXPECT_EQ(*PushChannel(absent).render(pushed_story()), shipped);
}

TEST_F(OwnWords, StayWithinTheLimitsOfTheChannel) {
  const std::string long_words = std::string(6000, 'w') + " {{title}}";

  const auto ntfy = json::parse(*PushChannel(with(long_words)).render(pushed_story()));
  const auto text = json::parse(*PushChannel(with(long_words, "ovh")).render(pushed_story()));

  EXPECT_LE(ntfy->root().text_or("message", "").size(), 4096u);
  EXPECT_THAT(ntfy->root().text_or("message", ""), testing::StartsWith("wwww"));
  EXPECT_EQ(text->root().text_or("message", "").size(), 160u);
}

TEST_F(OwnWords, OfATextMessageAreWrittenInItsAlphabet) {
  const auto job =
      json::parse(*PushChannel(with("« {{brand_name}} » … ça monte\n{{link.ack.url}}", "ovh")).render(pushed_story()));

  EXPECT_EQ(job->root().text_or("message", ""), concat("\"Acme\" ... ca monte\n", pushed_story().link("ack")->url));
}

TEST_F(OwnWords, AreTheWholeBodyOfAWebhook) {
  EndpointSettings to = with(R"({"text":"{{title}}","quotes":[{{#quotes}}"{{text}}",{{/quotes}}""]})", "webhook");
  to.url = "https://hooks.example.org/x";
  to.secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  PushChannel channel(to);
  Story story = hostile_story();
  story.title = "a \"quoted\" \\ title";

  ASSERT_TRUE(channel.send(story));

  const auto body = json::parse(channel.asked().body);
  ASSERT_TRUE(body) << channel.asked().body;
  EXPECT_EQ(body->root().text_or("text", ""), "a \"quoted\" \\ title");
  EXPECT_EQ(body->root().at("quotes").size(), 4u);
  EXPECT_EQ(sent_header(channel.asked(), "Content-Type"), "application/json; charset=utf-8");
  EXPECT_THAT(sent_header(channel.asked(), "webhook-signature"), testing::StartsWith("v1,"));
}

TEST_F(OwnWords, OfAWebhookThatAreNoJsonGiveWay) {
  const auto body = PushChannel(with("{{title}}", "webhook")).render(pushed_story());

  ASSERT_TRUE(body);
  EXPECT_THAT(*body, testing::StartsWith(R"({"specversion":"1.0")"));
  EXPECT_THAT(logged_, HasSubstr("does not give JSON"));
}

// Where each chat keeps the text of its message.
TEST_F(OwnWords, AreTheTextInEveryChat) {
  const std::vector<std::pair<std::string, std::string>> places = {
      {"slack", "blocks.0.text.text"},
      {"teams", "attachments.0.content.body.0.text"},
      {"mattermost", "text"},
      {"discord", "embeds.0.description"},
      {"telegram", "text"},
      {"matrix", "formatted_body"},
      {"googlechat", "cardsV2.0.card.sections.0.widgets.0.textParagraph.text"},
      {"rocketchat", "text"}};
  for (const auto& [kind, place] : places) {
    EndpointSettings to = with("our words: {{brand_name}}", kind);
    to.to = kind == "matrix" ? "!room:example.org" : kind == "telegram" ? "-1001" : "C1";
    Story story = pushed_story();
    story.brand_name = "Acme";

    const auto payload = PushChannel(to).render(story);

    ASSERT_TRUE(payload) << kind << payload.error().what;
    EXPECT_EQ(json::parse(*payload)->root().text_or(place, ""), "our words: Acme") << kind << *payload;
  }
}

TEST_F(OwnWords, AreLookedAtBeforeTheyAreNeeded) {
  EXPECT_TRUE(check_own_words(pushed_story(), push_endpoint("ntfy")));
  EXPECT_TRUE(check_own_words(pushed_story(), with("{{title}}")));

  const auto wrong = check_own_words(pushed_story(), with("{{title"));

  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().what, HasSubstr("messages go out in vigie's words until it is mended"));
}

}  // namespace
}  // namespace vigie
