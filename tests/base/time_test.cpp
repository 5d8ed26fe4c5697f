#include "base/time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace vigie {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kTenOClock = 1795255200;  // 2026-11-21T10:00:00Z

std::string loosely(std::string_view text) {
  const auto read = parse_loose_time(text);
  if (!read) return read.error().what;
  return format_rfc3339(read->time) + (read->zone_assumed ? " assumed" : "");
}

struct Written {
  std::string_view text, means;
};

TEST(Epoch, RoundsDownBeforeAndAfter1970) {
  EXPECT_EQ(to_epoch(from_epoch_micros(1'999'999)), 1);
  EXPECT_EQ(to_epoch(from_epoch_micros(-1)), -1);
  EXPECT_EQ(to_epoch_micros(from_epoch(kTenOClock)), kTenOClock * 1'000'000);
}

TEST(Rfc3339, IsWrittenWithAFractionOnlyWhenThereIsOne) {
  EXPECT_EQ(format_rfc3339(from_epoch(kTenOClock)), "2026-11-21T10:00:00Z");
  EXPECT_EQ(format_rfc3339(from_epoch(kTenOClock) + Duration(1500)), "2026-11-21T10:00:00.001500Z");
  EXPECT_EQ(format_rfc3339(from_epoch_micros(-1)), "1969-12-31T23:59:59.999999Z");
}

