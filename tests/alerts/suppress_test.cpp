// Whether a message goes out now: each reason alone, their order, and what must hold for any of them.

#include "alerts/suppress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "tests/alerts/often.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using test::at;
using testing::HasSubstr;
using Kind = Decision::Kind;

const Time kNoon = at("2026-11-21T12:00:00Z");   // a Saturday
const Time kNight = at("2026-11-21T23:30:00Z");  // half past midnight in Paris

Incident incident(const std::string& id = "a", const std::string& kind = "negative") {
  Incident made;
  made.id = id;
  made.brand = "acme";
  made.kind = kind;
  made.state = IncidentState::open;
  made.severity = 4;
  made.opened = kNoon - hours(1);
  made.themes = {"delivery", "price"};
  return made;
}

PersonSettings ana() {
  PersonSettings person;
  person.id = "ana";
  person.time_zone = "Europe/Paris";
  person.quiet = {{0x7f, 22 * 60, 7 * 60}};
  return person;
}

Circumstances about(const Incident& incident, const std::string& purpose = "first") {
  Circumstances all;
  all.due.id = "n";
  all.due.subject_kind = "incident";
  all.due.purpose = purpose;
  all.due.created = kNoon - minutes(5);
  all.due.document = R"x({"quotes": [{"text": "Mon colis n'est JAMAIS arrivé (50 %)"}]})x";
  all.incident = incident;
  all.person = ana();
  return all;
}

Silence silence() {
  Silence made;
  made.id = 4;
  made.starts = kNoon - hours(1);
  made.ends = kNoon + hours(1);
  made.author = "client-0042";
  made.reason = "release";
  return made;
}

Decision now(const Circumstances& all, Time when = kNoon) { return decide(all, when)->decision; }

std::string told(const Circumstances& all, Time when = kNoon) {
  const Decision decision = now(all, when);
  switch (decision.kind) {
    case Kind::deliver: return "deliver";
    case Kind::hold: return concat("hold until ", format_rfc3339(decision.until).substr(8, 8), ": ", decision.reason);
    case Kind::digest: return concat("digest: ", decision.reason);
    case Kind::cancel: return concat("cancel: ", decision.reason);
  }
  return "";
}

TEST(Suppression, LetsPassWhatNothingIsAgainst) {
  const Ruling found = *decide(about(incident()), kNoon);

  EXPECT_EQ(found.decision.kind, Kind::deliver);
  EXPECT_EQ(found.decision.reason, "");
  std::vector<std::string> names;
  for (const Check& check : found.checks) names.push_back(check.name);
  EXPECT_THAT(names, testing::ElementsAre("maintenance", "silence", "inhibition", "quiet", "budget"));
}

TEST(Suppression, HoldsWhatIsSilencedUntilTheEnd) {
  Circumstances all = about(incident());
  all.silences = {silence()};

  EXPECT_EQ(told(all), "hold until 21T13:00: silence");
  EXPECT_EQ(now(all).detail, "silence 4 of client-0042 until 2026-11-21T13:00:00Z: release");
  EXPECT_EQ(told(all, kNoon + hours(1)), "deliver") << "still going on when it ends";

  all.silences.push_back(silence());
  all.silences[1].maintenance = true;
  all.silences[1].ends = kNoon + minutes(30);
  EXPECT_EQ(told(all), "hold until 21T12:30: maintenance") << "maintenance comes first";
}

TEST(Suppression, TellsWhatWasOverBeforeTheSilenceEndedInTheDigestOnly) {
  Incident over = incident();
  over.state = IncidentState::resolved;
  over.ended = kNoon + minutes(30);
  Circumstances all = about(over);
  all.silences = {silence()};

  EXPECT_EQ(told(all, kNoon + minutes(40)), "hold until 21T13:00: silence") << "it may come back";
  EXPECT_EQ(told(all, kNoon + hours(1)), "digest: over");
  EXPECT_EQ(told(all, kNoon - hours(2)), "deliver") << "before it began";
  all.person->digest = "never";
  EXPECT_EQ(told(all, kNoon + hours(1)), "cancel: over");
  all.due.purpose = "resolved";
  EXPECT_EQ(told(all, kNoon + hours(1)), "deliver");
}

TEST(Suppression, BySeveralSilencesIsAskedAboutAfterTheLast) {
  Circumstances all = about(incident());
  all.silences = {silence(), silence(), silence()};
  all.silences[1].ends = kNoon + hours(3);

  EXPECT_EQ(told(all), "hold until 21T15:00: silence");
}

