#include "alerts/incident.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using test::at, test::by_person, test::event_of, test::of_kind, test::rising;
using testing::ElementsAre, testing::IsEmpty, testing::SizeIs;

// An incident and all that became of it.
class Story {
 public:
  explicit Story(Policy policy = {}) : policy_(policy) {}

  Story& after(Duration wait, const Event& event) {
    now_ += wait;
    Outcome outcome = apply(incident, event, policy_, now_);
    if (outcome.incident) incident = std::move(outcome.incident);
    history.insert(history.end(), outcome.transitions.begin(), outcome.transitions.end());
    for (const Owed& one : outcome.owed) owed.push_back(one.purpose);
    last = std::move(outcome);
    return *this;
  }
  Story& after(Duration wait, SignalKind kind) {
    return after(wait, event_of(of_kind(kind, "s" + std::to_string(++signals_))));
  }
  Story& timer(Duration wait) { return after(wait, by_person(Event::Kind::timer, "")); }

  std::optional<Incident> incident;
  std::vector<Transition> history;
  std::vector<std::string> owed;
  Outcome last;

 private:
  Policy policy_;
  Time now_ = at("2026-11-21T18:10:00Z");
  int signals_ = 0;
};

Signal update_with(std::string id, int severity, std::vector<ThemeCount> themes) {
  Signal signal = of_kind(SignalKind::update, std::move(id));
  signal.severity = severity;
  signal.themes = std::move(themes);
  return signal;
}

TEST(Incident, OpensAtOnceAndOwesTheFirstMessage) {
  Story story;

  story.after(minutes(0), event_of(rising()));

  ASSERT_TRUE(story.incident);
  EXPECT_EQ(story.incident->state, IncidentState::open);
  EXPECT_EQ(story.incident->severity, 4);
  EXPECT_EQ(story.incident->peak_observed, 212);
  EXPECT_THAT(story.incident->themes, ElementsAre("delivery", "support")) << "billing is within its habit";
  EXPECT_THAT(story.owed, ElementsAre("first"));
  EXPECT_EQ(story.last.owed[0].seq, 1);
}

TEST(Incident, IsNamedByBrandKindAndFirstSignal) {
  Story one, same, other;

  one.after(minutes(0), event_of(rising("a")));
  same.after(minutes(9), event_of(rising("a")));
  other.after(minutes(0), event_of(rising("b")));

  EXPECT_EQ(one.incident->id.size(), 16u);
  EXPECT_EQ(one.incident->id, same.incident->id);
  EXPECT_NE(one.incident->id, other.incident->id);
}

TEST(Incident, IsNotOpenedByAnythingButARise) {
  Story story;

  story.after(minutes(0), SignalKind::clear).after(minutes(0), SignalKind::no_data).timer(minutes(1));
  story.after(minutes(0), by_person(Event::Kind::ack, "person-1"));

  EXPECT_FALSE(story.incident);
  EXPECT_THAT(story.history, IsEmpty());
}

TEST(Incident, TakesTheSameSignalOnce) {
  Story story;
  story.after(minutes(0), event_of(rising("a")));

  story.after(minutes(1), event_of(rising("a")));

  EXPECT_THAT(story.last.transitions, IsEmpty());
  EXPECT_THAT(story.last.owed, IsEmpty());
  EXPECT_EQ(story.incident->last_seq, 1);
}

TEST(Incident, KeepsItsPeakWhileEvidenceFollowsTheNewestSignal) {
  Story story;
  story.after(minutes(0), event_of(rising()));
  Signal lower = of_kind(SignalKind::update, "b");
  lower.observed = 90;

  story.after(minutes(10), event_of(lower));

  EXPECT_EQ(story.incident->evidence.observed, 90);
  EXPECT_EQ(story.incident->peak_observed, 212);
  EXPECT_THAT(story.owed, ElementsAre("first")) << "an update tells nobody";
}

TEST(Incident, GetsWorseWhenItsSeverityClassRises) {
  Story story;
  story.after(minutes(0), event_of(rising()));

  story.after(minutes(10), event_of(update_with("b", 5, rising().themes)));

  EXPECT_THAT(story.owed, ElementsAre("first", "worse"));
  EXPECT_EQ(story.last.owed[0].reason, "severity:high");
  EXPECT_EQ(story.history.back().event, "worse");
}

