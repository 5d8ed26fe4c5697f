// Hours of the week on local clocks, through the nights on which clocks change.
//
// Expected values are Python's zoneinfo, asked with fold=0 for beginnings and fold=1 for ends.

#include "alerts/quiet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/suppress.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using test::at;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr unsigned kMondayToFriday = 0x1f;
constexpr unsigned kFriday = 1U << 4;

const std::vector<WeekWindow> kNights = {{0x7f, 22 * 60, 7 * 60}};

std::string until(const std::vector<WeekWindow>& windows, const std::string& zone, const std::string& now) {
  const auto end = end_of_window(windows, zone, at(now));
  if (!end) return end.error().what;
  return *end ? format_rfc3339(**end) : "not within";
}

struct Night {
  std::string zone, begins, ends;
  int minutes_long;
};

class NightOfAChange : public testing::TestWithParam<Night> {};

TEST_P(NightOfAChange, LastsAsLongAsItsClocksSay) {
  const Night& night = GetParam();
  const Time begins = at(night.begins), ends = at(night.ends);

  EXPECT_EQ(until(kNights, night.zone, night.begins), night.ends);
  EXPECT_FALSE(*within(kNights, night.zone, begins - minutes(1)));
  EXPECT_FALSE(*within(kNights, night.zone, ends)) << "half-open";
  int quiet = 0;
  for (Time now = begins; now < ends; now += minutes(1)) quiet += *within(kNights, night.zone, now) ? 1 : 0;
  EXPECT_EQ(quiet, night.minutes_long);
}

INSTANTIATE_TEST_SUITE_P(
    Of2026, NightOfAChange,
    testing::Values(Night{"Europe/Paris", "2026-03-28T21:00:00Z", "2026-03-29T05:00:00Z", 480},
                    Night{"Europe/Paris", "2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z", 600},
                    Night{"America/New_York", "2026-03-08T03:00:00Z", "2026-03-08T11:00:00Z", 480},
                    Night{"America/New_York", "2026-11-01T02:00:00Z", "2026-11-01T12:00:00Z", 600},
                    Night{"Australia/Sydney", "2026-04-04T11:00:00Z", "2026-04-04T21:00:00Z", 600},
                    Night{"Australia/Sydney", "2026-10-03T12:00:00Z", "2026-10-03T20:00:00Z", 480},
                    Night{"Australia/Lord_Howe", "2026-04-04T11:00:00Z", "2026-04-04T20:30:00Z", 570},
                    Night{"Australia/Lord_Howe", "2026-10-03T11:30:00Z", "2026-10-03T20:00:00Z", 510},
                    Night{"Asia/Kathmandu", "2026-03-28T16:15:00Z", "2026-03-29T01:15:00Z", 540}));

