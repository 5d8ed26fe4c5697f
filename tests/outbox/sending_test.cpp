// The way of a message from owed to ended.

#include "alerts/delivery.h"

#include <future>
#include <thread>

#include "tests/outbox/bench.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using State = NotificationState;

class Sending : public testing::Test, protected OutboxBench {};

TEST_F(Sending, TriesAgainWithTheSameBytes) {
  std::vector<std::string> seen;
  remotes["hook"].next = {{true, Error{ErrorKind::transient, "503", std::nullopt}, {}, {}}, takes()};
  owe({owed("first", 1, "hook")});

  send_all();
  clock.advance(hours(1));
  send_all();

  ASSERT_THAT(remotes["hook"].received, SizeIs(2));
  EXPECT_EQ(remotes["hook"].received[0].payload, remotes["hook"].received[1].payload);
  EXPECT_EQ(state("incident-1-1-first-hook"), State::sent);
}

TEST_F(Sending, AWayThatKnowsRepetitionsIsAskedAgainWithoutAWord) {
  remotes["hook"].next = {falls_silent(true)};
  owe({owed("first", 1, "hook")});

  send_all();
  after(hours(1));

  ASSERT_THAT(remotes["hook"].received, SizeIs(2));
  EXPECT_EQ(remotes["hook"].received[0].payload, remotes["hook"].received[1].payload);
}

TEST_F(Sending, WhatMayHaveArrivedGoesOnceMoreAfterAMinuteAndSaysSo) {
  remotes["mail"].next = {falls_silent(true)};
  owe({owed("first", 1)});

  send_all();
  after(seconds(59));
  const int within_a_minute = remotes["mail"].tried;
  after(seconds(30));

  EXPECT_EQ(within_a_minute, 1);
  ASSERT_THAT(remotes["mail"].received, SizeIs(2));
  EXPECT_THAT(remotes["mail"].received[0].payload, HasSubstr("repeated no"));
  EXPECT_THAT(remotes["mail"].received[1].payload, HasSubstr("repeated yes"));
}

TEST_F(Sending, WhatMayHaveArrivedTwiceIsNotSentAThirdTime) {
  remotes["mail"].always = falls_silent(false);
  settings.endpoints = {endpoint("mail", "person-1")};
  owe({owed("first", 1)});

  send_all();
  after(hours(1));
  after(hours(5));

  EXPECT_EQ(remotes["mail"].tried, 2);
  EXPECT_EQ(state("incident-1-1-first-mail"), State::dead);
  EXPECT_EQ(stored("incident-1-1-first-mail").last_code, "timeout");
}

TEST_F(Sending, AnAnswerThatCannotBeReadIsNoRefusal) {
  remotes["hook"].next = {{true, Error{ErrorKind::bad_data, "the answer is not HTTP", std::nullopt, true}, {}, {}}};
  owe({owed("first", 1, "hook")});

  send_all();
  after(minutes(1));

  EXPECT_EQ(state("incident-1-1-first-hook"), State::sent);
}

TEST_F(Sending, GivesUpAfterTwelveTries) {
  remotes["mail"].always = refuses(ErrorKind::transient, "421 busy");
  settings.endpoints = {endpoint("mail", "")};
  owe({owed("first", 1)});

  for (int i = 0; i < 60; ++i) after(minutes(20));

  EXPECT_EQ(remotes["mail"].tried, 12);
  EXPECT_EQ(state("incident-1-1-first-mail"), State::dead);
}

TEST_F(Sending, AWebhookIsTriedForThreeDays) {
  remotes["hook"].always = refuses(ErrorKind::transient, "503");
  settings.endpoints = {endpoint("hook", "")};
  owe({owed("first", 1, "hook")});

  for (int i = 0; i < 40; ++i) after(hours(1));
  const State after_two_days = state("incident-1-1-first-hook");
  const int tried = remotes["hook"].tried;
  for (int i = 0; i < 60; ++i) after(hours(1));

  EXPECT_EQ(after_two_days, State::wait);
  EXPECT_GT(tried, 12);
  EXPECT_EQ(state("incident-1-1-first-hook"), State::dead);
}

