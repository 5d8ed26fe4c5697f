#include "base/wording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

Wording speak(std::string_view language) { return Wording::load("wall", language).value(); }

Time at(std::string_view text) { return parse_rfc3339(text).value(); }

}  // namespace

TEST(Wording, WritesNumbersAsTheLanguageDoes) {
  const Wording fr = speak("fr"), en = speak("en");

  EXPECT_EQ(fr.number(1234567), "1\u202F234\u202F567");
  EXPECT_EQ(en.number(1234567), "1,234,567");
  EXPECT_EQ(fr.number(-999), "-999");
  EXPECT_EQ(fr.decimal(4.2, 1), "4,2");
  EXPECT_EQ(en.decimal(1234.5, 1), "1,234.5");
  EXPECT_EQ(fr.percent(.064, 1), "6,4\u202F%");
  EXPECT_EQ(en.percent(.64), "64%");
}

TEST(Wording, WritesDatesAsTheLanguageDoes) {
  EXPECT_EQ(speak("fr").date(at("2026-11-21T17:40:00Z")), "21\u00A0nov.\u00A02026");
  EXPECT_EQ(speak("fr").date(at("2027-01-01T00:00:00Z")), "1er\u00A0janv.\u00A02027");
  EXPECT_EQ(speak("en").date(at("2026-11-01T17:40:00Z")), "1\u00A0Nov\u00A02026");
  EXPECT_EQ(speak("fr").date_time(at("2026-11-21T07:05:59Z")), "21\u00A0nov.\u00A02026 à 07:05\u00A0UTC");
  EXPECT_EQ(speak("en").date_time(at("1969-12-31T23:59:59Z")), "31\u00A0Dec\u00A01969, 23:59\u00A0UTC");
}

TEST(Wording, SaysHowLongAgoInOneUnit) {
  const Time now = at("2026-11-21T12:00:00Z");
  const Wording fr = speak("fr"), en = speak("en");

  EXPECT_EQ(fr.ago(now - seconds(59), now), "il y a 59\u00A0s");
  EXPECT_EQ(fr.ago(now - minutes(59), now), "il y a 59\u00A0min");
  EXPECT_EQ(en.ago(now - hours(47), now), "47\u00A0h ago");
  EXPECT_EQ(en.ago(now - hours(48), now), "2\u00A0days ago");
  EXPECT_EQ(fr.ago(now + minutes(3), now), "dans 3\u00A0min");
}

TEST(Wording, PutsZeroInTheSingularInFrenchOnly) {
  EXPECT_EQ(speak("fr").count("stars", 0), "0 étoile");
  EXPECT_EQ(speak("en").count("stars", 0), "0 stars");
  EXPECT_EQ(speak("en").count("stars", 1), "1 star");
  EXPECT_EQ(speak("fr").count("stars", 2), "2 étoiles");
}

TEST(Wording, NeverSearchesWhatFilledASlot) {
  EXPECT_EQ(speak("en").say("filtered", {{"what", "{what}{n}"}}), "Your choice: {what}{n}.");
}

TEST(Wording, ShowsThePathOfASentenceThatIsMissing) {
  EXPECT_EQ(speak("fr").say("no.such.path"), "no.such.path");
  EXPECT_EQ(speak("fr").name("no_list", "delivery"), "delivery");
}

TEST(Wording, RefusesALanguageItHasNoCatalogueFor) {
  const auto german = Wording::load("wall", "de");

  ASSERT_FALSE(german);
  EXPECT_THAT(german.error().what, testing::HasSubstr("config/lang/wall.de.json"));
}

TEST(ChooseLanguage, PrefersTheAddressThenTheBrowserThenTheBrand) {
  EXPECT_EQ(choose_language("en", "fr", "fr"), "en");
  EXPECT_EQ(choose_language("de", "fr-CA", "en"), "fr");
  EXPECT_EQ(choose_language("", "de, en;q=0.3, fr;q=0.7", "en"), "fr");
  EXPECT_EQ(choose_language("", "fr;q=0, en;q=0.1", "fr"), "en");
  EXPECT_EQ(choose_language("", "de, *;q=0.5", "fr"), "fr");
  EXPECT_EQ(choose_language("", "fr;q=nonsense", "en"), "en");
  EXPECT_EQ(choose_language("", ",,;;q=", "klingon"), "en");
}

}  // namespace vigie
