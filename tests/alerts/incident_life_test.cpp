// What time and people do with an incident: when it is told, whom it goes on to, when it comes back to nobody.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/incident.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using test::at, test::by_person, test::event_of, test::of_kind, test::rising;
using testing::ElementsAre, testing::IsEmpty;
using Kind = Event::Kind;

Policy a_policy() {
  Policy policy;
  policy.group = seconds(60);
  policy.update = minutes(15);
  policy.repeat = hours(4);
  policy.ack_timeout = hours(4);
  policy.chain = {{minutes(15), minutes(5), {"oncall:night"}}, {minutes(30), minutes(10), {"team:heads"}}};
  policy.chain_repeat = 1;
  return policy;
}

// An incident, the messages it owed and when, in minutes since it rose.
class Life {
 public:
  explicit Life(Policy policy = a_policy()) : policy_(std::move(policy)) {}

  // At that many minutes; what time alone does until then happens first.
  Life& at(int minute, const Event& event) {
    wait(minute);
    apply_now(event, start_ + minutes(minute));
    return *this;
  }
  Life& at(int minute, SignalKind kind, int severity = 4, std::vector<ThemeCount> themes = rising().themes) {
    Signal signal = of_kind(kind, "s" + std::to_string(++signals_));
    signal.severity = severity;
    signal.themes = std::move(themes);
    return at(minute, event_of(signal));
  }
  // Whether nobody may be told of it from that minute on.
  Life& hush(int minute, bool hushed) {
    wait(minute);
    if (incident) vigie::hush(*incident, hushed, start_ + minutes(minute));
    return *this;
  }
  Life& wait(int minute) {
    while (incident && next_timer(*incident) && *next_timer(*incident) <= start_ + minutes(minute))
      apply_now(Event{}, *next_timer(*incident));
    return *this;
  }

  std::optional<Incident> incident;
  std::vector<std::string> told;     // "15 escalate"
  std::vector<std::string> reasons;  // of each
  std::vector<std::vector<std::string>> to;

 private:
  void apply_now(const Event& event, Time now) {
    const Outcome outcome = apply(incident, event, policy_, now);
    if (outcome.incident) incident = outcome.incident;
    for (const Owed& owed : outcome.owed) {
      told.push_back(std::to_string((now - start_) / minutes(1)) + " " + owed.purpose);
      reasons.push_back(owed.reason);
      to.push_back(owed.to);
    }
  }

  Policy policy_;
  Time start_ = test::at("2026-11-21T18:10:00Z");
  int signals_ = 0;
};

TEST(IncidentLife, IsToldOnceItsThemesHadAMinuteToShow) {
  Life life;
  life.at(0, SignalKind::raise, 4, {{"delivery", 146, 12}});
  EXPECT_THAT(life.told, IsEmpty());

  life.wait(1);

  EXPECT_THAT(life.told, ElementsAre("1 first"));
}

TEST(IncidentLife, IsToldAtOnceWhenItIsCritical) {
  Life life;

  life.at(0, SignalKind::raise, 5);

  EXPECT_THAT(life.told, ElementsAre("0 first"));
}

TEST(IncidentLife, TellsNobodyOfWhatWasOverBeforeItWasTold) {
  Policy slow = a_policy();
  slow.group = minutes(10);
  Life life(slow);

  life.at(0, SignalKind::raise).at(1, SignalKind::clear).wait(300);

  EXPECT_EQ(life.incident->state, IncidentState::resolved);
  EXPECT_THAT(life.told, IsEmpty());
}

TEST(IncidentLife, GoesOnToTheNextPersonWhileNobodyTakesIt) {
  Life life;

  life.at(0, SignalKind::raise).wait(239);

  EXPECT_THAT(life.told, ElementsAre("1 first", "16 escalate", "46 escalate", "76 escalate"))
      << "two steps, and the last one once more";
  EXPECT_THAT(life.to[1], ElementsAre("oncall:night"));
  EXPECT_THAT(life.to[3], ElementsAre("team:heads"));
  EXPECT_EQ(life.incident->level, 2);
}

TEST(IncidentLife, GoesOnFasterWhenItIsCritical) {
  Life life;

  life.at(0, SignalKind::raise, 5).wait(20);

  EXPECT_THAT(life.told, ElementsAre("0 first", "5 escalate", "15 escalate"));
}

TEST(IncidentLife, HurriesTheStepThatIsWaitedForWhenItBecomesCritical) {
  Life life;

  life.at(0, SignalKind::raise).at(2, SignalKind::update, 5).wait(8);

  EXPECT_THAT(life.told, ElementsAre("1 first", "2 worse", "7 escalate"));
}