TEST_F(Sending, WaitsAsLongAsItIsAskedToWithinReason) {
  struct Case {
    Duration asked, waits;
  };
  int seq = 0;
  for (const auto& [asked, waits] :
       {Case{seconds(90), seconds(90)}, Case{-seconds(5), seconds(1)}, Case{kDay, hours(1)}}) {
    remotes["mail"].next = {refuses(ErrorKind::rate_limited, "429", asked)};
    remotes["mail"].received.clear();
    owe({owed("first", ++seq)});

    send_all();
    after(waits - milliseconds(1));
    const auto before = remotes["mail"].received.size();
    after(minutes(1));

    EXPECT_EQ(before, 0u) << format_duration(waits);
    EXPECT_EQ(remotes["mail"].received.size(), 1u) << format_duration(waits);
  }
}

TEST_F(Sending, KnowsHowLateAMessageIs) {
  remotes["mail"].next = {refuses(ErrorKind::transient), refuses(ErrorKind::transient), refuses(ErrorKind::transient)};
  Notification waiting = owed("first", 1);
  owe({waiting, owed("worse", 2)});
  send_all();
  for (int i = 0; i < 8; ++i) after(minutes(10));

  ASSERT_THAT(received("mail"), ElementsAre("first", "worse"));
  EXPECT_EQ(stored(waiting.id).attempts, 4);
  EXPECT_THAT(lateness(stored("incident-1-2-worse-mail"), clock.now()),
              testing::Optional(testing::Ge(Duration(minutes(5)))));
  Notification in_time = owed("first", 9);
  in_time.ripe = clock.now() - minutes(5);
  EXPECT_EQ(lateness(in_time, clock.now()), std::nullopt);
}

TEST_F(Sending, AReminderGivesWayToANewerOneAndNothingElseDoes) {
  remotes["mail"].always = refuses(ErrorKind::rate_limited, "429", minutes(30));
  owe({owed("first", 1)});
  send_all();
  owe({owed("worse", 2), owed("repeat", 3), owed("acked", 4), owed("escalate", 5), owed("repeat", 6)});
  remotes["mail"].always = takes();

  after(minutes(31));

  EXPECT_THAT(received("mail"), ElementsAre("first", "worse", "escalate", "repeat"));
  EXPECT_EQ(state("incident-1-3-repeat-mail"), State::superseded);
  EXPECT_EQ(state("incident-1-4-acked-mail"), State::superseded);
  EXPECT_EQ(state("incident-1-6-repeat-mail"), State::sent);
}

TEST_F(Sending, AReminderThatIsAnHourOldEnds) {
  remotes["mail"].always = refuses(ErrorKind::transient);
  owe({owed("repeat", 1)});

  for (int i = 0; i < 7; ++i) after(minutes(16));

  EXPECT_EQ(state("incident-1-1-repeat-mail"), State::dead);
}

TEST_F(Sending, AnEndWhoseBeginningNeverArrivedIsToldWhole) {
  settings.endpoints = {endpoint("mail", "person-1")};
  remotes["mail"].next = {refuses(ErrorKind::bad_data, "550 no such user")};
  owe({owed("first", 1)});
  send_all();
  owe({owed("resolved", 2)});

  send_all();

  EXPECT_EQ(state("incident-1-1-first-mail"), State::dead);
  EXPECT_THAT(received("mail"), ElementsAre("over"));
  EXPECT_THAT(remotes["mail"].received[0].payload, testing::StartsWith("over|")) << "rendered as what it is";
}

