#include "model/incident.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/judgement.h"
#include "model/notification.h"

namespace vigie {
namespace {

Signal a_signal() {
  Signal s;
  s.id = "0123456789abcdef";
  s.brand = "acme";
  s.kind = SignalKind::update;
  s.at = from_epoch(1795255200);
  s.since = from_epoch(1795251600) + Duration(5);
  s.observed = 24;
  s.expected = 6.5;
  s.expected_low = 2.25;
  s.expected_high = 11;
  s.total = 60;
  s.usual_share = 0.3;
  s.months_by_chance = 41.7;
  s.authors = 22;
  s.severity = 4;
  s.themes = {{"delivery", 18, 2.5}, {"refund", 3, 1}};
  s.terms = {{"colis \"perdu\"", 9, 0.1}};
  s.sources = {{"hn-acme", 20}, {"import", 4}};
  s.mentions = {5, 9, 12};
  return s;
}

Incident an_incident() {
  Incident i;
  i.id = "fedcba9876543210";
  i.brand = "acme";
  i.state = IncidentState::recovering;
  i.recovering_from = IncidentState::acked;
  i.severity = 5;
  i.epoch = 2;
  i.blind = true;
  i.opened = from_epoch(1795250000);
  i.updated = from_epoch(1795255200);
  i.hold_until = from_epoch(1795260000);
  i.acked_by = "client-0042";
  i.last_seq = 7;
  i.last_signal = "0123456789abcdef";
  i.evidence = a_signal();
  i.peak_observed = 31;
  i.themes = {"delivery", "refund"};
  return i;
}

json::Document parsed(const std::string& text) {
  auto document = json::parse(text);
  return document ? *std::move(document) : json::Document();
}

TEST(Signal, ComesBackFromJsonByteForByte) {
  const std::string text = to_json(a_signal());

  const auto back = signal_from_json(parsed(text).root());

  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(to_json(*back), text);
  EXPECT_EQ(back->themes.at(1).theme, "refund");
  EXPECT_EQ(back->terms.at(0).observed, 9);
  EXPECT_EQ(back->mentions, (std::vector<std::int64_t>{5, 9, 12}));
  EXPECT_EQ(back->since, a_signal().since);
}

TEST(Signal, SaysWhatIsWrong) {
  const auto read = [](std::string_view text) {
    const auto signal = signal_from_json(parsed(std::string(text)).root());
    return signal ? "accepted" : signal.error().what;
  };

  EXPECT_EQ(read("{}"), "id: expected a string, found nothing");
  EXPECT_EQ(read(R"({"id":"1","brand":"b","kind":"rise"})"),
            "kind: expected raise, update, clear or no_data, found \"rise\"");
  EXPECT_EQ(read(R"({"id":"1","brand":"b","kind":"raise","at":"now"})"),
            "at: expected a date like 2026-11-21T10:00:00Z, found \"now\"");
}

TEST(Incident, ComesBackFromJsonByteForByte) {
  Incident ended = an_incident();
  ended.state = IncidentState::closed;
  ended.ended = from_epoch(1795261111);
  ended.resolve_reason = "explained";
  for (const Incident& incident : {an_incident(), ended, Incident()}) {
    const std::string text = to_json(incident);

    const auto back = incident_from_json(parsed(text).root());

    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(to_json(*back), text);
    EXPECT_EQ(back->hold_until, incident.hold_until);
    EXPECT_EQ(back->ended, incident.ended);
    EXPECT_EQ(back->evidence.mentions, incident.evidence.mentions);
  }
}

TEST(Incident, SaysWhatIsWrong) {
  const auto broken = [](std::string_view from, std::string_view to) {
    std::string text = to_json(an_incident());
    text.replace(text.find(from), from.size(), to);
    const auto incident = incident_from_json(parsed(text).root());
    return incident ? "accepted" : incident.error().what;
  };

  EXPECT_EQ(broken(R"("state":"recovering")", R"("state":"gone")"),
            "state: expected the state of an incident, found \"gone\"");
  EXPECT_EQ(broken(R"("hold_until":"2026)", R"("hold_until":"x026)"),
            "hold_until: expected a date like 2026-11-21T10:00:00Z, found \"x026-11-21T11:20:00Z\"");
  EXPECT_EQ(broken(R"("evidence":{)", R"("evidence":0,"old":{)"), "evidence: expected an object, found a number");
}

TEST(Severity, HasFourNamesForFiveSteps) {
  EXPECT_EQ(to_text(severity_of(1)), "info");
  EXPECT_EQ(to_text(severity_of(2)), "info");
  EXPECT_EQ(to_text(severity_of(3)), "warning");
  EXPECT_EQ(to_text(severity_of(4)), "high");
  EXPECT_EQ(to_text(severity_of(5)), "critical");
  EXPECT_EQ(severity_of(-1), Severity::info);
  EXPECT_EQ(severity_of(99), Severity::critical);
}

// Every value from the first on until one has no name; each name leads back to its value.
template <class Enum, class From>
int round_trips(From from) {
  int count = 0;
  while (!to_text(static_cast<Enum>(count)).empty()) {
    EXPECT_EQ(from(to_text(static_cast<Enum>(count))), static_cast<Enum>(count));
    ++count;
  }
  EXPECT_EQ(from("no such name"), std::nullopt);
  EXPECT_EQ(from(""), std::nullopt);
  return count;
}

TEST(Names, LeadBackToTheirValues) {
  EXPECT_EQ(round_trips<IncidentState>(incident_state_from), 7);
  EXPECT_EQ(round_trips<Severity>(severity_from), 4);
  EXPECT_EQ(round_trips<Label>(label_from), 3);
  EXPECT_EQ(round_trips<NotificationState>(notification_state_from), 9);
}

TEST(Judgement, PutsAPersonAboveTheMachine) {
  Judgement machine;
  machine.label = Label::negative;
  Judgement corrected = machine;
  corrected.human.emplace(Label::positive);

  EXPECT_EQ(machine.effective(), Label::negative);
  EXPECT_EQ(corrected.effective(), Label::positive);
}

}  // namespace
}  // namespace vigie
