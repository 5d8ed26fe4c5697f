#include "app/cmd_silence.h"

#include <sstream>

#include "app/cmd_oncall.h"
#include "tests/app/alerting_store.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SilenceTest : public testing::Test {
 protected:
  SilenceRequest two_hours() {
    SilenceRequest request;
    request.brands = {"acme"};
    request.length = "2h";
    request.by = "client-0042";
    request.reason = "release";
    return request;
  }
  int add(const SilenceRequest& request) { return silence_add(request, settings_, *store_, clock_, out_, err_); }

  Settings settings_ = two_people();
  std::unique_ptr<Store> store_ = alerting_store();
  ManualClock clock_{kSaturdayNoon};
  std::ostringstream out_, err_;
};

TEST_F(SilenceTest, IsKeptWithItsEndItsAuthorAndItsReason) {
  SilenceRequest request = two_hours();
  request.least = "info";
  request.most = "warning";

  ASSERT_EQ(add(request), 0) << err_.str();

  const std::vector<Silence> kept = store_->silences(kSaturdayNoon).value();
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_EQ(kept[0].ends, kSaturdayNoon + hours(2));
  EXPECT_EQ(kept[0].author, "client-0042");
  EXPECT_EQ(kept[0].least, 1);
  EXPECT_EQ(kept[0].most, 3);
  EXPECT_THAT(out_.str(), HasSubstr("silence 1, until 2026-11-21T14:00:00Z"));
}

TEST_F(SilenceTest, SaysWhatItExpectedInsteadOfWhatItCannotTake) {
  SilenceRequest no_end = two_hours(), typo = two_hours(), long_one = two_hours(), past = two_hours(),
                 grade = two_hours(), no_reason = two_hours();
  no_end.length = "";
  typo.brands = {"acne"};
  long_one.length = "31d";
  past.length = "";
  past.until = "2026-11-21T11:00:00Z";
  grade.least = "warn";
  no_reason.reason = "";

  for (const SilenceRequest& request : {no_end, typo, long_one, past, grade, no_reason}) EXPECT_EQ(add(request), 2);

  EXPECT_THAT(
      err_.str(),
      AllOf(HasSubstr("expected an end, by either --for or --until"),
            HasSubstr("--brand: expected an id of the settings, found \"acne\"; did you mean \"acme\"?"),
            HasSubstr("expected at most 30 days, found 31d"), HasSubstr("expected an end that is still to come"),
            HasSubstr("--least: expected info, warning, high or critical, found \"warn\""),
            HasSubstr("expected a reason")));
  EXPECT_THAT(store_->silences(Time{}).value(), IsEmpty());
}

TEST_F(SilenceTest, IsListedAndEnded) {
  add(two_hours());
  SilenceRequest end;
  end.id = 1;
  end.by = "client-0043";
  out_.str("");

  silence_list({}, *store_, clock_, out_, err_);
  EXPECT_EQ(out_.str(), "1  in force until 2026-11-21T14:00:00Z; brand=acme; by client-0042: release\n");
  clock_.advance(hours(1));
  EXPECT_EQ(silence_end(end, *store_, clock_, out_, err_), 0);
  EXPECT_EQ(silence_end(end, *store_, clock_, out_, err_), 2);
  EXPECT_THAT(err_.str(), HasSubstr("there is no silence 1 that is not over"));
  out_.str("");

  silence_list({}, *store_, clock_, out_, err_);
  SilenceRequest all;
  all.all = true;
  silence_list(all, *store_, clock_, out_, err_);

  EXPECT_EQ(out_.str(),
            "no silence in force or to come\n"
            "1  ended by client-0043 at 2026-11-21T13:00:00Z; brand=acme; by client-0042: release\n");
}

class OnCallTest : public testing::Test {
 protected:
  OnCallTest() {
    ScheduleSettings schedule;
    schedule.id = "support";
    schedule.time_zone = "Europe/Paris";
    schedule.people = {"ana", "ben"};
    schedule.month = 11;
    schedule.day = 2;
    schedule.hours = {{0x1f, 0, 1440}};
    settings_.schedules = {schedule};
  }
  int ask(const OnCallRequest& request) { return oncall(request, settings_, clock_, out_, err_); }

  Settings settings_ = two_people();
  ManualClock clock_{*parse_rfc3339("2026-11-19T12:00:00Z")};  // a Thursday
  std::ostringstream out_, err_;
};

TEST_F(OnCallTest, TellsWhoIsWhoComesNextAndWhenNobodyWillBe) {
  EXPECT_EQ(ask({}), 0) << err_.str();

  EXPECT_EQ(out_.str(),
            "support: ana until 2026-11-21 00:00, then nobody (Europe/Paris)\n"
            "  nobody from 2026-11-21 00:00 to 2026-11-23 00:00\n");
}

TEST_F(OnCallTest, AnswersNoWhereNobodyIs) {
  OnCallRequest on_saturday;
  on_saturday.schedule = "support";
  on_saturday.at = "2026-11-21T12:00:00Z";

  EXPECT_EQ(ask(on_saturday), 1);

  EXPECT_THAT(out_.str(), HasSubstr("support: nobody until 2026-11-23 00:00, then ana"));
}

TEST_F(OnCallTest, SaysWhichSchedulesThereAre) {
  OnCallRequest typo;
  typo.schedule = "suport";
  EXPECT_EQ(ask(typo), 2);
  settings_.schedules.clear();
  EXPECT_EQ(ask({}), 2);

  EXPECT_THAT(err_.str(), AllOf(HasSubstr("found \"suport\"; did you mean \"support\"?"),
                                HasSubstr("there is no [[schedule]] in the settings")));
}

}  // namespace
}  // namespace vigie
