#include "pipeline/detect.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "pipeline/poisson.h"
#include "pipeline/watched_brand.h"

namespace vigie {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr double kStart = 1767571200;  // Monday 2026-01-05

Time at(double seconds) { return from_epoch_micros(static_cast<std::int64_t>(seconds * 1e6)); }

// A brand's mentions: Poisson arrivals, one in ten negative, every author another, unless a crisis says otherwise.
class Stream {
 public:
  explicit Stream(double per_hour, std::uint64_t seed = 1) : per_hour_(per_hour), rng_(seed) {}

  // `factor` multiplies negatives, `volume` everything.
  void run(double hours, double factor = 1, double volume = 1, const std::string& theme = "price") {
    const double until = now_ + hours * 3600;
    while (true) {
      const double rate = per_hour_ / 3600 * volume * (0.9 + 0.1 * factor);
      const double next = now_ - std::log(1 - rng_.unit()) / rate;
      if (next > until) break;
      now_ = next;
      const bool negative = rng_.unit() < 0.1 * factor / (0.9 + 0.1 * factor);
      add(negative, ++author_, theme);
    }
    now_ = until;
  }

  void add(bool negative, std::uint64_t author, const std::string& theme, double late = 0, bool copy = false) {
    Observation one;
    one.seq = static_cast<std::int64_t>(all.size()) + 1;
    one.brand = "acme";
    one.event = at(now_ - late);
    one.ingested = at(now_);
    one.author = author * 0x9E3779B97F4A7C15u;
    one.p_neg = negative ? 0.9 : 0.1;
    one.copy = copy;
    one.source = author % 2 == 0 ? "forum" : "stream";
    if (negative) one.themes = {theme};
    one.text = negative ? "the parcel vanished somewhere again" : "nice shop";
    all.push_back(one);
  }

  void pass(double seconds) { now_ += seconds; }
  double now() const { return now_; }

  std::vector<Observation> all;

 private:
  double per_hour_;
  SeededRng rng_;
  double now_ = kStart;
  std::uint64_t author_ = 0;
};

std::vector<Signal> watch(const std::vector<Observation>& observations, Detector& detector) {
  std::vector<Signal> out;
  for (const Observation& one : observations) {
    detector.tick(one.ingested, out);
    detector.observe(one, out);
  }
  return out;
}

std::vector<Signal> watch(const std::vector<Observation>& observations) {
  const auto detector = make_detector(1);
  return watch(observations, *detector);
}

std::vector<Signal> of_kind(const std::vector<Signal>& signals, SignalKind kind) {
  std::vector<Signal> out;
  std::copy_if(signals.begin(), signals.end(), std::back_inserter(out),
               [kind](const Signal& s) { return s.kind == kind; });
  return out;
}

TEST(Detector, RaisesOnceForACrisisAndClearsItAfterwards) {
  Stream stream(20);
  stream.run(7 * 24);
  const double start = stream.now();
  stream.run(5, 8, 1, "delivery");
  stream.run(2 * 24);

  const auto signals = watch(stream.all);

  const auto raises = of_kind(signals, SignalKind::raise);
  ASSERT_THAT(raises, SizeIs(1));
  EXPECT_GE(raises[0].at, at(start));
  EXPECT_LE(raises[0].at, at(start + 3600));
  EXPECT_THAT(of_kind(signals, SignalKind::clear), SizeIs(1));
}

TEST(Detector, SaysWhatItsNumbersStandOn) {
  Stream stream(20);
  stream.run(7 * 24);
  const double start = stream.now();
  stream.run(3, 10, 1, "delivery");

  const auto signals = watch(stream.all);

  ASSERT_THAT(signals, Not(IsEmpty()));
  const Signal& raise = signals.front();
  EXPECT_EQ(raise.brand, "acme");
  EXPECT_EQ(raise.id.size(), 16u);
  EXPECT_GT(raise.observed, raise.expected_high);
  EXPECT_LE(raise.expected_low, raise.expected);
  EXPECT_GE(raise.expected_high, raise.expected);
  EXPECT_GE(raise.total, raise.observed);
  EXPECT_NEAR(raise.usual_share, 0.1, 0.03);
  EXPECT_GT(raise.months_by_chance, 1);
  EXPECT_GE(raise.since, at(start - 3600));
  ASSERT_THAT(raise.themes, Not(IsEmpty()));
  EXPECT_EQ(raise.themes[0].theme, "delivery");
  EXPECT_THAT(raise.sources, Not(IsEmpty()));
  EXPECT_THAT(raise.mentions, Not(IsEmpty()));
  for (const std::int64_t seq : raise.mentions) {
    EXPECT_GE(stream.all[static_cast<std::size_t>(seq) - 1].p_neg, 0.5) << seq;
  }
  EXPECT_LE(raise.mentions.size(), 20u);
}

TEST(Detector, TellsOfAnAlarmAgainAtMostEveryFewMinutes) {
  Stream stream(60);
  stream.run(5 * 24);
  stream.run(4, 10);

  const auto signals = watch(stream.all);

  const auto updates = of_kind(signals, SignalKind::update);
  ASSERT_GT(updates.size(), 3u);
  for (std::size_t i = 1; i < updates.size(); ++i) EXPECT_GE(updates[i].at - updates[i - 1].at, minutes(1));
  EXPECT_LE(updates.size(), 4u * 12 + 5);
}

TEST(Detector, KeepsQuietWhenEverythingRisesAlike) {
  Stream stream(20);
  stream.run(7 * 24);
  stream.run(6, 1, 10);

  EXPECT_THAT(watch(stream.all), IsEmpty());
}

TEST(Detector, KeepsQuietThroughWeeksOfHabit) {
  int raises = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Stream stream(20, seed);
    stream.run(28 * 24);
    raises += static_cast<int>(of_kind(watch(stream.all), SignalKind::raise).size());
  }

