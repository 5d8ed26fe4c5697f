#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "pipeline/detect.h"

namespace vigie {
namespace {

using testing::Each;
using testing::Lt;

constexpr double kAlarm = 0.43;  // about the threshold that docs/benchmarks.md names
constexpr double kQuiet = 0.2;

using Shape = std::function<double(int)>;

std::vector<double> values(const Shape& shape, int from, int to, double noise = 1) {
  SeededRng rng(3);
  std::vector<double> out;
  for (int i = from; i < to; ++i) out.push_back(shape(i) + noise * rng.unit());
  return out;
}

std::vector<double> scores(const std::vector<double>& series) {
  const auto scorer = make_series_scorer();
  std::vector<double> out;
  for (const double value : series) out.push_back(scorer->score(Time{}, value));
  return out;
}

double most(const std::vector<double>& scores, int from, int to) {
  return *std::max_element(scores.begin() + from, scores.begin() + to);
}

double square_wave(int i) { return i / 50 % 2 == 0 ? 20 : 80; }

TEST(SeriesScorer, ScoresASpikeAboveEverythingBefore) {
  auto series = values([](int) { return 10; }, 0, 2000);
  series.push_back(40);

  const auto told = scores(series);

  EXPECT_GT(told.back(), 0.7);
  EXPECT_GT(told.back(), 1.5 * most(told, 0, 2000));
}

TEST(SeriesScorer, TakesANewLevelForNormalOnceToldOfIt) {
  const auto told = scores(values([](int i) { return i < 2000 ? 10 : 30; }, 0, 5000));

  EXPECT_GT(most(told, 2000, 2020), kAlarm);
  EXPECT_LT(most(told, 3500, 5000), kQuiet);
}

TEST(SeriesScorer, GetsUsedToDailyPeaks) {
  const auto told =
      scores(values([](int i) { return 50 * std::max(0.0, std::sin(2 * std::numbers::pi * i / 288)); }, 0, 20 * 288));

  EXPECT_LT(most(told, 10 * 288, 20 * 288), kAlarm / 2);
}

TEST(SeriesScorer, NoticesALevelBetweenTwoUsualOnes) {
  const auto told = scores(values([](int i) { return i < 3000 ? square_wave(i) : 50; }, 0, 3100));

  EXPECT_LT(most(told, 1000, 3000), kAlarm);
  EXPECT_GT(most(told, 3000, 3100), kAlarm);
}

// Fainter than what comes: a silence is near a usual place on most maps.
TEST(SeriesScorer, NoticesAPeakThatDoesNotCome) {
  const auto told = scores(values([](int i) { return i < 3000 ? square_wave(i) : 20; }, 0, 3200));

  EXPECT_GT(most(told, 3050, 3200), 1.5 * most(told, 1500, 3050));
}

TEST(SeriesScorer, NoticesNoiseThatGrows) {
  auto series = values([](int) { return 10; }, 0, 3000, 5);
  const auto wilder = values([](int) { return 0; }, 0, 100, 25);
  series.insert(series.end(), wilder.begin(), wilder.end());

  EXPECT_GT(most(scores(series), 3000, 3100), kAlarm);
}

TEST(SeriesScorer, DoesNotRepeatItself) {
  auto series = values([](int) { return 10; }, 0, 3000);
  for (const int at : {2000, 2010, 2020, 2030}) series[static_cast<std::size_t>(at)] = 40;

  const auto told = scores(series);

  EXPECT_GT(told[2000], kAlarm);
  EXPECT_LT(most(told, 2001, 2200), told[2000] / 2);
}

// One broken value must not blind it for ever: a shift of twenty is nothing on a map that spans a thousand million.
TEST(SeriesScorer, ForgetsAGlitch) {
  auto series = values([](int i) { return i < 30000 ? 10 : 30; }, 0, 30100);
  series[1000] = 1e9;

  const auto told = scores(series);

  EXPECT_GT(told[1000], kAlarm);
  EXPECT_GT(most(told, 30000, 30100), kAlarm);
}

TEST(SeriesScorer, DoesNotCareForTheUnit) {
  const auto series = values([](int i) { return i % 700 == 699 ? 25 : 10; }, 0, 3000);
  auto larger = series;
  for (double& value : larger) value *= 1024;

  EXPECT_EQ(scores(larger), scores(series));
}

TEST(SeriesScorer, SaysNothingBeforeItHasSeenEnough) {
  auto series = values([](int) { return 10; }, 0, 60);
  series[40] = 1000;

  EXPECT_THAT(scores(series), Each(0.0));
}

TEST(SeriesScorer, IsSilentOnASeriesThatNeverMoves) {
  EXPECT_THAT(scores(std::vector<double>(500, 7.0)), Each(Lt(1e-6)));
  EXPECT_THAT(scores(std::vector<double>(500, 0.0)), Each(Lt(1e-6)));
}

TEST(SeriesScorer, StaysBetweenZeroAndOne) {
  std::vector<double> series;
  for (const double value : {0.0, 1e300, -1e300, 0.0, 1e-300, -4e-320, std::nan(""), 5.0, HUGE_VAL, 1e-9}) {
    series.insert(series.end(), 50, value);
  }
  for (int i = -1074; i < 1024; ++i) series.push_back(std::ldexp(i % 2 == 0 ? 1 : -1, i));  // doubles at every point

  for (const double score : scores(series)) {
    ASSERT_GE(score, 0);
    ASSERT_LE(score, 1);
  }
}

}  // namespace
}  // namespace vigie