TEST_F(Sending, AnEndThatMayHaveArrivedLeavesNothingForTheNextToEnd) {
  settings.endpoints = {endpoint("mail", "person-1")};
  owe({owed("first", 1)});
  send_all();
  remotes["mail"].next = {falls_silent(true)};
  owe({owed("resolved", 2)});
  send_all();
  after(2 * kDay);  // too old by then to be tried again
  remotes["mail"].next = {refuses(ErrorKind::bad_data, "550 no such user")};
  owe({owed("reopened", 3)});
  send_all();
  owe({owed("resolved", 4)});

  send_all();

  EXPECT_EQ(state("incident-1-2-resolved-mail"), State::dead);
  EXPECT_EQ(state("incident-1-3-reopened-mail"), State::dead);
  EXPECT_THAT(received("mail"), ElementsAre("first", "resolved", "over"));
}

TEST_F(Sending, ABeginningStillUnsentAndItsEndBecomeOneMessage) {
  remotes["mail"].next = {refuses(ErrorKind::transient)};
  owe({owed("first", 1), owed("worse", 2)});
  send_all();
  owe({owed("resolved", 3)});

  after(hours(1));

  EXPECT_THAT(received("mail"), ElementsAre("over"));
  EXPECT_EQ(state("incident-1-1-first-mail"), State::cancelled);
  EXPECT_EQ(stored("incident-1-1-first-mail").reason, "collapsed");
  EXPECT_EQ(state("incident-1-2-worse-mail"), State::cancelled);
}

TEST_F(Sending, AnEndOfAnEarlierTimeIsNoEndOfThisOne) {
  owe({owed("first", 1), owed("resolved", 2)});
  remotes["mail"].always = takes();
  // Both at once: one message. Then it begins anew, is not told, and ends again.
  send_all();
  owe({owed("first", 3), owed("resolved", 5), owed("reopened", 6), owed("worse", 7), owed("resolved", 9)});

  send_all();

  EXPECT_THAT(received("mail"), ElementsAre("over", "over", "over"));
}

TEST_F(Sending, WithItsBeginningToldAnEndIsAnEnd) {
  owe({owed("first", 1)});
  send_all();
  owe({owed("resolved", 2)});
  send_all();
  owe({owed("reopened", 3)});
  send_all();
  owe({owed("resolved", 4)});
  send_all();

  EXPECT_THAT(received("mail"), ElementsAre("first", "resolved", "reopened", "resolved"));
}

TEST_F(Sending, AnUpdateNamesTheMessagesBeforeIt) {
  owe({owed("first", 1)});
  send_all();
  owe({owed("worse", 2), owed("worse", 3)});
  send_all();

  const Received& last = remotes["mail"].received.back();
  EXPECT_EQ(last.thread, "remote-incident-1-1-first-mail");
  EXPECT_EQ(last.previous, "remote-incident-1-2-worse-mail");
}

TEST_F(Sending, AnotherEndpointOfTheSamePersonStandsIn) {
  remotes["mail"].next = {refuses(ErrorKind::bad_data, "550 no such user")};
  owe({owed("first", 1)});

  send_all();
  owe({owed("resolved", 2)});
  send_all();

  EXPECT_THAT(received("chat"), ElementsAre("first", "resolved")) << "who told the beginning tells the end";
  EXPECT_THAT(received("mail"), IsEmpty());
  EXPECT_EQ(stored("incident-1-2-resolved-mail").reason, "fallback");
}

TEST_F(Sending, TheFallbackThatIsSetComesFirstAndIsNotToldTwice) {
  settings.endpoints[0].fallback = "hook";
  remotes["mail"].always = refuses(ErrorKind::bad_data);
  owe({owed("first", 1), owed("first", 1, "hook"), owed("first", 1, "mail", "incident-2")});

  send_all();

  EXPECT_THAT(received("hook"), UnorderedElementsAre("first", "first", "trouble"));
  EXPECT_THAT(received("chat"), IsEmpty());
}