TEST(Incident, GetsWorseWhenANewThemeLeads) {
  Story story;
  story.after(minutes(0), event_of(rising()));

  story.after(minutes(10), event_of(update_with("b", 4, {{"delivery", 146, 12}, {"billing", 60, 7}})));

  EXPECT_THAT(story.owed, ElementsAre("first", "worse"));
  EXPECT_EQ(story.last.owed[0].reason, "theme:billing");
  EXPECT_THAT(story.incident->themes, ElementsAre("delivery", "support", "billing"));
}

TEST(Incident, IsNotWorseForAFewStrayMentionsOfATheme) {
  Story story;
  story.after(minutes(0), event_of(rising()));

  story.after(minutes(10),
              event_of(update_with("b", 4, {{"delivery", 146, 12}, {"privacy", 2, 0}, {"price", 14, 0.2}})));

  EXPECT_THAT(story.owed, ElementsAre("first"));
}

TEST(Incident, IsNotWorseWhenItsOnlyThemeGrowsUp) {
  Story story;
  Signal small = rising("a");
  small.observed = 4;
  small.themes = {{"delivery", 2, 0}};
  story.after(minutes(0), event_of(small));

  story.after(minutes(10), event_of(update_with("b", 4, {{"delivery", 30, 0}})));

  EXPECT_THAT(story.owed, ElementsAre("first"));
}

TEST(Incident, EndsWhenQuietLastsTheHoldTime) {
  Story story;
  story.after(minutes(0), event_of(rising())).after(minutes(60), SignalKind::clear);
  EXPECT_EQ(story.incident->state, IncidentState::recovering);

  story.timer(minutes(14));
  EXPECT_EQ(story.incident->state, IncidentState::recovering);
  story.timer(minutes(1));

  EXPECT_EQ(story.incident->state, IncidentState::resolved);
  EXPECT_TRUE(story.incident->ended);
  EXPECT_THAT(story.owed, ElementsAre("first", "resolved"));
}

TEST(Incident, HoldsLongerForABrandThatIsSeldomSpokenOf) {
  Story story;
  Signal rare = rising("a");  // 90 minutes bring 0.5 negatives at a share of 0.2: three mentions take 108 minutes
  rare.expected = 0.5;
  rare.usual_share = 0.2;
  story.after(minutes(0), event_of(rare)).after(minutes(60), SignalKind::clear);

  story.timer(minutes(107));
  EXPECT_EQ(story.incident->state, IncidentState::recovering);
  story.timer(minutes(1));

  EXPECT_EQ(story.incident->state, IncidentState::resolved);
}

TEST(Incident, HoldsADayAtMost) {
  Story story;
  Signal rare = rising("a");
  rare.expected = 1e-9;
  story.after(minutes(0), event_of(rare)).after(minutes(1), SignalKind::clear);

  story.timer(hours(24));

  EXPECT_EQ(story.incident->state, IncidentState::resolved);
}

TEST(Incident, ReturnsSilentlyWhenItRisesWhileRecovering) {
  Story story;
  story.after(minutes(0), event_of(rising())).after(minutes(1), by_person(Event::Kind::ack, "person-1"));
  story.after(minutes(60), SignalKind::clear);

  story.after(minutes(5), SignalKind::update).timer(hours(1));

  EXPECT_EQ(story.incident->state, IncidentState::acked) << "back to where it came from";
  EXPECT_THAT(story.owed, ElementsAre("first", "acked"));
}

TEST(Incident, NeverEndsWhileSourcesAreSilent) {
  Story story;
  story.after(minutes(0), event_of(rising()))
      .after(minutes(60), SignalKind::clear)
      .after(minutes(10), SignalKind::no_data);

  story.timer(hours(48));
  EXPECT_EQ(story.incident->state, IncidentState::recovering);
  EXPECT_TRUE(story.incident->blind);

  story.after(minutes(1), SignalKind::clear).timer(minutes(14));
  EXPECT_EQ(story.incident->state, IncidentState::recovering) << "the whole hold time again, on live data";
  story.timer(minutes(1));
  EXPECT_EQ(story.incident->state, IncidentState::resolved);
}