  EXPECT_LE(raises, 6) << "the budget is one a month and brand";
}

TEST(Detector, CountsAnAuthorOnce) {
  Stream stream(2);
  stream.run(7 * 24);
  for (int i = 0; i < 15; ++i) {
    stream.pass(60);
    stream.add(true, 777777, "staff");
  }

  EXPECT_THAT(watch(stream.all), IsEmpty());
}

TEST(Detector, CountsAnAuthorAgainAfterSomeDays) {
  Stream stream(2);
  stream.run(7 * 24);
  const auto storm = [&stream] {
    for (std::uint64_t i = 0; i < 12; ++i) {
      stream.pass(240);
      stream.add(true, 900000 + i, "staff");
    }
  };
  storm();
  stream.run(5 * 24);
  storm();

  EXPECT_THAT(of_kind(watch(stream.all), SignalKind::raise), SizeIs(2));
}

TEST(Detector, CountsACopyAsVolumeOnly) {
  Stream stream(2);
  stream.run(7 * 24);
  for (std::uint64_t i = 0; i < 40; ++i) {
    stream.pass(20);
    stream.add(true, 900000 + i, "staff", 0, true);
  }

  EXPECT_THAT(watch(stream.all), IsEmpty());
}

TEST(Detector, TakesNoAlarmFromABackFill) {
  Stream stream(2);
  stream.run(7 * 24);
  for (std::uint64_t i = 0; i < 60; ++i) {
    stream.pass(1);
    stream.add(true, 900000 + i, "staff", 6 * 3600);
  }

  EXPECT_THAT(watch(stream.all), IsEmpty());
}

TEST(Detector, LearnsABrandForTwoDaysFirst) {
  Stream stream(20);
  stream.run(24);
  stream.run(6, 10);

  EXPECT_THAT(watch(stream.all), IsEmpty());
}

TEST(Detector, HearsAPileOnAgainstABrandNobodySpeaksOf) {
  Stream stream(0.05);
  stream.run(20 * 24);
  for (std::uint64_t i = 0; i < 6; ++i) {
    stream.pass(600);
    stream.add(true, 900000 + i, "safety");
  }

  const auto raises = of_kind(watch(stream.all), SignalKind::raise);
  ASSERT_THAT(raises, SizeIs(1));
  EXPECT_EQ(raises[0].themes.at(0).theme, "safety");
  EXPECT_GE(raises[0].severity, 3);
}

TEST(Detector, NamesTheWordsThatRise) {
  Stream stream(20);
  stream.run(7 * 24);
  for (Observation& one : stream.all) one.text = "too expensive for me";
  const std::size_t before = stream.all.size();
  stream.run(3, 10, 1, "delivery");
  for (std::size_t i = before; i < stream.all.size(); ++i) stream.all[i].text = "the parcel vanished at the depot";

  const auto signals = watch(stream.all);

  ASSERT_THAT(signals, Not(IsEmpty()));
  EXPECT_THAT(signals.back().terms, Contains(testing::Field(&TermCount::term, "depot")));
  EXPECT_THAT(signals.back().terms, Not(Contains(testing::Field(&TermCount::term, "expensive"))));
}

