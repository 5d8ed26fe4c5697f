#include "app/digests.h"

#include "alerts/links.h"

#include "base/json.h"
#include "tests/app/alerting_store.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Time kMorning = *parse_rfc3339("2026-11-21T07:30:00Z");  // 08:30 in Paris
const Time kEvening = *parse_rfc3339("2026-11-21T16:30:00Z");  // 17:30

void hold(Store& store, const std::string& notification, const std::string& incident, const std::string& reason,
          Time at) {
  const auto held = store.hold_back({notification, "ana", "ana-chat", incident, "acme", "first", reason, 4, at});
  ASSERT_TRUE(held) << held.error().what;
}

std::vector<Notification> all(Store& store) { return store.notifications("", 100).value(); }

int tick(Digests& digests, Time now) {
  const Result<int> owed = digests.tick(now);
  EXPECT_TRUE(owed) << owed.error().what;
  return owed.value_or(-1);
}

json::Document document_of(const Notification& notification) { return json::parse(notification.document).value(); }

TEST(Digests, TellAtTheirTimeWhatWasHeldBack) {
  const auto store = alerting_store();
  const Settings settings = two_people();
  Digests digests(settings, *store);
  keep(*store, open_incident("a"));
  EXPECT_EQ(tick(digests, kMorning), 0);
  hold(*store, "n-1", "a", "over", kMorning + hours(1));
  hold(*store, "n-2", "a", "over", kMorning + hours(2));

  EXPECT_EQ(tick(digests, kEvening - seconds(1)), 0);
  EXPECT_EQ(tick(digests, kEvening), 1);

  ASSERT_THAT(all(*store), SizeIs(1));
  const Notification digest = all(*store)[0];
  EXPECT_EQ(digest.subject_kind, "digest");
  EXPECT_EQ(digest.purpose, "digest");
  EXPECT_EQ(digest.recipient, "ana");
  EXPECT_EQ(digest.endpoint, "ana-mail") << "a mailbox before a chat";
  const json::Document told = document_of(digest);
  EXPECT_EQ(told.root().integer_or("held_count", 0), 1) << "two messages of one incident";
  EXPECT_EQ(told.root().integer_or("held.0.messages", 0), 2);
  EXPECT_EQ(told.root().text_or("period.from", ""), "2026-11-21T07:30:00Z");
  EXPECT_EQ(told.root().text_or("period.to", ""), "2026-11-21T16:30:00Z");
  EXPECT_EQ(told.root().text_or("counted.from", ""), "2026-11-21T07:00:00Z") << "hours are counted whole";
  EXPECT_EQ(told.root().text_or("counted.to", ""), "2026-11-21T16:30:00Z");
  EXPECT_EQ(told.root().integer_or("open_count", -1), 0) << "it stands among those held back";
  EXPECT_EQ(told.root().integer_or("still_open", 0), 1);
  EXPECT_EQ(told.root().at("brands").size(), 1U) << "ana is told of one brand";
  EXPECT_THAT(store->held_back("ana").value(), IsEmpty());
}

TEST(Digests, ComeNoMoreToWhoLeftThem) {
  const auto store = alerting_store();
  const Settings settings = two_people();
  Digests digests(settings, *store);
  keep(*store, open_incident("a"));
  EXPECT_EQ(tick(digests, kMorning), 0);
  hold(*store, "n-1", "a", "over", kMorning + hours(1));
  ASSERT_TRUE(store->set_subscribed("ana-mail", std::string(kDigests), false, "ana", kMorning));

  EXPECT_EQ(tick(digests, kEvening), 0);
}

TEST(Digests, AreSentOnceWhateverIsRestarted) {
  const auto store = alerting_store();
  const Settings settings = two_people();
  keep(*store, open_incident("a"));
  hold(*store, "n-1", "a", "over", kMorning + hours(1));

  for (int minute = 0; minute < 30; ++minute) {
    Digests restarted(settings, *store);
    tick(restarted, kEvening + minutes(minute));
  }

  EXPECT_THAT(all(*store), SizeIs(1));
}

TEST(Digests, WithNothingToTellAreNotSent) {
  const auto store = alerting_store();
  const Settings settings = two_people();
  Digests digests(settings, *store);

  for (Time now = kMorning; now < kMorning + 2 * kDay; now += hours(1)) EXPECT_EQ(tick(digests, now), 0);

  EXPECT_THAT(all(*store), IsEmpty());
}