TEST_F(Sending, AMessageThatStandsInDoesNotWanderOn) {
  for (const char* at : {"mail", "chat", "hook"}) remotes[at].always = refuses(ErrorKind::bad_data);
  owe({owed("first", 1)});

  send_all();

  const auto rows = store->notifications("incident-1", 100);
  ASSERT_TRUE(rows);
  EXPECT_THAT(*rows, SizeIs(2)) << "itself, and one that stands in";
}

TEST_F(Sending, TheOperatorHearsOnceOfMessagesThatDieWithNobodyToStandIn) {
  settings.endpoints = {endpoint("mail", "person-1"), endpoint("hook", "person-2"), endpoint("ops", "")};
  settings.alerting.operators = {"ops"};
  remotes["mail"].always = refuses(ErrorKind::bad_data, "550 no such user");
  owe({owed("first", 1)});
  send_all();
  owe({owed("over", 1, "mail", "incident-2")});
  send_all();

  EXPECT_EQ(state("incident-1-1-first-mail"), State::dead);
  EXPECT_EQ(state("incident-2-1-over-mail"), State::dead);
  EXPECT_THAT(received("ops"), ElementsAre("trouble"));
  EXPECT_THAT(received("hook"), IsEmpty());

  remotes["mail"].always = takes();
  after(minutes(2));
  owe({owed("first", 1, "mail", "incident-3")});
  send_all();
  remotes["mail"].always = refuses(ErrorKind::bad_data, "550 no such user");
  owe({owed("first", 1, "mail", "incident-4")});
  send_all();
  EXPECT_THAT(received("ops"), ElementsAre("trouble", "trouble", "trouble")) << "that it took one between; another episode";
}

TEST_F(Sending, TheOperatorHearsOfAMessageWhoseTimeIsOver) {
  settings.endpoints = {endpoint("mail", ""), endpoint("ops", "")};
  settings.alerting.operators = {"ops"};
  owe({owed("first", 1)});
  clock.advance(2 * kDay);

  send_all();

  EXPECT_EQ(stored("incident-1-1-first-mail").reason, "too_old");
  EXPECT_THAT(received("ops"), ElementsAre("trouble"));
}

TEST_F(Sending, AWordOfTroubleFindsAnotherWayWhenItsOwnIsOfNoUse) {
  settings.endpoints = {endpoint("mail", "person-1"), endpoint("ops", ""), endpoint("hook", "person-2")};
  settings.alerting.operators = {"ops"};
  remotes["mail"].always = remotes["ops"].always = refuses(ErrorKind::bad_data, "550 no such user");
  owe({owed("first", 1)});

  send_all();

  EXPECT_THAT(received("hook"), ElementsAre("trouble"));
}

TEST_F(Sending, AnAddressThatRefusesTwiceIsLeftAlone) {
  settings.endpoints = {endpoint("mail", "")};
  remotes["mail"].always = refuses(ErrorKind::bad_data, "550 no such user");
  for (int i = 0; i < 6; ++i) owe({owed("first", 1, "mail", concat("incident-", std::to_string(i)))});

  send_all();

  EXPECT_EQ(remotes["mail"].tried, 2);
  EXPECT_EQ(store->endpoint_health("mail")->circuit, Circuit::open);
  EXPECT_EQ(store->endpoint_health("mail")->reason, "550 no such user");
}

TEST_F(Sending, AnEndpointThatFailsIsLeftAloneAndAskedOnceInAWhile) {
  remotes["mail"].always = refuses(ErrorKind::transient, "connection refused");
  settings.endpoints = {endpoint("mail", "")};
  for (int i = 0; i < 20; ++i) owe({owed("first", 1, "mail", concat("incident-", std::to_string(i)))});

  send_all();
  const int at_once = remotes["mail"].tried;
  after(seconds(59));
  const int within = remotes["mail"].tried;
  after(seconds(2));
  const int probed = remotes["mail"].tried;

  EXPECT_EQ(at_once, 5);
  EXPECT_EQ(within, 5);
  EXPECT_EQ(probed, 6) << "one goes and decides";
  EXPECT_EQ(store->endpoint_health("mail")->open_for, minutes(2));
}