TEST(Detector, SaysWhatItLeftOutAndWhyItIsGrave) {
  Stream stream(10);
  stream.run(7 * 24);
  stream.run(2, 12, 1, "safety");
  for (std::uint64_t i = 0; i < 4; ++i) stream.add(true, 900000 + i, "safety", 0, true);
  for (int i = 0; i < 3; ++i) stream.add(true, 777777, "safety");
  stream.run(1, 12, 1, "safety");

  const Signal last = watch(stream.all).back();

  EXPECT_EQ(last.copies, 4);
  EXPECT_EQ(last.repeated, 2);
  EXPECT_EQ(last.late, 0);
  EXPECT_EQ(last.mode, "ordinary");
  EXPECT_EQ(last.budget, 1);
  EXPECT_GT(last.evidence, last.bar);
  EXPECT_GT(last.bar, 2);
  EXPECT_THAT(last.severity_why, Contains("multiple"));
  EXPECT_THAT(last.severity_why, Contains("theme"));
}

TEST(Detector, SpeaksLaterWhenFewerFalseAlarmsAreAllowed) {
  Stream stream(20);
  stream.run(7 * 24);
  stream.run(8, 4);
  Time before{};
  for (const double budget : {16.0, 1.0, 0.05}) {
    const auto detector = make_detector(budget);
    const auto raises = of_kind(watch(stream.all, *detector), SignalKind::raise);
    ASSERT_THAT(raises, Not(IsEmpty())) << budget;
    EXPECT_GE(raises.front().at, before) << budget;
    EXPECT_GE(raises.front().months_by_chance, 1 / budget);
    before = raises.front().at;
  }
}

TEST(Detector, TakesAPersonsWordThatALevelIsTheNewNormal) {
  Stream stream(20);
  stream.run(7 * 24);
  stream.run(10, 4, 1, "price");
  const auto told = make_detector(1), untold = make_detector(1);
  watch(stream.all, *told);
  watch(stream.all, *untold);
  const std::size_t before = stream.all.size();
  std::vector<Signal> signals;
  told->accept("acme", at(stream.now() + 60), signals);
  ASSERT_THAT(signals, Not(IsEmpty()));
  EXPECT_EQ(signals.back().kind, SignalKind::clear);
  stream.pass(120);
  stream.run(24, 4, 1, "price");
  const std::vector<Observation> after(stream.all.begin() + static_cast<std::ptrdiff_t>(before), stream.all.end());

  EXPECT_THAT(of_kind(watch(after, *told), SignalKind::raise), IsEmpty());
  EXPECT_THAT(watch(after, *untold), Not(IsEmpty())) << "it is still on where nobody said so";
}

TEST(Detector, AcceptsNothingWhereNoAlarmIsOn) {
  Stream stream(20);
  stream.run(3 * 24);
  const auto detector = make_detector(1);
  watch(stream.all, *detector);
  std::vector<Signal> signals;
  detector->accept("acme", at(stream.now()), signals);
  detector->accept("unheard-of", at(stream.now()), signals);

  EXPECT_THAT(signals, IsEmpty());
}

TEST(Detector, HearsTheNextCrisisOfATinyBrandToo) {
  Stream stream(0.1);
  stream.run(30 * 24);
  const auto pile_on = [&stream](std::uint64_t author) {
    for (std::uint64_t i = 0; i < 6; ++i) {
      stream.pass(1200);
      stream.add(true, author + i, "safety");
    }
  };
  pile_on(900000);
  stream.run(3 * 24);
  pile_on(910000);

  EXPECT_THAT(of_kind(watch(stream.all), SignalKind::raise), SizeIs(2));
}

TEST(Detector, DoesNotTakeSilenceForRecovery) {
  Stream stream(20);
  stream.run(7 * 24);
  stream.run(3, 10);
  const auto detector = make_detector(1);
  std::vector<Signal> signals = watch(stream.all, *detector);
  signals.clear();

  for (int hour = 1; hour <= 48; ++hour) detector->tick(at(stream.now() + hour * 3600), signals);

  EXPECT_THAT(of_kind(signals, SignalKind::no_data), SizeIs(1));
  EXPECT_THAT(of_kind(signals, SignalKind::clear), IsEmpty());
}

