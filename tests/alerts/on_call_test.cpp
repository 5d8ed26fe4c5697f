// Turns, handed over at a time of day whatever clocks do. Expected instants are Python's zoneinfo.

#include "alerts/on_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using test::at;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

ScheduleSettings schedule(const std::string& zone, std::array<int, 3> first_day) {
  ScheduleSettings made;
  made.id = "support";
  made.time_zone = zone;
  made.people = {"ana", "ben", "cleo"};
  made.year = first_day[0];
  made.month = first_day[1];
  made.day = first_day[2];
  return made;
}

std::vector<std::string> handovers(const ScheduleSettings& of, const std::string& from, int count) {
  std::vector<std::string> times;
  for (Time now = at(from) - seconds(1); std::ssize(times) < count;) {
    const auto next = next_shift(of, now);
    if (!next || !*next) break;
    now = (*next)->span.from;
    times.push_back(format_rfc3339(now));
  }
  return times;
}

struct Table {
  std::string zone;
  std::array<int, 3> first_day;
  int handover, days;
  std::vector<std::string> expected;  // beginning of each turn
};

class HandOver : public testing::TestWithParam<Table> {};

TEST_P(HandOver, IsAtItsTimeOfDayByCalendarDays) {
  ScheduleSettings of = schedule(GetParam().zone, GetParam().first_day);
  of.handover = GetParam().handover;
  of.days = GetParam().days;

  EXPECT_THAT(handovers(of, GetParam().expected.front(), static_cast<int>(GetParam().expected.size())),
              ElementsAreArray(GetParam().expected));
}

constexpr int kNine = 9 * 60, kQuarterPastTwo = 2 * 60 + 15;

INSTANTIATE_TEST_SUITE_P(
    OverChangesOfClocks, HandOver,
    testing::Values(
        Table{"Europe/Paris",
              {2026, 3, 2},
              kNine,
              7,
              {"2026-03-02T08:00:00Z", "2026-03-09T08:00:00Z", "2026-03-16T08:00:00Z", "2026-03-23T08:00:00Z",
               "2026-03-30T07:00:00Z", "2026-04-06T07:00:00Z"}},
        Table{"Europe/Paris",
              {2026, 9, 28},
              kNine,
              7,
              {"2026-09-28T07:00:00Z", "2026-10-05T07:00:00Z", "2026-10-12T07:00:00Z", "2026-10-19T07:00:00Z",
               "2026-10-26T08:00:00Z"}},
        Table{"America/New_York",
              {2026, 3, 2},
              kNine,
              7,
              {"2026-03-02T14:00:00Z", "2026-03-09T13:00:00Z", "2026-03-16T13:00:00Z"}},
        Table{"America/New_York",
              {2026, 10, 19},
              kNine,
              7,
              {"2026-10-19T13:00:00Z", "2026-10-26T13:00:00Z", "2026-11-02T14:00:00Z"}},
        Table{"Australia/Sydney",
              {2026, 3, 23},
              kNine,
              7,
              {"2026-03-22T22:00:00Z", "2026-03-29T22:00:00Z", "2026-04-05T23:00:00Z"}},
        Table{"Australia/Sydney",
              {2026, 9, 28},
              kNine,
              7,
              {"2026-09-27T23:00:00Z", "2026-10-04T22:00:00Z", "2026-10-11T22:00:00Z"}},
        Table{"Australia/Lord_Howe", {2026, 3, 30}, kNine, 7, {"2026-03-29T22:00:00Z", "2026-04-05T22:30:00Z"}},
        Table{"Australia/Lord_Howe", {2026, 9, 28}, kNine, 7, {"2026-09-27T22:30:00Z", "2026-10-04T22:00:00Z"}},
        Table{"Asia/Kathmandu", {2026, 3, 23}, kNine, 7, {"2026-03-23T03:15:00Z", "2026-03-30T03:15:00Z"}},
        // The hour that is skipped, and the hour there is twice.
        Table{"Europe/Paris",
              {2026, 3, 28},
              kQuarterPastTwo,
              1,
              {"2026-03-28T01:15:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:15:00Z"}},
        Table{"Europe/Paris",
              {2026, 10, 24},
              kQuarterPastTwo,
              1,
              {"2026-10-24T00:15:00Z", "2026-10-25T00:15:00Z", "2026-10-26T01:15:00Z"}},
        Table{"America/New_York",
              {2026, 3, 7},
              kQuarterPastTwo,
              1,
              {"2026-03-07T07:15:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:15:00Z"}},
        Table{"Australia/Lord_Howe",
              {2026, 10, 3},
              kQuarterPastTwo,
              1,
              {"2026-10-02T15:45:00Z", "2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"}}));