TEST_F(Sending, AnEndpointThatAnswersAgainTakesAllThatWaited) {
  remotes["mail"].always = refuses(ErrorKind::transient, "connection refused");
  for (int i = 0; i < 20; ++i) owe({owed("first", 1, "mail", concat("incident-", std::to_string(i)))});
  send_all();
  notify.reset();  // a new process knows of the circuit, too
  remotes["mail"].always = takes();

  after(minutes(2));

  EXPECT_THAT(remotes["mail"].received, SizeIs(20));
  EXPECT_EQ(store->endpoint_health("mail")->circuit, Circuit::closed);
}

TEST_F(Sending, SomebodyHearsOfAnEndpointThatIsSilentForTenMinutesAndItsMessagesMove) {
  remotes["mail"].always = refuses(ErrorKind::transient, "connection refused");
  for (int i = 0; i < 10; ++i) owe({owed("first", 1, "mail", concat("incident-", std::to_string(i)))});

  for (int i = 0; i < 40; ++i) after(minutes(1));

  int words = 0, moved = 0;
  for (const std::string& purpose : received("chat")) ++(purpose == "trouble" ? words : moved);
  EXPECT_EQ(words, 1);
  EXPECT_EQ(moved, 10);
  EXPECT_THAT(received("hook"), IsEmpty());
}

TEST_F(Sending, AnEndpointThatIsGoneIsSwitchedOffUntilItIsSetRight) {
  remotes["mail"].always = refuses(ErrorKind::gone, "410");
  settings.endpoints.erase(settings.endpoints.begin() + 1);  // no chat
  owe({owed("first", 1), owed("first", 1, "mail", "incident-2")});

  send_all();
  const int tried = remotes["mail"].tried;
  settings.endpoints[0].url = "https://hooks.example.org/new";
  remotes["mail"].always = takes();
  notify.reset();
  owe({owed("first", 1, "mail", "incident-3")});
  send_all();

  EXPECT_EQ(tried, 1);
  EXPECT_EQ(state("incident-2-1-first-mail"), State::dead);
  EXPECT_THAT(received("hook"), ElementsAre("trouble"));
  EXPECT_EQ(state("incident-3-1-first-mail"), State::sent);
}

TEST_F(Sending, MessagesForAnEndpointThatIsNotAskedEndWhenTheirTimeIsOver) {
  settings.endpoints = {endpoint("mail", "")};
  remotes["mail"].always = refuses(ErrorKind::denied, "535 bad credentials");
  for (int i = 0; i < 5; ++i) owe({owed("first", 1, "mail", concat("incident-", std::to_string(i)))});
  send_all();
  remotes["mail"].always = refuses(ErrorKind::transient);

  for (int i = 0; i < 200; ++i) after(minutes(10));

  for (int i = 0; i < 5; ++i) EXPECT_EQ(state(concat("incident-", std::to_string(i), "-1-first-mail")), State::dead);
}

TEST_F(Sending, KeepsEveryPaceOfAnEndpointOverARestart) {
  traits["mail"].paces = {{2, seconds(10)}, {3, minutes(1)}};
  for (int i = 0; i < 6; ++i) owe({owed("first", 1, "mail", concat("incident-", std::to_string(i)))});

  std::vector<std::size_t> received;
  for (const Duration wait : {seconds(0), seconds(9), seconds(1), seconds(49), seconds(1)}) {
    notify.reset();
    after(wait);
    received.push_back(remotes["mail"].received.size());
  }

  EXPECT_THAT(received, ElementsAre(2, 2, 3, 3, 5));
}