TEST(Incident, ReopensWithinTheWindowAndKeepsItsName) {
  Story story;
  story.after(minutes(0), event_of(rising())).after(minutes(60), SignalKind::clear).timer(minutes(15));
  const std::string id = story.incident->id;

  story.after(hours(5), SignalKind::raise);

  EXPECT_EQ(story.incident->id, id);
  EXPECT_EQ(story.incident->state, IncidentState::open);
  EXPECT_EQ(story.incident->epoch, 1);
  EXPECT_FALSE(story.incident->ended);
  EXPECT_THAT(story.owed, ElementsAre("first", "resolved", "reopened"));
}

TEST(Incident, ClosesAfterTheWindowAndTheNextRiseIsANewOne) {
  Story story;
  story.after(minutes(0), event_of(rising("first")))
      .after(minutes(60), SignalKind::clear)
      .timer(minutes(15))
      .timer(hours(6));
  ASSERT_EQ(story.incident->state, IncidentState::closed);
  const std::string id = story.incident->id;

  story.after(hours(1), SignalKind::raise);

  EXPECT_NE(story.incident->id, id);
  EXPECT_EQ(story.incident->last_seq, 1);
}

TEST(Incident, IsTakenByOneAndThenByAnother) {
  Story story;
  story.after(minutes(0), event_of(rising()));

  story.after(minutes(5), by_person(Event::Kind::ack, "person-1"))
      .after(minutes(1), by_person(Event::Kind::ack, "person-1"));
  story.after(minutes(5), by_person(Event::Kind::ack, "person-2"));

  EXPECT_EQ(story.incident->state, IncidentState::acked);
  EXPECT_EQ(story.incident->acked_by, "person-1, person-2");
  EXPECT_THAT(story.owed, ElementsAre("first", "acked")) << "a second owner is told to nobody";
}

TEST(Incident, IsNobodysAgainAfterAnUnack) {
  Story story;
  story.after(minutes(0), event_of(rising())).after(minutes(5), by_person(Event::Kind::ack, "person-1"));

  story.after(minutes(5), by_person(Event::Kind::unack, "person-1"));

  EXPECT_EQ(story.incident->state, IncidentState::open);
  EXPECT_EQ(story.incident->acked_by, "");
}

TEST(Incident, VoidsAnAcknowledgementWhenItBecomesCritical) {
  Story story;
  story.after(minutes(0), event_of(rising())).after(minutes(5), by_person(Event::Kind::ack, "person-1"));

  story.after(minutes(5), event_of(update_with("b", 5, {})));

  EXPECT_EQ(story.incident->state, IncidentState::open);
  EXPECT_EQ(story.incident->acked_by, "");
  EXPECT_THAT(story.history.back().reason, testing::HasSubstr("person-1 no longer counts"));
}

TEST(Incident, ResolvedAsAFalsePositiveStaysSoUntilSomethingGraver) {
  Story story;
  story.after(minutes(0), event_of(rising()))
      .after(minutes(5), by_person(Event::Kind::resolve, "person-1", std::string(kFalsePositive)));
  EXPECT_EQ(story.incident->state, IncidentState::resolved);

  story.after(minutes(5), SignalKind::raise);
  EXPECT_EQ(story.incident->state, IncidentState::resolved);

  story.after(minutes(5), event_of(update_with("graver", 5, {})));
  EXPECT_EQ(story.incident->state, IncidentState::open);
  EXPECT_THAT(story.owed, ElementsAre("first", "resolved", "reopened"));
}

TEST(Incident, SaysWhoDidWhatAndWhy) {
  Story story;
  story.after(minutes(0), event_of(rising())).after(minutes(5), by_person(Event::Kind::resolve, "person-1"));

  ASSERT_THAT(story.history, SizeIs(2));
  EXPECT_EQ(story.history[0].actor, "detector");
  EXPECT_EQ(story.history[1].actor, "person-1");
  EXPECT_EQ(story.incident->resolve_reason, kHandled);
}

TEST(History, DoesNotFoldPastALinkThatIsMissing) {
  Story story;
  story.after(minutes(0), event_of(rising())).after(minutes(60), SignalKind::clear).timer(minutes(15));
  ASSERT_EQ(fold(story.history), IncidentState::resolved);

  story.history.erase(story.history.begin() + 1);

  EXPECT_EQ(fold(story.history), IncidentState::open);
}

}  // namespace
}  // namespace vigie