TEST(OnCall, PeopleTakeTurns) {
  const ScheduleSettings weekly = schedule("Europe/Paris", {2026, 11, 2});

  EXPECT_EQ(*on_call(weekly, at("2026-11-02T07:59:59Z")), "") << "nobody before the first turn";
  EXPECT_EQ(*on_call(weekly, at("2026-11-02T08:00:00Z")), "ana");
  EXPECT_EQ(*on_call(weekly, at("2026-11-09T08:00:00Z")), "ben");
  EXPECT_EQ(*on_call(weekly, at("2026-11-16T08:00:00Z")), "cleo");
  EXPECT_EQ(*on_call(weekly, at("2026-11-23T07:59:59Z")), "cleo");
  EXPECT_EQ(*on_call(weekly, at("2026-11-23T08:00:00Z")), "ana");
}

TEST(OnCall, TheSecondOfTwoEqualTimesGivesNothingBack) {
  ScheduleSettings daily = schedule("Europe/Paris", {2026, 10, 24});
  daily.handover = kQuarterPastTwo;
  daily.days = 1;

  EXPECT_EQ(*on_call(daily, at("2026-10-25T00:15:00Z")), "ben");
  EXPECT_EQ(*on_call(daily, at("2026-10-25T01:05:00Z")), "ben") << "clocks show 02:05 again";
}

TEST(OnCall, WhoeverStandsInCountsAlsoOutsideTheHoursAndTheLastWrittenWins) {
  ScheduleSettings of = schedule("UTC", {2026, 11, 2});
  of.hours = {{0x1f, 9 * 60, 17 * 60}};
  of.overrides = {{"ben", at("2026-11-02T20:00:00Z"), at("2026-11-03T12:00:00Z")},
                  {"cleo", at("2026-11-03T10:00:00Z"), at("2026-11-03T11:00:00Z")}};

  const auto found = shifts(of, at("2026-11-02T12:00:00Z"), at("2026-11-04T12:00:00Z"));

  std::vector<std::string> told;
  for (const Shift& shift : *found)
    told.push_back(
        concat(format_rfc3339(shift.span.from).substr(8, 8), " ", shift.person, shift.stands_in ? " stands in" : ""));
  EXPECT_THAT(told, ElementsAre("02T12:00 ana", "02T17:00 ", "02T20:00 ben stands in", "03T10:00 cleo stands in",
                                "03T11:00 ben stands in", "03T12:00 ana", "03T17:00 ", "04T09:00 ana"));
}

TEST(OnCall, GapsOfTheNextDaysAreFound) {
  ScheduleSettings of = schedule("Europe/Paris", {2026, 11, 2});
  of.hours = {{0x1f, 0, 1440}};
  const Time monday = at("2026-11-16T12:00:00Z");

  EXPECT_THAT(*gaps(of, monday, monday + 7 * kDay),
              ElementsAre(TimeSpan{at("2026-11-20T23:00:00Z"), at("2026-11-22T23:00:00Z")}));

  of.hours.clear();
  EXPECT_THAT(*gaps(of, monday, monday + 7 * kDay), IsEmpty());
  EXPECT_THAT(*gaps(of, at("2026-10-31T00:00:00Z"), at("2026-11-07T00:00:00Z")),
              ElementsAre(TimeSpan{at("2026-10-31T00:00:00Z"), at("2026-11-02T08:00:00Z")}));
}

TEST(OnCall, OfASinglePersonNeverChanges) {
  ScheduleSettings of = schedule("Europe/Paris", {2026, 11, 2});
  of.people = {"ana"};

  EXPECT_EQ(*next_shift(of, at("2026-11-16T12:00:00Z")), std::nullopt);
  of.people.clear();
  EXPECT_EQ(*on_call(of, at("2026-11-16T12:00:00Z")), "");
}

TEST(OnCall, InAnUnknownZoneIsRefused) {
  const auto found = on_call(schedule("Europe/Atlantis", {2026, 11, 2}), at("2026-11-16T12:00:00Z"));

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::bad_config);
}

}  // namespace
}  // namespace vigie