TEST(IncidentLife, GoesToNobodyElseOnceItIsTaken) {
  Life life;

  life.at(0, SignalKind::raise).at(10, by_person(Kind::ack, "person-1")).wait(200);

  EXPECT_THAT(life.told, ElementsAre("1 first", "10 acked"));
}

TEST(IncidentLife, ComesBackWhenNothingIsHeardOfWhoeverTookIt) {
  Life life;

  life.at(0, SignalKind::raise).at(10, by_person(Kind::ack, "person-1")).wait(270);

  EXPECT_THAT(life.told, ElementsAre("1 first", "10 acked", "250 escalate", "265 escalate"));
  EXPECT_EQ(life.reasons[2], "expired");
  EXPECT_EQ(life.incident->state, IncidentState::open);
}

TEST(IncidentLife, GoesToNobodyElseBeforeTheFirstMessage) {
  Policy slow = a_policy();
  slow.group = minutes(40);
  Life life(slow);

  life.at(0, SignalKind::raise)
      .at(1, by_person(Kind::ack, "person-1"))
      .at(2, by_person(Kind::unack, "person-1"))
      .wait(41);

  EXPECT_THAT(life.told, ElementsAre("40 first"));
}

TEST(IncidentLife, StaysTakenWhileItsOwnerIsHeardOf) {
  Life life;

  life.at(0, SignalKind::raise)
      .at(10, by_person(Kind::ack, "person-1"))
      .at(200, by_person(Kind::note, "person-1", "the carrier answers tomorrow"))
      .at(400, by_person(Kind::ack, "person-1"))
      .wait(639);

  EXPECT_EQ(life.incident->state, IncidentState::acked);
  life.wait(640);
  EXPECT_EQ(life.incident->state, IncidentState::open);
}

TEST(IncidentLife, SaysThatItStillGoesOn) {
  Policy no_chain = a_policy();
  no_chain.chain.clear();
  Life life(no_chain);

  life.at(0, SignalKind::raise).wait(500);

  EXPECT_THAT(life.told, ElementsAre("1 first", "241 repeat", "481 repeat"));
}

TEST(IncidentLife, GathersNewThemesInsteadOfTellingEach) {
  Life life;
  life.at(0, SignalKind::raise, 4, {{"delivery", 146, 12}}).wait(1);

  life.at(4, SignalKind::update, 4, {{"delivery", 146, 12}, {"billing", 60, 7}})
      .at(8, SignalKind::update, 4, {{"delivery", 146, 12}, {"price", 70, 7}})
      .wait(15);
  EXPECT_THAT(life.told, ElementsAre("1 first"));
  life.wait(16);

  EXPECT_THAT(life.told, testing::Contains("16 worse"));
  EXPECT_EQ(life.reasons[1], "theme:billing,price");
}

TEST(IncidentLife, TellsAGraverSeverityAtOnce) {
  Life life;
  life.at(0, SignalKind::raise, 3).wait(1);

  life.at(4, SignalKind::update, 4);

  EXPECT_THAT(life.told, ElementsAre("1 first", "4 worse"));
}

TEST(IncidentLife, TellsWhenTwiceAsManyPeopleMayHaveReadIt) {
  Life life;
  Signal read = rising("a");
  read.reach = 12'000;
  Signal more = of_kind(SignalKind::update, "b");
  more.reach = 30'000;

  life.at(0, event_of(read)).at(30, event_of(more));

  EXPECT_THAT(life.told, testing::Contains("30 worse"));
  EXPECT_EQ(life.reasons.back(), "reach:12000");
}

TEST(IncidentLife, HoldsOpenWhatComesAndGoes) {
  Life life;
  life.at(0, SignalKind::raise).at(5, by_person(Kind::ack, "person-1"));
  for (const int minute : {20, 30, 40}) life.at(minute, SignalKind::clear).at(minute + 5, SignalKind::update);
  EXPECT_TRUE(life.incident->pinned);
  EXPECT_EQ(life.reasons.back(), "unstable");

  life.at(50, SignalKind::clear).wait(169);
  EXPECT_EQ(life.incident->state, IncidentState::recovering);
  life.wait(170);

  EXPECT_EQ(life.incident->state, IncidentState::resolved) << "after two hours of calm";
  EXPECT_THAT(life.told, ElementsAre("1 first", "5 acked", "45 worse", "170 resolved"));
}

