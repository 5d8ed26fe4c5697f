// What must hold of the detector whatever comes in: order within a minute, restarts, ticks, copies and other brands
// change nothing.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "pipeline/detect.h"

namespace vigie {
namespace {

using testing::IsEmpty;
using testing::Not;

constexpr double kStart = 1774224000;  // Monday 2026-03-23: the clocks of Europe change on the Sunday

Time at(double seconds) { return from_epoch_micros(static_cast<std::int64_t>(std::llround(seconds * 1e6))); }
double seconds_of(Time time) { return static_cast<double>(to_epoch_micros(time)) / 1e6; }

// Two brands' mentions by polled and streamed sources: batches of a quarter of an hour beside single ones, some late, a
// crisis in between.
class Life {
 public:
  explicit Life(std::uint64_t seed, double days = 9) : rng_(seed) {
    run("acme", 12, days, days * 0.7, 9);
    run("zeta", 1.5, days, days * 0.8, 30);
    std::stable_sort(all.begin(), all.end(),
                     [](const Observation& a, const Observation& b) { return a.ingested < b.ingested; });
    renumber();
  }

  void renumber() {
    for (std::size_t i = 0; i < all.size(); ++i) all[i].seq = static_cast<std::int64_t>(i) + 1;
  }

  // Each minute's mentions in another order.
  void shuffle_minutes(Rng& rng) {
    for (std::size_t from = 0; from < all.size();) {
      std::size_t to = from;
      while (to < all.size() && minute_of(all[to]) == minute_of(all[from])) ++to;
      for (std::size_t i = to; i-- > from + 1;) std::swap(all[i], all[from + rng.below(i - from + 1)]);
      from = to;
    }
    renumber();
  }

  std::vector<Observation> all;

 private:
  static std::int64_t minute_of(const Observation& one) { return to_epoch_micros(one.ingested) / 60'000'000; }

  void run(const char* brand, double per_hour, double days, double crisis_day, double factor) {
    static constexpr const char* kThemesSeen[] = {"price", "delivery", "staff", "quality"};
    for (double now = kStart; now < kStart + days * 86400;) {
      const double since_crisis = now - kStart - crisis_day * 86400;
      const bool crisis = since_crisis >= 0 && since_crisis < 6 * 3600;
      const double share = crisis ? 0.1 * factor / (0.9 + 0.1 * factor) : 0.1;
      now -= std::log(1 - rng_.unit()) * 3600 / (per_hour * (crisis ? 0.9 + 0.1 * factor : 1));
      Observation one;
      one.brand = brand;
      one.event = at(std::floor(now));
      const bool polled = rng_.unit() < 0.6, late = rng_.unit() < 0.02;
      one.ingested = at(std::floor((polled ? std::ceil(now / 900) * 900 : now) + rng_.unit() * 40 + (late ? 9000 : 0)));
      one.author = rng_.unit() < 0.05 ? 77 : rng_.next();
      const bool negative = rng_.unit() < share;
      one.p_neg = negative ? 0.5 + 0.5 * rng_.unit() : 0.5 * rng_.unit();
      one.copy = rng_.unit() < 0.05;
      one.source = polled ? "reviews" : "stream";
      if (negative) one.themes = {crisis ? "delivery" : kThemesSeen[rng_.below(4)]};
      one.text = negative ? "the parcel vanished somewhere again" : "nice shop";
      all.push_back(one);
    }
  }

  SeededRng rng_;
};

std::vector<Signal> watch(const std::vector<Observation>& observations, Detector& detector) {
  std::vector<Signal> out;
  for (const Observation& one : observations) detector.observe(one, out);
  return out;
}

// Of a whole life, and the day after it.
std::vector<Signal> watch(const std::vector<Observation>& observations) {
  const auto detector = make_detector(1);
  std::vector<Signal> out = watch(observations, *detector);
  detector->tick(observations.back().ingested + hours(24), out);
  return out;
}

std::vector<std::string> of_brand(const std::vector<Signal>& signals, std::string_view brand) {
  std::vector<std::string> out;
  for (const Signal& signal : signals) {
    if (signal.brand == brand) out.push_back(to_json(signal));
  }
  return out;
}

// A signal without the numbers under which its mentions are stored.
std::vector<std::string> in_words(std::vector<Signal> signals, std::string_view brand) {
  for (Signal& signal : signals) signal.mentions.clear();
  return of_brand(signals, brand);
}

TEST(DetectorProperty, TheOrderWithinAnIngestMinuteChangesNothing) {
  SeededRng rng(3);
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Life life(seed);
    const std::vector<Signal> before = watch(life.all);
    ASSERT_THAT(before, Not(IsEmpty()));
    for (int time = 0; time < 4; ++time) {
      life.shuffle_minutes(rng);
      const std::vector<Signal> after = watch(life.all);
      for (const char* brand : {"acme", "zeta"}) ASSERT_EQ(in_words(after, brand), in_words(before, brand)) << seed;
    }
  }
}

TEST(DetectorProperty, TicksChangeNothingWhereverTheyFall) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const Life life(seed);
    const std::vector<Signal> without = watch(life.all);
    SeededRng rng(seed);
    const auto detector = make_detector(1);
    std::vector<Signal> with;
    for (const Observation& one : life.all) {
      if (rng.unit() < 0.3) detector->tick(one.ingested - seconds(static_cast<int>(rng.below(3))), with);
      detector->observe(one, with);
    }
    detector->tick(life.all.back().ingested + hours(24), with);
    for (const char* brand : {"acme", "zeta"}) EXPECT_EQ(of_brand(with, brand), of_brand(without, brand)) << seed;
  }
}

