#include "alerts/gsm7.h"

#include <gtest/gtest.h>

#include "alerts/text_message.h"
#include "base/text.h"
#include "tests/alerts/sample.h"
#include "tests/alerts/story_sample.h"

namespace vigie {
namespace {

TEST(Gsm7, KeepsTheLettersOfTheAlphabet) {
  for (const char* text : {"à é è ù ò ì Ç É", "Où ? À 17:40, ×", "ÄÖÑÜ äöñü ß Æ Ø Å", "100 % @ £ $ ¥ ¿ ¡ §"}) {
    const std::string kept = to_gsm7(text);
    EXPECT_TRUE(is_gsm7(kept)) << kept;
  }
  EXPECT_EQ(to_gsm7("à é è ù ò ì Ç É ÄÖÑÜ äöñü ß"), "à é è ù ò ì Ç É ÄÖÑÜ äöñü ß");
}

// The French letters that would halve a message's room, one by one.
TEST(Gsm7, WritesFrenchAsAFrenchReaderWould) {
  EXPECT_EQ(to_gsm7("ça, être, noël, naïf, île, tôt, flûte, sœur, cœur"),
            "ca, etre, noel, naif, ile, tot, flute, soeur, coeur");
  EXPECT_EQ(to_gsm7("« colis jamais arrivé » l’astreinte… – fin"), "\"colis jamais arrivé\" l'astreinte... - fin");
  EXPECT_EQ(to_gsm7("avis négatifs ×6 · À 17 h"), "avis négatifs x6 - A 17 h");
  EXPECT_EQ(to_gsm7("ŒUVRE Œuvre"), "OEUVRE OEuvre");
}

TEST(Gsm7, WritesOtherScriptsInLatinLetters) {
  EXPECT_EQ(to_gsm7("Пошта"), "Posta");
  EXPECT_TRUE(is_gsm7(to_gsm7("Ελλάδα 東京 서울 العربية עברית ไทย")));
  EXPECT_FALSE(to_gsm7("東京").empty());
}

TEST(Gsm7, LeavesOutWhatHasNoLikeness) {
  EXPECT_EQ(to_gsm7("🔴 Acme 👩‍👩‍👧 : ▁▂▃ fin"), "Acme : fin");
  EXPECT_EQ(to_gsm7("e\u0301te\u0302"), "éte");
  EXPECT_EQ(to_gsm7("\xff\xfe"
                    "a\u202e"
                    "b\u0000c"),
            "ab");
}

TEST(Gsm7, CountsTwoForTheExtension) {
  EXPECT_EQ(gsm7_length("[€]"), 6u);
  EXPECT_EQ(gsm7_length("abc é"), 5u);
  EXPECT_FALSE(is_gsm7("ê"));
}

TEST(Gsm7, CutsAtAWord) {
  EXPECT_EQ(shorten_gsm7("negative posts are rising", 20), "negative posts...");
  EXPECT_EQ(shorten_gsm7("short", 5), "short");
  EXPECT_LE(gsm7_length(shorten_gsm7("{{{{{{{{{{", 9)), 9u);
  EXPECT_EQ(shorten_gsm7("abc", 2), "");
}

Story brief(const std::string& text) {
  Story story = test::sample_story("first", "fr", true, true);
  story.brief = text;
  return story;
}

std::string short_token() {
  const std::string url = test::sample_story("first", "fr", true, true).link("ack")->url;
  EXPECT_EQ(url.size() - url.rfind('/') - 1, 24u) << "what a real message carries";
  return url.substr(url.rfind('/') + 1);
}

TEST(TextMessage, CarriesTheLinkToTakeItWheneverItAsksForThat) {
  for (const char* purpose : {"first", "worse", "reopened", "escalate", "repeat", "blind", "assigned"}) {
    for (const char* language : {"fr", "en"}) {
      const Story story = test::sample_story(purpose, language, true, true);

      const std::string text = text_message(story, test::endpoint("ovh", language));

      EXPECT_TRUE(text.ends_with(story.link("ack")->url)) << purpose << ": " << text;
      EXPECT_LE(gsm7_length(text), kTextMessage);
    }
  }
}

TEST(TextMessage, CarriesNoLinkThatLeadsToThisMachine) {
  Story story = test::sample_story("resolved", "en", true, true);
  for (Story::Link& link : story.links) link.url = "http://127.0.0.1:8081/incidents/1";

  EXPECT_EQ(text_message(story, test::endpoint("ovh", "en")).find("127.0.0.1"), std::string::npos);
}

TEST(TextMessage, IsASentenceAndTheLinkToActBy) {
  const std::string text =
      text_message(brief("Vigie Acme : avis négatifs ×6 (livraison), 212/h attendu 35, depuis 17:40, en hausse"),
                   test::endpoint("ovh"));

  EXPECT_EQ(text,
            "Vigie Acme : avis négatifs x6 (livraison), 212/h attendu 35, depuis 17:40, en hausse "
            "https://avis.example.org/a/" + short_token());
  EXPECT_LE(gsm7_length(text), kTextMessage);
}

TEST(TextMessage, CutsTheSentenceAndNeverTheLink) {
  const std::string text = text_message(brief(concat(std::string(400, 'x'), " fin")), test::endpoint("ovh"));

  EXPECT_EQ(gsm7_length(text), kTextMessage);
  EXPECT_TRUE(text.ends_with("... https://avis.example.org/a/" + short_token())) << text;
}

TEST(TextMessage, LeavesOutALinkThatLeavesNoRoom) {
  Story story = brief("Vigie Acme: negative posts x6");
  for (Story::Link& link : story.links) link.url += std::string(120, 'a');

  EXPECT_EQ(text_message(story, test::endpoint("twilio")), "Vigie Acme: negative posts x6");
}

TEST(TextMessage, SaysTheTitleWhereThereIsNoSentence) {
  EXPECT_TRUE(
      text_message(brief(""), test::endpoint("ovh")).starts_with("Vigie: Acme : messages négatifs x6 (livraison) "));
}

}  // namespace
}  // namespace vigie
