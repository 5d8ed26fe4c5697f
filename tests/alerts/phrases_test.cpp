#include "alerts/phrases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/embedded.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

Phrases phrases(std::string_view language, std::string_view zone = "Europe/Paris") {
  return *Phrases::load(language, zone);
}

void collect_paths(const json::Value& value, const std::string& path, std::set<std::string>& paths) {
  if (value.type() != json::Type::object) paths.insert(path);
  for (std::size_t i = 0; value.type() == json::Type::object && i < value.size(); ++i) {
    collect_paths(value[i], path + "." + std::string(value.key_at(i)), paths);
  }
}

std::set<std::string> paths_of(const std::string& language) {
  const auto document = json::parse(*embedded("config/lang/alerts." + language + ".json"));
  std::set<std::string> paths;
  collect_paths(document->root(), "", paths);
  return paths;
}

TEST(Catalogues, SayTheSameThings) { EXPECT_EQ(paths_of("en"), paths_of("fr")); }

TEST(Phrases, WriteNumbersOfTheirLanguage) {
  EXPECT_EQ(phrases("fr").number(1234), "1\u202f234");
  EXPECT_EQ(phrases("en").number(1234), "1,234");
  EXPECT_EQ(phrases("fr").number(3.66), "3,7");
  EXPECT_EQ(phrases("en").number(35.4), "35");
  EXPECT_EQ(phrases("fr").percent(0.061), "6,1\u00a0%");
  EXPECT_EQ(phrases("en").percent(0.643), "64%");
}

TEST(Phrases, SayLessThanOneInsteadOfNothing) {
  EXPECT_EQ(phrases("en").habit(0.03), "less than 1");
  EXPECT_EQ(phrases("en").habit(0), "0");
  EXPECT_EQ(phrases("en").habit(1), "1");
}

TEST(Phrases, GiveAMultipleNoMorePrecisionThanItHas) {
  EXPECT_EQ(phrases("en").times(5.99), "6×");
  EXPECT_EQ(phrases("fr").times(2.42), "×2,4");
  EXPECT_EQ(phrases("fr").times(12.4), "×12");
}

TEST(Phrases, WriteDurations) {
  EXPECT_EQ(phrases("en").duration(seconds(20)), "less than a minute");
  EXPECT_EQ(phrases("en").duration(minutes(45)), "45 min");
  EXPECT_EQ(phrases("en").duration(minutes(120)), "2 h");
  EXPECT_EQ(phrases("fr").duration(minutes(65)), "1\u00a0h\u00a005");
  EXPECT_EQ(phrases("fr").duration(hours(52)), "2\u00a0j\u00a04\u00a0h");
}

TEST(Phrases, FollowSummerTimeOfTheReadersZone) {
  EXPECT_EQ(phrases("en").clock_time(test::at("2026-07-01T12:00:00Z")), "14:00");
  EXPECT_EQ(phrases("en").clock_time(test::at("2026-12-01T12:00:00Z")), "13:00");
  EXPECT_EQ(phrases("en", "America/New_York").date_time(test::at("2026-11-01T05:30:00Z")),
            "Sunday 1 November 2026, 01:30");
  EXPECT_EQ(phrases("en", "America/New_York").date_time(test::at("2026-11-01T06:30:00Z")),
            "Sunday 1 November 2026, 01:30");
}

TEST(Phrases, NameTheZoneByItsCity) {
  EXPECT_EQ(phrases("fr").zone(), "heure de Paris");
  EXPECT_EQ(phrases("fr", "Europe/Athens").zone(), "heure d’Athènes");
  EXPECT_EQ(phrases("en", "America/New_York").zone(), "New York time");
  EXPECT_EQ(phrases("fr", "UTC").zone(), "UTC");
  EXPECT_EQ(phrases("fr", "Etc/UTC").zone(), "UTC");
}

TEST(Phrases, CountAsTheirLanguageDoes) {
  EXPECT_EQ(phrases("fr").count("quotes.followers", 0, {{"n", "0"}}), "0 abonné");
  EXPECT_EQ(phrases("en").count("quotes.followers", 0, {{"n", "0"}}), "0 followers");
  EXPECT_EQ(phrases("en").count("quotes.followers", 1, {{"n", "1"}}), "1 follower");
}

TEST(Phrases, DoNotFillWhatFilledASlot) {
  EXPECT_EQ(phrases("en").say("rising.new", {{"term", "{n}"}, {"n", "5"}}), "“{n}” 5 (new)");
}

}  // namespace
}  // namespace vigie