TEST(Digests, OfANightComeInTheMorning) {
  const auto store = alerting_store();
  Settings settings = two_people();
  settings.people[0].quiet = {{0x7f, 22 * 60, 7 * 60}};
  Digests digests(settings, *store);
  keep(*store, open_incident("a"));
  const Time late = *parse_rfc3339("2026-11-21T22:00:00Z"), seven = *parse_rfc3339("2026-11-22T06:00:00Z");
  tick(digests, kEvening);
  hold(*store, "n-1", "a", "quiet", late);

  EXPECT_EQ(tick(digests, late + hours(1)), 0) << "the night is quiet";
  EXPECT_EQ(tick(digests, seven), 1);
  EXPECT_EQ(tick(digests, seven + hours(2)), 0) << "nothing is left for half past eight";

  const json::Document told = document_of(all(*store)[0]);
  EXPECT_EQ(told.root().text_or("cadence", ""), "quiet");
  EXPECT_EQ(told.root().text_or("period.to", ""), "2026-11-22T06:00:00Z");
}

TEST(Digests, SayOnceAnEpisodeThatTheBudgetIsSpent) {
  const auto store = alerting_store();
  const Settings settings = two_people();
  Digests digests(settings, *store);
  keep(*store, open_incident("a"));
  tick(digests, kMorning);
  hold(*store, "n-1", "a", "budget", kMorning + hours(1));

  EXPECT_EQ(tick(digests, kMorning + hours(1)), 1);
  hold(*store, "n-2", "a", "budget", kMorning + hours(2));
  EXPECT_EQ(tick(digests, kMorning + hours(2)), 0);
  EXPECT_EQ(tick(digests, kEvening), 1);
  hold(*store, "n-3", "a", "brand_budget", kEvening + hours(1));
  EXPECT_EQ(tick(digests, kEvening + hours(1)), 1) << "another episode";

  std::vector<std::string> purposes;
  for (const Notification& one : all(*store)) purposes.push_back(one.purpose);
  EXPECT_THAT(purposes, ElementsAre("budget", "digest", "budget"));
  EXPECT_EQ(all(*store)[2].endpoint, "ana-chat") << "where the messages would have come";
}

TEST(Digests, OfAWeekTellHowOftenAlertsWereFalseAndHowSoonTheyWereTaken) {
  const auto store = alerting_store();
  Settings settings = two_people();
  settings.people[0].digest = "weekly";
  settings.people[1].digest = "never";
  Digests digests(settings, *store);
  const Time monday = *parse_rfc3339("2026-11-23T07:30:00Z");
  tick(digests, monday - kDay);
  Transition ack;
  ack.seq = 1;
  ack.at = kSaturdayNoon - minutes(50);
  ack.event = "ack";
  keep(*store, open_incident("a"), {ack});
  Incident false_one = open_incident("b");
  false_one.state = IncidentState::closed;
  keep(*store, false_one);
  Incident other = open_incident("c", "other");
  keep(*store, other);
  ASSERT_TRUE(store->add_verdict({0, "a", kSaturdayNoon, "ana", VerdictWord::useful}));
  ASSERT_TRUE(store->add_verdict({0, "b", kSaturdayNoon, "ana", VerdictWord::false_alarm}));

  EXPECT_EQ(tick(digests, monday), 1);

  const json::Document told = document_of(all(*store)[0]);
  EXPECT_EQ(told.root().integer_or("week.incidents", 0), 2) << "of the brands ana is told of";
  EXPECT_EQ(told.root().integer_or("week.judged", 0), 2);
  EXPECT_EQ(told.root().integer_or("week.false_alarms", 0), 1);
  EXPECT_EQ(told.root().integer_or("week.taken", 0), 1);
  EXPECT_EQ(told.root().integer_or("week.until_taken", 0), 600);
}

TEST(Digests, AfterDaysOfStandstillAreOne) {
  const auto store = alerting_store();
  const Settings settings = two_people();
  Digests digests(settings, *store);
  keep(*store, open_incident("a"));
  tick(digests, kMorning);
  hold(*store, "n-1", "a", "over", kMorning + minutes(1));

  EXPECT_EQ(tick(digests, kEvening + 5 * kDay + hours(1)), 1);
  EXPECT_EQ(tick(digests, kEvening + 5 * kDay + hours(2)), 0);
}

}  // namespace
}  // namespace vigie