TEST_F(Sending, EndpointsTakeTurns) {
  std::vector<std::string> order;
  for (const char* at : {"mail", "chat", "hook"}) {
    remotes[at].always.before = [&order, at] { order.emplace_back(at); };
  }
  for (int i = 0; i < 3; ++i) owe({owed("first", 1, "mail", concat("incident-", std::to_string(i)))});
  owe({owed("first", 1, "chat"), owed("first", 1, "hook")});

  send_all();

  EXPECT_THAT(order, ElementsAre("chat", "hook", "mail", "mail", "mail"));
}

TEST_F(Sending, OneThatHangsHoldsOnlyItsOwnEndpoint) {
  const std::unique_ptr<Notify> other = make(true);
  bool others_went = false;
  remotes["mail"].next = {{true, std::nullopt, [&] { others_went = *other->tick() && !*other->tick(); }, {}}};
  owe({owed("first", 1), owed("first", 1, "mail", "incident-2")});
  Notification beside = owed("first", 1, "hook");
  beside.due = clock.now();
  owe({beside});
  remotes["hook"].always = takes();
  ASSERT_TRUE(*sender().tick());  // the hook's turn, or the mail's
  send_all();

  EXPECT_THAT(remotes["mail"].received, SizeIs(2));
  EXPECT_THAT(remotes["hook"].received, SizeIs(1));
  EXPECT_FALSE(others_went && remotes["mail"].tried != 2);
}

TEST_F(Sending, AnEndpointThatIsNoLongerThereEndsItsMessages) {
  owe({owed("first", 1, "pager")});

  send_all();

  EXPECT_EQ(state("incident-1-1-first-pager"), State::dead);
  EXPECT_THAT(stored("incident-1-1-first-pager").last_error, HasSubstr("no longer in the configuration"));
}

TEST_F(Sending, AClockThatIsSetBackMakesNobodyWaitForIt) {
  remotes["mail"].next = {refuses(ErrorKind::transient)};
  clock.advance(hours(5));
  owe({owed("first", 1)});
  send_all();
  clock.advance(-hours(3));

  send_all();
  after(minutes(16));

  EXPECT_EQ(state("incident-1-1-first-mail"), State::sent);
}

TEST_F(Sending, CountsByChannelPurposeResultAndReason) {
  remotes["mail"].next = {refuses(ErrorKind::transient)};
  owe({owed("first", 1)});

  send_all();
  after(hours(1));

  const auto total = [&](const std::string& result, const std::string& reason) {
    return metrics.value("vigie_notifications_total",
                         {{"channel", "mail"}, {"purpose", "first"}, {"result", result}, {"reason", reason}});
  };
  EXPECT_EQ(total("wait", "server"), 1);
  EXPECT_EQ(total("sent", ""), 1);
  EXPECT_EQ(metrics.value("vigie_notification_attempts_total", {{"channel", "mail"}}), 2);
}

// -- the gate

class FakeGate final : public Gate {
 public:
  Result<Decision> look(const Notification& due, Time) override {
    looked.push_back(due.purpose);
    return decision;
  }
  Result<void> passed(const Notification& sent, Time) override {
    passed_.push_back(sent.id);
    return {};
  }
  Decision decision;
  std::vector<std::string> looked, passed_;
};

// Long before the half minute for which an idle sender would rest.
TEST_F(Sending, NoticesWhatAnotherProgramDid) {
  const TempDir dir;
  open(concat("sqlite:", dir.file("vigie.db")));
  const auto other = open_sqlite_store(concat("sqlite:", dir.file("vigie.db")));
  ASSERT_TRUE(other);
  std::promise<void> arrived;
  remotes["mail"].always.after = [&] { arrived.set_value(); };
  Pulse owed_pulse;
  Notify& idle = sender();
  std::jthread running([&](const std::stop_token& stop) { idle.run(stop, owed_pulse); });

  ASSERT_TRUE((*other)->add_notifications({owed("first", 1)}));

  EXPECT_EQ(arrived.get_future().wait_for(std::chrono::seconds(15)), std::future_status::ready);
}