TEST(Suppression, IsOnlyForWhatTheSilenceIsAbout) {
  struct Case {
    std::string what;
    void (*change)(Silence&);
    bool held;
  };
  const Case cases[] = {
      {"its brand",
       [](Silence& s) {
         s.brands = {"other", "acme"};
       },
       true},
      {"another brand", [](Silence& s) { s.brands = {"other"}; }, false},
      {"one of its themes", [](Silence& s) { s.themes = {"price"}; }, true},
      {"another theme", [](Silence& s) { s.themes = {"app"}; }, false},
      {"its kind", [](Silence& s) { s.kinds = {"negative"}; }, true},
      {"another kind", [](Silence& s) { s.kinds = {"boycott"}; }, false},
      {"graver ones", [](Silence& s) { s.least = 5; }, false},
      {"lesser ones", [](Silence& s) { s.most = 3; }, false},
      {"words in a quote", [](Silence& s) { s.text = "jamais arrivé (50 %)"; }, true},
      {"other words", [](Silence& s) { s.text = "jamais.*"; }, false},
      {"later", [](Silence& s) { s.starts = kNoon + minutes(1); }, false},
      {"until now", [](Silence& s) { s.ends = kNoon; }, false},
      {"ended by somebody", [](Silence& s) { s.ended_at = kNoon - minutes(1); }, false},
  };
  for (const Case& each : cases) {
    Circumstances all = about(incident());
    all.silences = {silence()};
    each.change(all.silences[0]);
    EXPECT_EQ(now(all).kind, each.held ? Kind::hold : Kind::deliver) << each.what;
  }
}

TEST(Suppression, HoldsWhatAGreaterIncidentOfTheBrandCovers) {
  Incident rule = incident("b", "boycott");
  rule.opened = kNoon - minutes(30);
  Circumstances all = about(rule);
  all.others = {incident("a")};

  EXPECT_EQ(told(all), "hold until 21T12:01: inhibited");
  EXPECT_THAT(now(all).detail, HasSubstr("incident a of the same brand"));

  all.others[0].state = IncidentState::recovering;
  EXPECT_EQ(now(all).kind, Kind::hold);
  all.others[0].state = IncidentState::resolved;
  all.others[0].ended = kNoon;
  EXPECT_EQ(now(all).kind, Kind::hold) << "not in the same second";
  EXPECT_EQ(told(all, kNoon + minutes(1)), "deliver");
}

TEST(Suppression, SaysOfWhatAGreaterIncidentCoveredThatItWasPartOfIt) {
  Incident rule = incident("b", "boycott");
  rule.opened = kNoon - minutes(30);
  rule.state = IncidentState::resolved;
  rule.ended = kNoon - minutes(1);
  Circumstances all = about(rule);
  all.others = {incident("a")};

  EXPECT_EQ(told(all), "digest: part") << "no silence had to do with it";
}

TEST(Suppression, KnowsWhichIncidentIsTheGreater) {
  Incident rule = incident("b", "boycott");
  rule.opened = kNoon - minutes(30);
  const auto held_by = [&](const std::function<void(Incident&, Circumstances&)>& change) {
    Circumstances all = about(rule);
    Incident other = incident("a");
    change(other, all);
    all.others.push_back(other);
    return now(all).kind == Kind::hold;
  };

  EXPECT_TRUE(held_by([](Incident&, Circumstances&) {}));
  EXPECT_FALSE(held_by([](Incident& other, Circumstances&) { other.severity = 3; }));
  EXPECT_FALSE(held_by([](Incident& other, Circumstances&) { other.opened = kNoon - minutes(29); }));
  EXPECT_FALSE(held_by([](Incident& other, Circumstances&) { other.kind = "stars"; }))
      << "one rule holds no other back";
  EXPECT_FALSE(held_by([](Incident& other, Circumstances&) { other.brand = "other"; }));
  EXPECT_FALSE(held_by([](Incident& other, Circumstances&) { other.state = IncidentState::pending; }));
  EXPECT_FALSE(held_by([](Incident& other, Circumstances&) { other.shadow = true; })) << "nobody is told of it";
  EXPECT_FALSE(held_by([](Incident&, Circumstances& all) { all.due.purpose = "resolved"; }));
  EXPECT_FALSE(held_by([](Incident&, Circumstances& all) {
    all.silences = {silence()};
    all.silences[0].kinds = {"negative"};
  })) << "nobody is told of it";
}

TEST(Suppression, NeverHoldsWhatPeopleSayBackForARule) {
  Circumstances all = about(incident("a"));
  all.others = {incident("b", "negative")};

  EXPECT_EQ(told(all), "deliver");
}

TEST(Suppression, LeavesPeopleAloneInTheirQuietHours) {
  Circumstances all = about(incident());

  EXPECT_EQ(told(all, kNight), "digest: quiet");
  EXPECT_EQ(now(all, kNight).detail, "quiet hours of ana until 2026-11-22T06:00:00Z; the digest tells it then");
  all.person->digest = "never";
  EXPECT_EQ(told(all, kNight), "hold until 22T06:00: quiet");
  all.person = std::nullopt;
  EXPECT_EQ(told(all, kNight), "deliver") << "a channel has no quiet hours";
}

