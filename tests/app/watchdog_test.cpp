#include "app/watchdog.h"

#include <algorithm>

#include "tests/app/alerting_store.h"
#include "tests/support/fake_http.h"

namespace vigie {
namespace {

using namespace test;
using testing::Contains, testing::ElementsAre, testing::HasSubstr, testing::IsEmpty, testing::SizeIs;

class WatchdogTest : public testing::Test {
 protected:
  WatchdogTest() {
    SourceSettings source;
    source.id = "forum";
    source.every_min = minutes(2);
    settings_.sources = {source};
    settings_.people[0].digest = settings_.people[1].digest = "never";
  }

  std::vector<std::string> tick() { return watchdog_.tick(); }
  std::vector<Notification> owed() { return store_->notifications("", 100).value(); }
  std::vector<std::string> titles() {
    std::vector<std::string> titles;
    std::vector<Notification> all = owed();
    std::sort(all.begin(), all.end(), [](const Notification& a, const Notification& b) {
      return std::tie(a.subject_id, a.seq) < std::tie(b.subject_id, b.seq);
    });
    for (const Notification& one : all) {
      const auto story = tell(one.document, Audience{});
      titles.push_back(story ? story->title : story.error().what);
    }
    return titles;
  }

  Settings settings_ = two_people();
  std::unique_ptr<Store> store_ = alerting_store();
  std::vector<std::string> asked_;
  FakeHttp http_{[this](const HttpRequest& request) {
    asked_.push_back(request.url);
    return reply(200, "");
  }};
  ManualClock clock_{kSaturdayNoon};
  Metrics metrics_;
  Pulse pulse_;
  Watchdog watchdog_{settings_, *store_, http_, clock_, metrics_, pulse_};
};

SourceHealth failing_since(Time time) {
  SourceHealth health;
  health.source = "forum";
  health.state = "failing";
  health.error = "answered 503";
  health.failing_since = time;
  return health;
}

TEST_F(WatchdogTest, HasNothingToSayWhileAllIsWell) {
  EXPECT_THAT(tick(), IsEmpty());
  EXPECT_THAT(owed(), IsEmpty());
}

TEST_F(WatchdogTest, TellsTheOperatorOnceThatASourceIsSilent) {
  ASSERT_TRUE(store_->save_health(failing_since(kSaturdayNoon - minutes(59))));
  EXPECT_THAT(tick(), IsEmpty()) << "an hour of patience";

  clock_.set(kSaturdayNoon + minutes(2));
  EXPECT_THAT(tick(), ElementsAre("source:forum"));
  tick();

  ASSERT_THAT(owed(), SizeIs(1));
  EXPECT_EQ(owed()[0].endpoint, "ana-chat") << "the first of the file";
  EXPECT_EQ(owed()[0].purpose, "trouble");
  const auto story = tell(owed()[0].document, Audience{});
  ASSERT_TRUE(story) << story.error().what;
  EXPECT_EQ(story->title, "Source forum brings nothing any more");
  EXPECT_EQ(story->lead, "Last answer: answered 503");
}

TEST_F(WatchdogTest, TellsAgainOfTheNextEpisode) {
  ASSERT_TRUE(store_->save_health(failing_since(kSaturdayNoon - hours(2))));
  tick();
  SourceHealth well = failing_since(kSaturdayNoon);
  well.failing_since.reset();
  ASSERT_TRUE(store_->save_health(well));
  tick();
  ASSERT_TRUE(store_->save_health(failing_since(kSaturdayNoon - hours(1))));
  tick();

  EXPECT_THAT(titles(), ElementsAre("Source forum brings nothing any more", "Source forum brings mentions again",
                                    "Source forum brings nothing any more"));
}

TEST_F(WatchdogTest, RemembersOverARestartWhatItTold) {
  ASSERT_TRUE(store_->save_health(failing_since(kSaturdayNoon - hours(2))));
  tick();
  Watchdog next(settings_, *store_, http_, clock_, metrics_, pulse_);
  next.tick();
  EXPECT_THAT(owed(), SizeIs(1));

  SourceHealth well = failing_since(kSaturdayNoon);
  well.failing_since.reset();
  ASSERT_TRUE(store_->save_health(well));
  next.tick();

  EXPECT_THAT(titles(), Contains("Source forum brings mentions again"));
}

TEST_F(WatchdogTest, NoticesATimerThatDidNotFire) {
  Incident incident = open_incident("a");
  incident.escalate_at = kSaturdayNoon - minutes(3);
  keep(*store_, incident);

  EXPECT_THAT(tick(), ElementsAre("timers:a"));
}

TEST_F(WatchdogTest, CountsIncidentsByState) {
  keep(*store_, open_incident("a"));
  keep(*store_, open_incident("b", "other"));
  tick();

  EXPECT_EQ(metrics_.value("vigie_incidents", {{"state", "open"}}), 2);
  EXPECT_EQ(metrics_.value("vigie_incidents", {{"state", "acked"}}), 0);
}

TEST_F(WatchdogTest, NoticesThatMessagesDoNotGoOut) {
  Notification stuck = test::owed("n", "a");
  stuck.created = stuck.due = kSaturdayNoon - minutes(6);
  ASSERT_TRUE(store_->add_notifications({stuck}));

  EXPECT_THAT(tick(), ElementsAre("outbox:outbox"));
}

TEST_F(WatchdogTest, AsksOutsideOnlyWhileAlertsCanBeSent) {
  settings_.alerting.heartbeat_url = "https://beat.example.org/1";
  tick();
  tick();
  EXPECT_THAT(asked_, SizeIs(1)) << "once a minute";

  Incident incident = open_incident("a");
  incident.repeat_at = kSaturdayNoon - hours(1);
  keep(*store_, incident);
  clock_.set(kSaturdayNoon + minutes(2));
  tick();

  EXPECT_THAT(asked_, SizeIs(1)) << "whoever waits outside notices";
}

TEST_F(WatchdogTest, SaysAWeekAheadThatNobodyWillBeOnCall) {
  ScheduleSettings schedule;
  schedule.id = "night";
  schedule.people = {"ana"};
  schedule.year = 2026, schedule.month = 11, schedule.day = 23;
  settings_.schedules = {schedule};

  EXPECT_THAT(tick(), ElementsAre("duty:night"));
}

TEST_F(WatchdogTest, LooksAtTheHoursOfAllWhomOneStepNames) {
  ScheduleSettings day, night;
  day.id = "day", night.id = "night";
  day.people = night.people = {"ana"};
  day.hours = {{0x7f, 8 * 60, 20 * 60}};
  night.hours = {{0x7f, 20 * 60, 24 * 60}, {0x7f, 0, 8 * 60}};
  settings_.schedules = {day, night};
  settings_.chains = {{"crisis", {{minutes(1), minutes(1), {"oncall:day", "oncall:night"}}}, 0}};
  EXPECT_THAT(tick(), IsEmpty());

  settings_.schedules[1].hours = {{0x7f, 20 * 60, 24 * 60}, {0x7f, 0, 7 * 60}};
  EXPECT_THAT(tick(), ElementsAre("duty:day, night"));
  const auto story = tell(owed()[0].document, Audience{});
  ASSERT_TRUE(story) << story.error().what;
  EXPECT_EQ(story->title, "Nobody will be on call in day, night");
  EXPECT_THAT(story->since, testing::StartsWith("from Sunday 22 November 2026, 07:00 to Sunday"));

  settings_.chains[0].steps.push_back({minutes(1), minutes(1), {"person:ben"}});
  EXPECT_THAT(tick(), IsEmpty()) << "the next step is told at once";
}

TEST_F(WatchdogTest, SendsATestToEachEndpointOnceAWeekWithinItsHours) {
  settings_.alerting.drill = {{0x20, 12 * 60, 14 * 60}};  // Saturdays, noon to two in the afternoon of each place
  for (EndpointSettings& endpoint : settings_.endpoints) endpoint.time_zone = "Europe/Paris";
  tick();
  tick();
  clock_.set(kSaturdayNoon + minutes(30));
  tick();

  const auto tests = [this] {
    const std::vector<Notification> all = owed();
    return std::count_if(all.begin(), all.end(), [](const Notification& one) { return one.purpose == "test"; });
  };
  EXPECT_EQ(tests(), 3);
  clock_.set(kSaturdayNoon + 7 * kDay);
  tick();
  EXPECT_EQ(tests(), 6);
}

}  // namespace
}  // namespace vigie
