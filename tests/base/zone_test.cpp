#include "base/zone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using namespace std::string_literals;

std::string in(std::string_view utc, const std::string& zone) {
  const auto local = to_local(*parse_rfc3339(utc), zone);
  if (!local) return local.error().what;
  const auto two = [](int n) { return concat(n < 10 ? "0" : "", std::to_string(n)); };
  return concat(std::to_string(local->year), "-", two(local->month), "-", two(local->day), " ", two(local->hour), ":",
                two(local->minute), ":", two(local->second), " day ", std::to_string(local->weekday), " offset ",
                std::to_string(std::chrono::duration_cast<minutes>(local->offset).count()));
}

TEST(Zone, TellsLocalTimeInSummerAndWinter) {
  EXPECT_EQ(in("2026-01-15T23:30:05Z", "Europe/Paris"), "2026-01-16 00:30:05 day 5 offset 60");
  EXPECT_EQ(in("2026-07-15T23:30:05Z", "Europe/Paris"), "2026-07-16 01:30:05 day 4 offset 120");
  EXPECT_EQ(in("2026-11-21T02:00:00Z", "America/New_York"), "2026-11-20 21:00:00 day 5 offset -300");
  EXPECT_EQ(in("2026-11-22T12:00:00Z", "Asia/Kathmandu"), "2026-11-22 17:45:00 day 7 offset 345");
  EXPECT_EQ(in("2026-11-21T10:00:00Z", "UTC"), "2026-11-21 10:00:00 day 6 offset 0");
}

TEST(Zone, ChangesAtTheVeryInstant) {
  EXPECT_EQ(in("2026-03-29T00:59:59.999999Z", "Europe/Paris"), "2026-03-29 01:59:59 day 7 offset 60");
  EXPECT_EQ(in("2026-03-29T01:00:00Z", "Europe/Paris"), "2026-03-29 03:00:00 day 7 offset 120");
  EXPECT_EQ(in("2026-10-25T00:59:59Z", "Europe/Paris"), "2026-10-25 02:59:59 day 7 offset 120");
  EXPECT_EQ(in("2026-10-25T01:00:00Z", "Europe/Paris"), "2026-10-25 02:00:00 day 7 offset 60");
}

TEST(Zone, HoldsFarInTheFutureAndBefore1970) {
  EXPECT_EQ(in("2150-07-01T10:00:00Z", "Europe/Paris"), "2150-07-01 12:00:00 day 3 offset 120");
  EXPECT_EQ(in("2040-03-25T00:59:59Z", "Europe/Paris"), "2040-03-25 01:59:59 day 7 offset 60");
  EXPECT_EQ(in("2040-03-25T01:00:00Z", "Europe/Paris"), "2040-03-25 03:00:00 day 7 offset 120");
  EXPECT_EQ(in("2100-11-07T06:00:00Z", "America/New_York"), "2100-11-07 01:00:00 day 7 offset -300");
  EXPECT_EQ(in("1965-07-01T10:00:00Z", "Europe/London"), "1965-07-01 11:00:00 day 4 offset 60");
}

std::string instant(std::string_view day, int minute, const std::string& zone, Twice twice) {
  const Time midnight = parse_rfc3339(concat(day, "T00:00:00Z")).value();
  const LocalDay local(std::chrono::floor<std::chrono::days>(midnight).time_since_epoch());
  const auto found = to_instant(local, minute, zone, twice);
  return found ? format_rfc3339(*found) : found.error().what;
}

TEST(Zone, FindsTheInstantOfALocalTime) {
  EXPECT_EQ(instant("2026-01-16", 30, "Europe/Paris", Twice::first), "2026-01-15T23:30:00Z");
  EXPECT_EQ(instant("2026-07-15", 1440, "Europe/Paris", Twice::second), "2026-07-15T22:00:00Z") << "24:00";
  EXPECT_EQ(instant("2026-11-22", 0, "Asia/Kathmandu", Twice::first), "2026-11-21T18:15:00Z");
  EXPECT_EQ(instant("2040-07-15", 540, "Europe/Paris", Twice::first), "2040-07-15T07:00:00Z");
  EXPECT_EQ(instant("2040-07-15", 540, "Europe/Atlantis", Twice::first),
            "time zone \"Europe/Atlantis\" is not known here; expected a name like Europe/Paris");
}

// Values from Python's zoneinfo.
TEST(Zone, TakesTheFirstInstantAfterAGapAndTheOneAskedForOfTwo) {
  EXPECT_EQ(instant("2026-03-29", 150, "Europe/Paris", Twice::first), "2026-03-29T01:00:00Z");
  EXPECT_EQ(instant("2026-03-29", 150, "Europe/Paris", Twice::second), "2026-03-29T01:00:00Z");
  EXPECT_EQ(instant("2026-10-25", 150, "Europe/Paris", Twice::first), "2026-10-25T00:30:00Z");
  EXPECT_EQ(instant("2026-10-25", 150, "Europe/Paris", Twice::second), "2026-10-25T01:30:00Z");
  EXPECT_EQ(instant("2026-04-05", 105, "Australia/Lord_Howe", Twice::first), "2026-04-04T14:45:00Z");
  EXPECT_EQ(instant("2026-04-05", 105, "Australia/Lord_Howe", Twice::second), "2026-04-04T15:15:00Z");
  EXPECT_EQ(instant("2026-10-04", 135, "Australia/Lord_Howe", Twice::first), "2026-10-03T15:30:00Z");
  EXPECT_EQ(instant("2040-03-25", 150, "Europe/Paris", Twice::first), "2040-03-25T01:00:00Z");
}

TEST(Zone, SaysWhenItIsUnknown) {
  EXPECT_TRUE(zone_known("Europe/Paris"));
  for (const std::string& zone : {""s, "Europe/Atlantis"s, "../../etc/passwd"s, "europe/paris"s, "CEST+2"s, "UTC\0x"s})
    EXPECT_FALSE(zone_known(zone)) << zone;

  const auto local = to_local(Time{}, "Europe/Atlantis");

  ASSERT_FALSE(local);
  EXPECT_EQ(local.error().kind, ErrorKind::bad_config);
  EXPECT_THAT(local.error().what, testing::HasSubstr("\"Europe/Atlantis\" is not known"));
}

}  // namespace
}  // namespace vigie