TEST(DetectorProperty, ARestartAnywhereGivesTheSameBytes) {
  const Life life(2, 7);
  const auto whole = make_detector(1);
  const std::vector<Signal> expected = watch(life.all, *whole);
  SeededRng rng(11);
  for (int time = 0; time < 25; ++time) {
    const auto cut = life.all.begin() + static_cast<std::ptrdiff_t>(rng.below(life.all.size()));
    const auto first = make_detector(1), second = make_detector(1);
    std::vector<Signal> signals = watch({life.all.begin(), cut}, *first);
    ASSERT_TRUE(second->restore(first->save()));
    for (Signal& signal : watch({cut, life.all.end()}, *second)) signals.push_back(std::move(signal));

    for (const char* brand : {"acme", "zeta"}) ASSERT_EQ(of_brand(signals, brand), of_brand(expected, brand));
    ASSERT_EQ(second->save(), whole->save());
  }
}

TEST(DetectorProperty, OtherBrandsChangeNothing) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const Life life(seed);
    const std::vector<Signal> together = watch(life.all);
    for (const char* brand : {"acme", "zeta"}) {
      std::vector<Observation> alone;
      std::copy_if(life.all.begin(), life.all.end(), std::back_inserter(alone),
                   [brand](const Observation& one) { return one.brand == brand; });
      const auto detector = make_detector(1);
      std::vector<Signal> signals = watch(alone, *detector);
      detector->tick(life.all.back().ingested + hours(24), signals);
      EXPECT_EQ(of_brand(signals, brand), of_brand(together, brand)) << seed;
    }
  }
}

TEST(DetectorProperty, WhatIsDeliveredTwiceCountsOnce) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const Life life(seed);
    std::vector<Observation> twice;
    for (const Observation& one : life.all) {
      twice.push_back(one);
      if (one.seq % 3 == 0) twice.push_back(one);
    }
    const auto once = make_detector(1), again = make_detector(1);
    const std::vector<Signal> expected = watch(life.all, *once), found = watch(twice, *again);
    for (const char* brand : {"acme", "zeta"}) EXPECT_EQ(of_brand(found, brand), of_brand(expected, brand)) << seed;
    EXPECT_EQ(again->save(), once->save());
  }
}

std::vector<double> raises(const std::vector<Signal>& signals) {
  std::vector<double> out;
  for (const Signal& signal : signals) {
    if (signal.kind == SignalKind::raise && signal.brand == "acme") out.push_back(seconds_of(signal.at));
  }
  return out;
}

TEST(DetectorProperty, MoreHarmlessTalkInAWindowRaisesNoAlarmInIt) {
  SeededRng rng(17);
  int windows = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const Life life(seed);
    const std::vector<double> before = raises(watch(life.all));
    for (int time = 0; time < 12; ++time) {
      const double from = kStart + (2.5 + rng.unit() * 6) * 86400, to = from + (0.2 + rng.unit() * 5) * 3600;
      const auto inside = [&](double when) { return when >= from && when <= to; };
      if (std::any_of(before.begin(), before.end(), inside)) continue;
      ++windows;
      Life fuller = life;
      for (std::uint64_t i = 0, many = 1 + rng.below(300); i < many; ++i) {
        Observation one;
        one.brand = "acme";
        one.event = one.ingested = at(std::floor(from + rng.unit() * (to - from)));
        one.author = rng.next();
        one.p_neg = 0.49 * rng.unit();
        one.source = "stream";
        fuller.all.push_back(one);
      }
      std::stable_sort(fuller.all.begin(), fuller.all.end(),
                       [](const Observation& a, const Observation& b) { return a.ingested < b.ingested; });
      fuller.renumber();
      for (const double raised : raises(watch(fuller.all))) EXPECT_FALSE(inside(raised)) << seed << " " << from;
    }
  }
  EXPECT_GT(windows, 40);
}

TEST(DetectorProperty, TheMachinesTimeZoneChangesNothing) {
  const Life life(5, 10);
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  const std::vector<Signal> utc = watch(life.all);
  for (const char* zone : {"Europe/Paris", "America/Los_Angeles", "Asia/Kathmandu"}) {
    ::setenv("TZ", zone, 1);
    ::tzset();
    EXPECT_EQ(of_brand(watch(life.all), "acme"), of_brand(utc, "acme")) << zone;
  }
  ::unsetenv("TZ");
  ::tzset();
}

// A month of a brand at a steady pace, whatever it is: no series of its own may give more alarms than the budget
// allows.
TEST(DetectorProperty, TheBudgetHoldsForBrandsOfEverySize) {
  for (const double per_hour : {0.05, 0.5, 5.0, 60.0}) {
    int alarms = 0;
    constexpr int kMonths = 6;
    for (std::uint64_t seed = 1; seed <= kMonths; ++seed) {
      SeededRng rng(seed * 31);
      const auto detector = make_detector(1);
      std::vector<Signal> signals;
      std::int64_t seq = 0;
      for (double now = kStart; now < kStart + 30 * 86400;) {
        now -= std::log(1 - rng.unit()) * 3600 / per_hour;
        Observation one;
        one.seq = ++seq;
        one.brand = "acme";
        one.event = one.ingested = at(now);
        one.author = rng.next();
        one.p_neg = rng.unit() < 0.15 ? 0.5 + 0.5 * rng.unit() : 0.1;
        static constexpr const char* kSeen[] = {"price", "delivery", "staff", "quality", "billing", "app"};
        if (one.p_neg >= 0.5) one.themes = {kSeen[rng.below(6)]};
        detector->observe(one, signals);
      }
      alarms += static_cast<int>(
          std::count_if(signals.begin(), signals.end(), [](const Signal& s) { return s.kind == SignalKind::raise; }));
    }
    EXPECT_LE(alarms, kMonths) << per_hour << " mentions an hour";
  }
}

}  // namespace
}  // namespace vigie