TEST(Rfc3339, ClampsYearsThatFourDigitsCannotHold) {
  EXPECT_EQ(format_rfc3339(Time::max()), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(format_rfc3339(Time::min()), "0000-01-01T00:00:00Z");
}

TEST(Rfc3339, ReadsWhatTheStandardAllows) {
  for (const auto& [text, means] : std::to_array<Written>({
           {"2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z"},
           {"2026-11-21t10:00:00z", "2026-11-21T10:00:00Z"},
           {"2026-11-21 10:00:00+01:00", "2026-11-21T09:00:00Z"},
           {"2026-11-21T10:00:00.1234567-05:30", "2026-11-21T15:30:00.123456Z"},
           {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
           {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
       })) {
    const auto time = parse_rfc3339(text);

    ASSERT_TRUE(time) << text;
    EXPECT_EQ(format_rfc3339(*time), means) << text;
  }
}

TEST(Rfc3339, RefusesAllElse) {
  for (const std::string_view text :
       {"", "2026-11-21", "2026-11-21T10:00:00", "2026-11-21T10:00Z", "2026-11-21T24:00:00Z", "2026-02-29T10:00:00Z",
        "2026-13-01T10:00:00Z", "2026-00-01T10:00:00Z", "2026-11-21T10:00:00.Z", "2026-11-21T10:00:00Zx",
        "2026-11-21T10:00:00+0100", "2026-11-21T10:00:00+01", "30000-01-01T00:00:00Z", " 2026-11-21T10:00:00Z",
        "2026-11-21T10:60:00Z", "2026-11-21T10:00:00+25:00", "2026-11-21T10:00:00+01:60"}) {
    const auto time = parse_rfc3339(text);

    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().kind, ErrorKind::bad_data);
  }
}

TEST(HttpDate, IsReadInItsThreeForms) {
  for (const std::string_view text :
       {"Sat, 21 Nov 2026 10:00:00 GMT", "Saturday, 21-Nov-26 10:00:00 GMT", "Sat Nov 21 10:00:00 2026"}) {
    const auto time = parse_http_date(text);

    ASSERT_TRUE(time) << text;
    EXPECT_EQ(to_epoch(*time), kTenOClock) << text;
  }
  EXPECT_EQ(to_epoch(*parse_http_date("Sun Nov  6 08:49:37 1994")), 784111777);
  EXPECT_EQ(to_epoch(*parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT")), 784111777);
}

TEST(HttpDate, RefusesAllElse) {
  for (const std::string_view text :
       {"", "0", "Sat, 21 Nov 2026 10:00:00", "Sat, 31 Feb 2026 10:00:00 GMT", "21 Nov 2026 10:00:00 GMT",
        "Sat, 21 Nov 2026 10:00:00 GMT junk", "2026-11-21T10:00:00Z"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

TEST(HttpDate, IsWrittenInTheFirstForm) {
  EXPECT_EQ(format_http_date(from_epoch(784111777)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(format_mail_date(from_epoch(784111777)), "Sun, 06 Nov 1994 08:49:37 +0000");
}

TEST(LooseTime, ReadsTheDatesOfMails) {
  for (const auto& [text, means] : std::to_array<Written>({
           {"Sat, 21 Nov 2026 10:00:00 GMT", "2026-11-21T10:00:00Z"},
           {"Sat, 21 Nov 2026 10:00:00 +0100", "2026-11-21T09:00:00Z"},
           {"Sat, 21 Nov 2026 10:00:00 +01:00", "2026-11-21T09:00:00Z"},
           {"Sat, 21 Nov 2026 10:00:00 +1", "2026-11-21T09:00:00Z"},
           {"Sat, 21 Nov 2026 10:00:00 GMT+0100", "2026-11-21T09:00:00Z"},
           {"21 Nov 26 10:00 UT", "2026-11-21T10:00:00Z"},
           {"21 Nov 99 10:00 Z", "1999-11-21T10:00:00Z"},
           {"Sat, 21 Nov 126 10:00:00 GMT", "2026-11-21T10:00:00Z"},
           {"Mon, 21 November 2026 10:00:00 EST", "2026-11-21T15:00:00Z"},
           {"sat, 21 nov 2026 10:00:00 edt", "2026-11-21T14:00:00Z"},
           {"Sat,21 Nov 2026 10:00:00 PDT", "2026-11-21T17:00:00Z"},
           {"Sat, 21 Nov 2026 10:00:00 (comment) CEST", "2026-11-21T08:00:00Z"},
           {"Sat, 21 Nov 2026 10:00:00 +0100 (CET)", "2026-11-21T09:00:00Z"},
           {"Sat, 21 Nov 2026 10:00:00 (CET)", "2026-11-21T09:00:00Z"},
           {"Sat, 21 Nov 2026 24:00:00 GMT", "2026-11-22T00:00:00Z"},
           {"Sat, 21 Nov 2026 23:59:60 GMT", "2026-11-22T00:00:00Z"},
           {"Sat, 21 Nov 2026 10:00:00", "2026-11-21T10:00:00Z assumed"},
           {"Sat, 21 Nov 2026 10:00:00 Q", "2026-11-21T10:00:00Z assumed"},
           {"Sat, 21 Nov 2026 10:00:00 Atlantis", "2026-11-21T10:00:00Z assumed"},
           {"Sat, 21 Nov 2026", "2026-11-21T00:00:00Z assumed"},
           {"\n  Sat, 21\n Nov 2026\t10:00:00 GMT ", "2026-11-21T10:00:00Z"},
           {"Sat, 21-Nov-2026 10:00:00 GMT", "2026-11-21T10:00:00Z"},
           {"Caturday, 21 Nov 2026 10:00:00 GMT", "2026-11-21T10:00:00Z"},
           {"Sat, 21 Nov 2026 10:00:00.75 GMT", "2026-11-21T10:00:00.750000Z"},
       })) {
    EXPECT_EQ(loosely(text), means) << text;
  }
}

TEST(LooseTime, ReadsIsoDatesWithMissingParts) {
  for (const auto& [text, means] : std::to_array<Written>({
           {"2026", "2026-01-01T00:00:00Z assumed"},
           {"2026-11", "2026-11-01T00:00:00Z assumed"},
           {"2026-11-21", "2026-11-21T00:00:00Z assumed"},
           {"2026-11-21Z", "2026-11-21T00:00:00Z"},
           {"2026-11-21T10", "2026-11-21T10:00:00Z assumed"},
           {"2026-11-21T10:00", "2026-11-21T10:00:00Z assumed"},
           {"2026-11-21T10:00Z", "2026-11-21T10:00:00Z"},
           {"2026-11-21T10:00+01:00", "2026-11-21T09:00:00Z"},
           {"2026-11-21T10:00:00.5-05:00", "2026-11-21T15:00:00.500000Z"},
           {"2026-11-21T10:00:00,5Z", "2026-11-21T10:00:00.500000Z"},
           {"2026-11-21T10:00:00+0000", "2026-11-21T10:00:00Z"},
           {"2026-11-21T10:00:00+01:0", "2026-11-21T09:00:00Z"},
           {"2026-11-21T24:00:00Z", "2026-11-22T00:00:00Z"},
           {"2026-11-21 10:00:00.0", "2026-11-21T10:00:00Z assumed"},
           {"2026-11-21 10:00:00 -0500", "2026-11-21T15:00:00Z"},
           {"2026-11-21 10:00:00 +0000 UTC", "2026-11-21T10:00:00Z"},
           {"2026-11-21T10:00:00+01:00[Europe/Paris]", "2026-11-21T09:00:00Z"},
           {"20261121", "2026-11-21T00:00:00Z assumed"},
           {"20261121T100000Z", "2026-11-21T10:00:00Z"},
           {"20261121T1000", "2026-11-21T10:00:00Z assumed"},
           {"20261121100000", "2026-11-21T10:00:00Z assumed"},
           {"2026-325", "2026-11-21T00:00:00Z assumed"},
           {"2026325", "2026-11-21T00:00:00Z assumed"},
           {"2026-325T10:00Z", "2026-11-21T10:00:00Z"},
           {"2026-W47-6", "2026-11-21T00:00:00Z assumed"},
           {"2026W476T10:00Z", "2026-11-21T10:00:00Z"},
           {"2026-W47", "2026-11-16T00:00:00Z assumed"},
           {"2020-W01-1", "2019-12-30T00:00:00Z assumed"},
           {"2026/11/21 10:00", "2026-11-21T10:00:00Z assumed"},
           {"2026.11.21", "2026-11-21T00:00:00Z assumed"},
           {"Sat, 2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z"},
       })) {
    EXPECT_EQ(loosely(text), means) << text;
  }
}

TEST(LooseTime, ReadsDatesOfOtherLanguages) {
  for (const auto& [text, means] : std::to_array<Written>({
           {"sam., 21 nov. 2026 10:00:00 +0100", "2026-11-21T09:00:00Z"},
           {"samedi 1er août 2026 à 10h30", "2026-08-01T10:30:00Z assumed"},
           {"mar. 21 févr. 2023 10:00:00 GMT", "2023-02-21T10:00:00Z"},
           {"mar., 3 mars 2026 10:00 GMT", "2026-03-03T10:00:00Z"},
           {"mar. 21/11/2026 10:00", "2026-11-21T10:00:00Z assumed"},
           {"Sa, 21. Dezember 2026 10:00 Uhr MEZ", "2026-12-21T09:00:00Z"},
           {"Mi, 04 Mär 2026 10:00:00 +0100", "2026-03-04T09:00:00Z"},
           {"Do, 01 Okt 2026 10:00:00 +0200", "2026-10-01T08:00:00Z"},
           {"sábado, 21 de noviembre de 2026 10:00 CET", "2026-11-21T09:00:00Z"},
           {"Mié, 07 Ene 2026 10:00:00 GMT", "2026-01-07T10:00:00Z"},
           {"Seg, 12 Set 2005 18:14:54 -0300", "2005-09-12T21:14:54Z"},
           {"sab, 21 nov 2026 10:00:00 +0100", "2026-11-21T09:00:00Z"},
           {"Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"},
           {"2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z"},
           {"2004년 05월 28일 오후 11:31:57", "2004-05-28T23:31:57Z assumed"},
           {"2004-05-25 오전 12:23:17", "2004-05-25T00:23:17Z assumed"},
           {"2026年11月21日(土) 10:00", "2026-11-21T10:00:00Z assumed"},
           {"Suk, 21 Nov 2026 10:00:00 GMT", "2026-11-21T10:00:00Z"},
       })) {
    EXPECT_EQ(loosely(text), means) << text;
  }
}

TEST(LooseTime, ReadsDatesOfProgramsAndPeople) {
  for (const auto& [text, means] : std::to_array<Written>({
           {"Sat Nov 21 10:00:00 2026", "2026-11-21T10:00:00Z assumed"},
           {"Sat Nov 21 10:00:00 PST 2026", "2026-11-21T18:00:00Z"},
           {"Sat Nov 21 10:00:00 +0000 2026", "2026-11-21T10:00:00Z"},
           {"Saturday, November 21, 2026 10:00 PM", "2026-11-21T22:00:00Z assumed"},
           {"Nov 21, 2026, 12:05 a.m. EST", "2026-11-21T05:05:00Z"},
           {"November 21st 2026", "2026-11-21T00:00:00Z assumed"},
           {"Sun, 19 Apr 2015 9:05 pm CEST", "2015-04-19T19:05:00Z"},
           {"Sat, Dec 21 2013 13:30:00 PM", "2013-12-21T13:30:00Z assumed"},
           {"21/11/2026 10:00", "2026-11-21T10:00:00Z assumed"},
           {"11/21/2026 10:00", "2026-11-21T10:00:00Z assumed"},
           {"3/4/2026 10:00:00 PM", "2026-03-04T22:00:00Z assumed"},
           {"3/4/2026 10:00", "2026-04-03T10:00:00Z assumed"},
           {"21.11.2026 10:00", "2026-11-21T10:00:00Z assumed"},
       })) {
    EXPECT_EQ(loosely(text), means) << text;
  }
}

TEST(LooseTime, ReadsSecondsMillisecondsAndFinerSince1970) {
  for (const auto& [text, means] : std::to_array<Written>({
           {"1795255200", "2026-11-21T10:00:00Z"},
           {"1795255200.25", "2026-11-21T10:00:00.250000Z"},
           {"1795255200000", "2026-11-21T10:00:00Z"},
           {"946684800000", "2000-01-01T00:00:00Z"},
           {"1795255200000001", "2026-11-21T10:00:00.000001Z"},
           {"1795255200000001000", "2026-11-21T10:00:00.000001Z"},
       })) {
    EXPECT_EQ(loosely(text), means) << text;
  }
}

TEST(LooseTime, RefusesWhatIsNotADate) {
  for (const std::string_view text : {"",
                                      " ",
                                      "yesterday",
                                      "never",
                                      "-",
                                      "12",
                                      "31 Feb 2026 10:00:00 GMT",
                                      "Sat, 21 Nov 2026 25:00:00 GMT",
                                      "Sat, 21 Nov 2026 10:61:00 GMT",
                                      "2026-13-01",
                                      "2026-00-10",
                                      "2026-11-31",
                                      "2026-W54",
                                      "2026-W10-8",
                                      "2026-366",
                                      "2026-11-21T",
                                      "2026-11-21 is the day",
                                      "21-11-26",
                                      "99999999999999999999",
                                      "2026-11-21T10:00:00Z; scheme=W3C-DTF",
                                      "the quick brown fox",
                                      "Nov",
                                      "2026 2026",
                                      "1:2:3",
                                      "\xFF\xFE",
                                      "-1795255200"}) {
    const auto time = parse_loose_time(text);

    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().kind, ErrorKind::bad_data) << text;
  }
}

TEST(LooseTime, RefusesADateInTheYear30000) {
  for (const std::string_view text :
       {"30000-01-01T00:00:00Z", "Sat, 21 Nov 30000 10:00:00 GMT", "2201-01-01", "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00", "1969-12-31T23:59:59Z", "32503680000000"}) {
    EXPECT_FALSE(parse_loose_time(text)) << text;
  }
  EXPECT_THAT(loosely("2999-01-01"), HasSubstr("between 1970 and 2200"));
  EXPECT_EQ(loosely("2200-12-31T23:59:59Z"), "2200-12-31T23:59:59Z");
  EXPECT_EQ(loosely("1970-01-01T00:00:00Z"), "1970-01-01T00:00:00Z");
}

TEST(LooseTime, SurvivesHostileInput) {
  EXPECT_FALSE(parse_loose_time(std::string(1 << 20, '(')));
  EXPECT_FALSE(parse_loose_time(std::string(90, '9')));
  EXPECT_FALSE(parse_loose_time(std::string("2026-11-21\0T10:00", 17)));
  EXPECT_EQ(loosely("21 Nov 2026 10:00:00 \xC3"), "2026-11-21T10:00:00Z assumed");
  EXPECT_EQ(loosely("21 Nov 2026 10:00:00 (((((((((((((((((((((((("), "2026-11-21T10:00:00Z assumed");
}

TEST(TimeFormat, ReadsWhatASourceDescribes) {
  for (const auto& [text, format] : std::to_array<Written>({
           {"2026-11-21 10:00:00", "%Y-%m-%d %H:%M:%S"},
           {"2026-11-21 11:00:00 +0100", "%Y-%m-%d %T %z"},
           {"21/11/26 10h00", "%d/%m/%y %Hh%M"},
           {"Saturday 21 novembre 2026 10:00", "%A %d %B %Y %H:%M"},
           {"Sat Nov 21 10:00:00 UTC 2026", "%a %b %e %T %Z %Y"},
           {"11/21/26 10:00 AM", "%D %I:%M %p"},
           {"2026-325 10:00", "%Y-%j %R"},
           {"2026-11-21T10:00:00.000000Z", "%FT%T.%f%z"},
           {"20261121100000", "%Y%m%d%H%M%S"},
           {"100% 2026-11-21 10", "100%% %F %H"},
       })) {
    const auto time = parse_time_format(text, std::string(format));

    ASSERT_TRUE(time) << text << " as " << format;
    EXPECT_EQ(to_epoch(*time), kTenOClock) << text;
  }
}

TEST(TimeFormat, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(parse_time_format("2026-11-21", "%Y-%m-%d %H"));
  EXPECT_FALSE(parse_time_format("2026-11-21 x", "%Y-%m-%d"));
  EXPECT_FALSE(parse_time_format("2026-02-30", "%Y-%m-%d"));
  EXPECT_FALSE(parse_time_format("13:00 PM", "%I:%M %p"));
  EXPECT_FALSE(parse_time_format("x", "%Q"));
  EXPECT_FALSE(parse_time_format("2026-366", "%Y-%j"));
  EXPECT_THAT(parse_time_format("soon", "%Y").error().what, HasSubstr("in the format %Y, found \"soon\""));
}

TEST(Durations, AreReadInUnitsThatFall) {
  EXPECT_EQ(*parse_duration("90s"), seconds(90));
  EXPECT_EQ(*parse_duration("15m"), minutes(15));
  EXPECT_EQ(*parse_duration("2h"), hours(2));
  EXPECT_EQ(*parse_duration("7d"), kDay * 7);
  EXPECT_EQ(*parse_duration("1h30m"), minutes(90));
  EXPECT_EQ(*parse_duration("0s"), Duration(0));
}

TEST(Durations, RefuseWhatHasNoUnitOrNoEnd) {
  for (const std::string_view text : {"", "5", "s", "-5s", "+5s", "1.5h", "30m1h", "1h1h", "5 s", "1w", "1h30",
                                      "99999999999999999999s", "9223372036854775807d", "9223372036854s9999999s"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Durations, AreWrittenInTheirShortestForm) {
  EXPECT_EQ(format_duration(Duration(0)), "0s");
  EXPECT_EQ(format_duration(seconds(90)), "90s");
  EXPECT_EQ(format_duration(minutes(90)), "90m");
  EXPECT_EQ(format_duration(kDay * 7), "7d");
  EXPECT_EQ(format_duration(kDay * 400 + hours(1)), "9601h");
  EXPECT_EQ(format_duration(-minutes(15)), "-15m");
}

TEST(Durations, ReadBackWhatTheyWrite) {
  for (const std::int64_t s : {1, 59, 60, 61, 3599, 3600, 3661, 86399, 86400, 90061, 1'000'000'007}) {
    EXPECT_EQ(*parse_duration(format_duration(seconds(s))), seconds(s));
  }
}

}  // namespace
}  // namespace vigie