TEST(Detector, DoesNothingOnATickThatBringsNoTime) {
  Stream stream(20);
  stream.run(7 * 24);
  stream.run(3, 10);
  const auto detector = make_detector(1);
  watch(stream.all, *detector);
  const std::string before = detector->save();
  std::vector<Signal> signals;

  detector->tick(stream.all.back().ingested, signals);
  detector->tick(stream.all.front().ingested, signals);

  EXPECT_THAT(signals, IsEmpty());
  EXPECT_EQ(detector->save(), before);
}

std::vector<std::string> as_text(const std::vector<Signal>& signals) {
  std::vector<std::string> out;
  out.reserve(signals.size());
  for (const Signal& signal : signals) out.push_back(to_json(signal));
  return out;
}

TEST(Detector, GoesOnExactlyWhereItsSavedStateLeftOff) {
  Stream stream(20);
  stream.run(4 * 24);
  stream.run(4, 10, 1, "delivery");
  stream.run(24);
  const auto whole = as_text(watch(stream.all));
  ASSERT_THAT(whole, Not(IsEmpty()));

  SeededRng rng(5);
  for (int cut = 0; cut < 40; ++cut) {
    const auto middle = stream.all.begin() + static_cast<std::ptrdiff_t>(rng.below(stream.all.size() + 1));
    const auto first = make_detector(1), second = make_detector(1);
    auto parts = as_text(watch({stream.all.begin(), middle}, *first));
    ASSERT_TRUE(second->restore(first->save()));
    for (std::string& line : as_text(watch({middle, stream.all.end()}, *second))) parts.push_back(std::move(line));
    ASSERT_EQ(parts, whole) << "cut at " << middle - stream.all.begin();
  }
}

TEST(Detector, RefusesStateThatIsNotItsOwn) {
  Stream stream(20);
  stream.run(24);
  const auto detector = make_detector(1);
  watch(stream.all, *detector);
  const std::string state = detector->save();
  std::string flipped = state;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);

  for (const std::string& bad :
       {std::string(), std::string("other 9\n"), state.substr(0, state.size() / 2), flipped, state + "x"}) {
    const auto restored = make_detector(1)->restore(bad);
    ASSERT_FALSE(restored);
    EXPECT_EQ(restored.error().kind, ErrorKind::bad_data);
  }
}

TEST(Detector, SurvivesClocksThatJump) {
  Stream stream(20);
  stream.run(3 * 24);
  const auto detector = make_detector(1);
  watch(stream.all, *detector);
  std::vector<Signal> signals;

  detector->tick(at(kStart + 200.0 * 365 * 86400), signals);
  Observation late = stream.all.front();
  detector->observe(late, signals);

  EXPECT_THAT(signals, IsEmpty());
}

TEST(Detector, KeepsABrandAndItsAlarmInTwoKibibytes) { EXPECT_LE(kStateBytes, 2048u); }

TEST(Observations, AreOnePerBrandWithAPersonsLabelFirst) {
  StoredMention stored;
  stored.seq = 7;
  stored.brands = {"acme", "zeta"};
  stored.judgement.p_neg = 0.9;
  stored.judgement.human = Label::positive;
  stored.mention.author.id = "client-0042";

  const auto all = observations(stored);

  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[1].brand, "zeta");
  EXPECT_EQ(all[0].p_neg, 0);
  EXPECT_NE(all[0].author, 0u);
}

TEST(Observations, LeaveHistoryAndDeletedMentionsOut) {
  StoredMention stored;
  stored.brands = {"acme"};
  stored.history = true;
  EXPECT_THAT(observations(stored), IsEmpty());
  stored.history = false;
  stored.deleted = true;
  EXPECT_THAT(observations(stored), IsEmpty());
}

TEST(Poisson, GivesTheIntervalOfNineInTen) {
  EXPECT_EQ(poisson_interval_90(0).high, 0);
  EXPECT_EQ(poisson_interval_90(10).low, 5);
  EXPECT_EQ(poisson_interval_90(10).high, 15);
  EXPECT_NEAR(poisson_interval_90(10000).high, 10165, 1);
}

}  // namespace
}  // namespace vigie