TEST(Suppression, WakesPeopleForWhatIsCriticalUnlessTheyForbidIt) {
  Circumstances all = about(incident());
  all.incident->severity = 5;

  EXPECT_EQ(told(all, kNight), "deliver");
  all.person->strictly_quiet = true;
  EXPECT_EQ(told(all, kNight), "digest: quiet");
}

TEST(Suppression, PutsWhatIsOverBudgetIntoTheDigest) {
  Circumstances all = about(incident());
  all.person->budget = {1, minutes(20), 30};
  all.spent = spend({}, all.person->budget, kNoon);

  EXPECT_EQ(told(all), "digest: budget");
  EXPECT_EQ(told(all, kNoon + minutes(20)), "deliver");
  all.person->digest_at = {};
  EXPECT_EQ(told(all), "hold until 21T12:20: budget") << "without a digest it is late, not lost";
  all.counted = true;
  EXPECT_EQ(told(all), "deliver") << "another try of what passed";
}

TEST(Suppression, CountsABrandByTheHour) {
  Circumstances all = about(incident());
  all.brand_per_hour = 1;
  all.spent_on_brand = spend_for_brand({}, 1, kNoon - minutes(10));

  EXPECT_EQ(told(all), "digest: brand_budget");
  EXPECT_EQ(told(all, kNoon + minutes(50)), "deliver");
}

TEST(Suppression, SendsWhatIsCriticalOrOverLateRatherThanInADigest) {
  Circumstances all = about(incident(), "resolved");
  all.person->budget = {1, minutes(20), 30};
  all.spent = spend({}, all.person->budget, kNoon);

  EXPECT_EQ(lane_of(all.due, all.incident), BudgetLane::reserve);
  EXPECT_EQ(told(all), "hold until 21T12:20: budget");
  EXPECT_EQ(lane_of(about(incident()).due, incident()), BudgetLane::ordinary);
  Incident critical = incident();
  critical.severity = 5;
  EXPECT_EQ(lane_of(about(critical).due, critical), BudgetLane::reserve);
}

TEST(Suppression, NeverStopsTestsAndDigests) {
  for (const std::string purpose : {"test", "digest", "budget"}) {
    Circumstances all = about(incident(), purpose);
    all.silences = {silence()};
    EXPECT_EQ(told(all, kNight), "deliver") << purpose;
  }
}

TEST(Suppression, SaysWhenAZoneIsUnknown) {
  Circumstances all = about(incident());
  all.person->time_zone = "Europe/Atlantis";

  const auto found = decide(all, kNoon);

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::bad_config);
}

rc::Gen<std::vector<std::string>> some_of(const std::vector<std::string>& names) {
  return rc::gen::container<std::vector<std::string>>(*rc::gen::inRange(0, 3), rc::gen::elementOf(names));
}

Silence any_silence() {
  Silence made = silence();
  made.brands = *some_of({"acme", "other"});
  made.themes = *some_of({"delivery", "app"});
  made.kinds = *some_of({"negative", "boycott"});
  made.least = *rc::gen::inRange(1, 6);
  made.text = *rc::gen::element<std::string>("", "colis", "nothing");
  made.maintenance = *rc::gen::arbitrary<bool>();
  made.starts = kNoon + minutes(*rc::gen::inRange(-300, 300));
  made.ends = made.starts + minutes(*rc::gen::inRange(1, 300));
  if (*rc::gen::arbitrary<bool>()) made.ended_at = kNoon + minutes(*rc::gen::inRange(-300, 300));
  return made;
}

// An expired silence changes nothing of what is delivered while its incident goes on, and no decision lies in the past.
TEST(Suppression, ByASilenceThatIsOverOrStillToComeIsNone) {
  test::holds_often([] {
    Circumstances all = about(incident("a", *rc::gen::element<std::string>("negative", "boycott")),
                              *rc::gen::element<std::string>("first", "worse", "escalate", "repeat", "resolved"));
    all.incident->severity = *rc::gen::inRange(1, 6);
    const Circumstances without = all;
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) all.silences.push_back(any_silence());
    const Decision decision = now(all);
    const bool in_force =
        std::any_of(all.silences.begin(), all.silences.end(), [](const Silence& one) { return one.in_force(kNoon); });
    if (!in_force) RC_ASSERT(decision.kind == now(without).kind);
    if (decision.kind != Kind::hold) return;
    RC_ASSERT(decision.until > kNoon);
    RC_ASSERT(decision.until <= kNoon + minutes(600));
    RC_ASSERT(!decision.reason.empty() && !decision.detail.empty());
  });
}