class SendingThroughAGate : public testing::Test, protected OutboxBench {
 protected:
  SendingThroughAGate() { gate = &fake; }
  FakeGate fake;
};

TEST_F(SendingThroughAGate, HoldsUntilTheGateSaysAndDoesNotCountThatAsATry) {
  fake.decision = {Decision::Kind::hold, kNoon + hours(9), "quiet", "22:00 to 07:00"};
  owe({owed("first", 1)});
  send_all();
  const Notification held = stored("incident-1-1-first-mail");
  fake.decision = {};

  after(hours(9) - seconds(1));
  const int before = remotes["mail"].tried;
  after(seconds(1));

  EXPECT_EQ(held.state, State::held);
  EXPECT_EQ(held.reason, "quiet");
  EXPECT_EQ(held.attempts, 0);
  EXPECT_EQ(before, 0);
  ASSERT_THAT(received("mail"), ElementsAre("first"));
  EXPECT_THAT(remotes["mail"].received[0].payload, HasSubstr("late |")) << "a hold makes nothing late";
}

TEST_F(SendingThroughAGate, TakesOutWhatGoesIntoADigestWithItsEnd) {
  fake.decision = {Decision::Kind::digest, {}, "budget", "6 an hour"};
  owe({owed("first", 1)});
  send_all();
  fake.decision = {};
  owe({owed("resolved", 2)});

  send_all();

  EXPECT_EQ(state("incident-1-1-first-mail"), State::cancelled);
  EXPECT_EQ(stored("incident-1-2-resolved-mail").reason, "opening_withheld");
  EXPECT_THAT(received("mail"), IsEmpty());
}

TEST_F(SendingThroughAGate, WhoWasToldThatItGrowsIsToldThatItEnds) {
  for (const char* turn : {"worse", "repeat"}) {
    const std::string about = concat("incident-", turn);
    fake.decision = {Decision::Kind::digest, {}, "quiet", "until eight"};
    owe({owed("first", 1, "mail", about)});
    send_all();
    fake.decision = {};
    owe({owed(turn, 2, "mail", about)});
    send_all();
    owe({owed("resolved", 3, "mail", about)});
    send_all();
    EXPECT_EQ(state(concat(about, "-3-resolved-mail")), State::sent) << turn;
  }

  EXPECT_THAT(received("mail"), ElementsAre("worse", "resolved", "repeat", "resolved"));
}

TEST_F(SendingThroughAGate, TheEndOfWhatADigestBeganIsALineOfTheNext) {
  Incident incident;
  incident.id = "incident-1";
  incident.brand = "acme";
  incident.kind = "negative";
  WatchCommit commit;
  commit.incidents = {incident};
  ASSERT_TRUE(store->commit_watch(commit));
  fake.decision = {Decision::Kind::digest, {}, "budget", "6 an hour"};
  owe({owed("first", 1)});
  send_all();
  fake.decision = {};
  owe({owed("resolved", 2)});

  send_all();

  EXPECT_EQ(metrics.value("vigie_budget_held_total", {{"budget", "person"}}), 1);
  const auto held = store->held_back("person-1");
  ASSERT_TRUE(held) << held.error().what;
  ASSERT_THAT(*held, SizeIs(1));
  EXPECT_EQ(held->front().purpose, "resolved");
  EXPECT_EQ(held->front().reason, "opening_withheld");
}

TEST_F(SendingThroughAGate, CountsAMessageOnceHoweverOftenItIsTried) {
  remotes["mail"].next = {refuses(ErrorKind::transient), refuses(ErrorKind::transient)};
  owe({owed("first", 1)});
  send_all();
  fake.decision = {Decision::Kind::digest, {}, "budget", ""};  // which it has itself exhausted

  for (int i = 0; i < 3; ++i) after(minutes(10));

  EXPECT_THAT(fake.passed_, SizeIs(1));
  EXPECT_EQ(state("incident-1-1-first-mail"), State::sent);
}

}  // namespace
}  // namespace vigie