TEST(QuietHours, EndAfterTheGapWhereTheirEndIsSkippedAndWithTheSecondOfTwoEqualTimes) {
  const std::vector<WeekWindow> windows = {{0x7f, 22 * 60, 2 * 60 + 30}};

  EXPECT_EQ(until(windows, "Europe/Paris", "2026-03-28T23:00:00Z"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(until(windows, "Europe/Paris", "2026-10-25T00:15:00Z"), "2026-10-25T01:30:00Z");
}

TEST(QuietHours, BeginAfterTheGapAndWithTheFirstOfTwoEqualTimes) {
  const std::vector<WeekWindow> windows = {{0x7f, 2 * 60 + 30, 5 * 60}};

  EXPECT_THAT(*spans(windows, "Europe/Paris", at("2026-03-29T00:30:00Z"), at("2026-03-29T20:00:00Z")),
              ElementsAre(TimeSpan{at("2026-03-29T01:00:00Z"), at("2026-03-29T03:00:00Z")}));
  EXPECT_THAT(*spans(windows, "Europe/Paris", at("2026-10-25T00:00:00Z"), at("2026-10-25T20:00:00Z")),
              ElementsAre(TimeSpan{at("2026-10-25T00:30:00Z"), at("2026-10-25T04:00:00Z")}));
}

TEST(QuietHours, ThatTheClocksSkipWhollyAreNone) {
  const std::vector<WeekWindow> windows = {{0x7f, 2 * 60 + 10, 2 * 60 + 50}};

  EXPECT_THAT(*spans(windows, "Europe/Paris", at("2026-03-28T23:00:00Z"), at("2026-03-29T20:00:00Z")), IsEmpty());
  EXPECT_FALSE(*within(windows, "Europe/Paris", at("2026-03-29T01:00:00Z")));
}

TEST(QuietHours, OverMidnightBelongToTheDayTheyBeginOn) {
  const std::vector<WeekWindow> windows = {{kFriday, 22 * 60, 7 * 60}};

  EXPECT_TRUE(*within(windows, "UTC", at("2026-11-20T23:00:00Z"))) << "a Friday";
  EXPECT_TRUE(*within(windows, "UTC", at("2026-11-21T06:59:59Z")));
  EXPECT_FALSE(*within(windows, "UTC", at("2026-11-21T07:00:00Z")));
  EXPECT_FALSE(*within(windows, "UTC", at("2026-11-21T22:30:00Z"))) << "a Saturday";
  EXPECT_FALSE(*within(windows, "UTC", at("2026-11-20T06:00:00Z"))) << "Friday's own morning";
}

TEST(QuietHours, UntilMidnightMayBeWrittenBothWays) {
  const std::vector<WeekWindow> as_24 = {{kFriday, 18 * 60, 1440}}, as_0 = {{kFriday, 18 * 60, 0}};

  for (const auto& windows : {as_24, as_0}) {
    EXPECT_EQ(until(windows, "UTC", "2026-11-20T20:00:00Z"), "2026-11-21T00:00:00Z");
    EXPECT_EQ(until(windows, "UTC", "2026-11-21T00:00:00Z"), "not within");
  }
}

TEST(QuietHours, ThatMeetAreOneToWhoeverWaits) {
  const std::vector<WeekWindow> weekend = {{kFriday, 18 * 60, 1440}, {1U << 5 | 1U << 6, 0, 1440}, {1, 0, 8 * 60}};

  EXPECT_EQ(until(weekend, "Europe/Paris", "2026-11-20T17:00:00Z"), "2026-11-23T07:00:00Z");
}

TEST(QuietHours, WithoutAnEndAreAskedAboutAgain) {
  EXPECT_EQ(until({{0x7f, 0, 1440}}, "UTC", "2026-11-20T17:00:00Z"), "2026-11-28T17:00:00Z");
}

TEST(QuietHours, ShowTheirNextBoundaries) {
  const auto next = next_boundaries({{kMondayToFriday, 22 * 60, 7 * 60}}, "Europe/Paris", at("2026-11-20T12:00:00Z"));

  ASSERT_TRUE(next);
  ASSERT_EQ(next->size(), 3U);
  EXPECT_EQ((*next)[0].at, at("2026-11-20T21:00:00Z"));
  EXPECT_TRUE((*next)[0].begins);
  EXPECT_EQ((*next)[1].at, at("2026-11-21T06:00:00Z"));
  EXPECT_FALSE((*next)[1].begins);
  EXPECT_EQ((*next)[2].at, at("2026-11-23T21:00:00Z")) << "the weekend is not in them";
  EXPECT_THAT(*next_boundaries({}, "Europe/Paris", at("2026-11-20T12:00:00Z")), IsEmpty());
}

TEST(QuietHours, OfAnUnknownZoneAreRefused) {
  EXPECT_EQ(until(kNights, "Europe/Atlantis", "2026-11-20T17:00:00Z"),
            "time zone \"Europe/Atlantis\" is not known here; expected a name like Europe/Paris");
}

// Zone by zone what zoneinfo says of 2026: the offset on 1 January and each change, in minutes east of UTC.
struct Year {
  std::string zone;
  int offset;
  std::vector<std::pair<std::string, int>> changes;
};

class EveryMinuteOfAYear : public testing::TestWithParam<Year> {};

// Counted by zoneinfo over the 525,600 minutes of 2026; the year has as many quiet minutes as nights, wherever clocks
// go forward and back.
constexpr int kQuietMinutes = 197100;

TEST_P(EveryMinuteOfAYear, HoldsBackAllThatIsNotCritical) {
  Circumstances all;
  all.due.subject_kind = "incident";
  all.due.purpose = "first";
  all.incident = Incident{};
  all.incident->state = IncidentState::open;
  all.incident->severity = 4;
  all.person = PersonSettings{};
  all.person->id = "marie";
  all.person->quiet = kNights;
  all.person->time_zone = GetParam().zone;
  int offset = GetParam().offset, quiet = 0, wrong = 0;
  auto change = GetParam().changes.begin();

  for (Time now = at("2026-01-01T00:00:00Z"); now < at("2027-01-01T00:00:00Z"); now += minutes(1)) {
    if (change != GetParam().changes.end() && now == at(change->first)) offset = (change++)->second;
    const auto local = std::chrono::floor<minutes>(now.time_since_epoch() + minutes(offset)) % kDay;
    const bool night = local >= hours(22) || local < hours(7);
    const bool delivered = decide(all, now)->decision.kind == Decision::Kind::deliver;
    quiet += night ? 1 : 0;
    wrong += night == delivered ? 1 : 0;
  }

  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(quiet, kQuietMinutes);
}

INSTANTIATE_TEST_SUITE_P(
    InFiveZones, EveryMinuteOfAYear,
    testing::Values(Year{"Europe/Paris", 60, {{"2026-03-29T01:00:00Z", 120}, {"2026-10-25T01:00:00Z", 60}}},
                    Year{"America/New_York", -300, {{"2026-03-08T07:00:00Z", -240}, {"2026-11-01T06:00:00Z", -300}}},
                    Year{"Australia/Sydney", 660, {{"2026-04-04T16:00:00Z", 600}, {"2026-10-03T16:00:00Z", 660}}},
                    Year{"Australia/Lord_Howe", 660, {{"2026-04-04T15:00:00Z", 630}, {"2026-10-03T15:30:00Z", 660}}},
                    Year{"Asia/Kathmandu", 345, {}}));

}  // namespace
}  // namespace vigie