TEST(IncidentLife, SaysOnceThatItsSourcesAreSilent) {
  Life life;

  life.at(0, SignalKind::raise)
      .at(2, by_person(Kind::ack, "person-1"))
      .at(5, SignalKind::no_data)
      .at(6, SignalKind::no_data);

  EXPECT_THAT(life.told, ElementsAre("1 first", "2 acked", "5 blind"));
}

TEST(IncidentLife, TellsThePersonItIsGivenTo) {
  Life life;
  Event given = by_person(Kind::assign, "person-1");
  given.value = "person-2";

  life.at(0, SignalKind::raise).at(5, given).at(6, given);

  EXPECT_THAT(life.told, ElementsAre("1 first", "5 assigned")) << "once";
  EXPECT_THAT(life.to[1], ElementsAre("person:person-2"));
  EXPECT_EQ(life.incident->assignee, "person-2");
}

TEST(IncidentLife, IsSilentWhileAnotherTellsItsStory) {
  Life life;
  Event joined = by_person(Kind::merge, "person-1");
  joined.value = "0123456789abcdef";

  life.at(0, SignalKind::raise).at(5, joined).at(30, SignalKind::update, 5).at(60, SignalKind::clear).wait(90);
  EXPECT_THAT(life.told, ElementsAre("1 first", "5 merged"));
  EXPECT_EQ(life.incident->state, IncidentState::resolved) << "its life goes on";

  life.at(100, SignalKind::raise).at(110, by_person(Kind::split, "person-1"));
  EXPECT_THAT(life.told, ElementsAre("1 first", "5 merged", "110 first"));
}

TEST(IncidentLife, AsksTheNextStepAtOnceWhenNobodyIsOnCall) {
  Life life;
  life.at(0, SignalKind::raise).wait(16);

  Event gap = by_person(Kind::gap, "", "nobody is on call in night");
  life.at(16, gap).wait(16);

  EXPECT_THAT(life.told, ElementsAre("1 first", "16 escalate", "16 escalate"));
  EXPECT_EQ(life.incident->level, 2);
}

TEST(IncidentLife, RemembersTheOneBefore) {
  Life life;
  life.at(0, SignalKind::raise).at(30, SignalKind::clear).wait(500);
  ASSERT_EQ(life.incident->state, IncidentState::closed);
  const std::string before = life.incident->id;

  life.at(1000, SignalKind::raise);

  EXPECT_NE(life.incident->id, before);
  EXPECT_EQ(life.incident->previous, before);
}

TEST(IncidentLife, HasItsClocksStandWhileNobodyMayBeToldOfIt) {
  Life life;
  life.at(0, SignalKind::raise, 4).wait(6);  // told at 1: the next step is due at 16, a reminder at 241
  life.hush(6, true).wait(300);
  EXPECT_THAT(life.told, ElementsAre("1 first"));

  life.hush(300, false).wait(330);
  EXPECT_THAT(life.told, ElementsAre("1 first", "310 escalate")) << "ten minutes were left";

  life.hush(335, true).at(350, by_person(Kind::ack, "ana")).hush(360, false).wait(500);
  EXPECT_THAT(life.told, ElementsAre("1 first", "310 escalate", "350 acked")) << "taken while the clocks stood";
}

TEST(IncidentLife, ThatIsSilencedFromItsBeginningGivesTheFirstStepItsWholeTimeAfterwards) {
  Life life;
  life.hush(0, true).at(0, SignalKind::raise, 4).hush(0, true).wait(60);
  EXPECT_EQ(life.incident->escalate_at, std::nullopt) << "its first message names no deadline";
  life.hush(60, false).wait(80);

  EXPECT_THAT(life.told, ElementsAre("1 first", "75 escalate"));
}

TEST(IncidentLife, ThatEndsWhileItsClocksStandLeavesNoneBehind) {
  Life life;
  life.at(0, SignalKind::raise, 4).wait(6).hush(6, true);
  life.at(20, by_person(Kind::resolve, "ana")).hush(30, false).wait(360);

  EXPECT_THAT(life.told, ElementsAre("1 first", "20 resolved"));
  EXPECT_EQ(life.incident->chain_left, std::nullopt);
}

TEST(IncidentLife, ThatGetsCriticalWhileItsClocksStandGoesOnAsACrisis) {
  Life life;
  life.at(0, SignalKind::raise, 4).wait(2).hush(2, true);
  life.at(10, SignalKind::update, 5).hush(20, false).wait(26);

  EXPECT_THAT(life.told, ElementsAre("1 first", "10 worse", "25 escalate"));
}

}  // namespace
}  // namespace vigie