// One person's spending, one brand's storm: nothing of another's decision hangs on it.
TEST(Suppression, OfFiringsTakesNothingFromTheReserve) {
  test::holds_often([] {
    const MessageBudget budget{*rc::gen::inRange(1, 6), minutes(*rc::gen::inRange(1, 60)), *rc::gen::inRange(1, 10)};
    std::map<std::string, Spent> buckets;
    std::map<std::string, std::vector<Time>> passed;
    Time when = kNoon;
    for (const int wait : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 40))) {
      when += minutes(wait / 4);
      Circumstances all = about(incident(), *rc::gen::element<std::string>("first", "first", "first", "resolved"));
      all.person->quiet.clear();
      all.person->budget = budget;
      all.brand_per_hour = 1000;
      const std::string name = bucket_name("ana", lane_of(all.due, all.incident));
      all.spent = buckets[name];
      if (now(all, when).kind != Kind::deliver) {
        RC_ASSERT(room_at(buckets[name], budget, when) > when);
        continue;
      }
      buckets[name] = spend(buckets[name], budget, when);
      passed[name].push_back(when);
    }
    for (const auto& [name, times] : passed) {
      for (std::size_t i = 0; i + static_cast<std::size_t>(budget.per_day) < times.size(); ++i)
        RC_ASSERT(times[i + static_cast<std::size_t>(budget.per_day)] - times[i] >= kDay);
    }
  });
}

// Of two people and two brands: each is told as if the other person's messages did not exist, and never more of one
// brand than its hour allows.
TEST(Suppression, OfOnePersonHangsOnNobodyElsesMessages) {
  struct Message {
    std::string person, brand, purpose;
    int severity = 1;
    Time at{};
  };
  test::holds_often([] {
    const MessageBudget budget{*rc::gen::inRange(1, 6), minutes(*rc::gen::inRange(1, 60)), *rc::gen::inRange(1, 10)};
    const int per_hour = *rc::gen::inRange(1, 5);
    std::vector<Message> all;
    for (const int wait : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 40))) {
      const Time at = (all.empty() ? kNoon : all.back().at) + minutes(wait / 4);
      all.push_back({*rc::gen::element<std::string>("ana", "ben"), *rc::gen::element<std::string>("acme", "other"),
                     *rc::gen::element<std::string>("first", "resolved"), *rc::gen::inRange(3, 6), at});
    }
    // Those that pass, by their place among all; of one person alone, or of everybody ("").
    const auto passed = [&](const std::string& alone) {
      std::map<std::string, Spent> buckets;
      std::map<std::string, std::vector<Time>> times;
      std::vector<std::size_t> out;
      for (std::size_t i = 0; i < all.size(); ++i) {
        const Message& message = all[i];
        if (!alone.empty() && message.person != alone) continue;
        Incident about_it = incident();
        about_it.brand = message.brand;
        about_it.severity = message.severity;
        Circumstances now_all = about(about_it, message.purpose);
        now_all.person->id = message.person;
        now_all.person->quiet.clear();
        now_all.person->budget = budget;
        now_all.brand_per_hour = per_hour;
        const BudgetLane lane = lane_of(now_all.due, now_all.incident);
        const std::string own = bucket_name(message.person, lane);
        const std::string on_brand = bucket_name(message.person, lane, message.brand);
        now_all.spent = buckets[own];
        now_all.spent_on_brand = buckets[on_brand];
        if (now(now_all, message.at).kind != Kind::deliver) continue;
        buckets[own] = spend(buckets[own], budget, message.at);
        buckets[on_brand] = spend_for_brand(buckets[on_brand], per_hour, message.at);
        times[on_brand].push_back(message.at);
        out.push_back(i);
      }
      for (const auto& [name, when] : times) {
        for (std::size_t i = 0; i + static_cast<std::size_t>(per_hour) < when.size(); ++i)
          RC_ASSERT(when[i + static_cast<std::size_t>(per_hour)] - when[i] >= hours(1));
      }
      return out;
    };

    std::vector<std::size_t> apart = passed("ana");
    for (const std::size_t i : passed("ben")) apart.push_back(i);
    std::sort(apart.begin(), apart.end());
    RC_ASSERT(passed("") == apart);
  });
}

TEST(Suppression, TakesNoSilenceWithoutAnAuthorAReasonAndAnEnd) {
  test::holds_often([] {
    Silence made = any_silence();
    made.author = *rc::gen::element<std::string>("", " ", "ana");
    made.reason = *rc::gen::element<std::string>("", "\t", "release");
    made.ends = made.starts + hours(*rc::gen::inRange(-10, 40 * 24));
    const bool whole = made.author == "ana" && made.reason == "release" && made.ends > made.starts &&
                       made.ends - made.starts <= kLongestSilence;
    RC_ASSERT(check(made).has_value() == whole);
  });
}

}  // namespace
}  // namespace vigie
